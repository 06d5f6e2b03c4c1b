/** How much a finding weighs: only an `error` blocks a version, `warning` and `info` are advice. */
export type Severity = 'error' | 'warning' | 'info';

/**
 * One thing that a check has to say about a bundle.
 *
 * `rule` is a stable kebab-case id (of a scanner its own, after the scanner's name), `message` says what is wrong and names
 * the place, `fix` says what to do about it.
 * `file` is a path inside the bundle, `line` counts from 1, and `excerpt` never holds a whole secret.
 */
export interface Finding {
  rule: string;
  severity: Severity;
  stage: 'structure' | 'content' | 'safety' | 'examination' | 'scanners';
  message: string;
  fix: string;
  file?: string;
  line?: number;
  excerpt?: string;
  /** Of a finding of the examination: what kind of harm it looks like, such as `exfiltration`. */
  category?: string;
  /** Risks of the OWASP Agentic Skills Top 10 by their ids, such as `AST01`. */
  owasp?: string[];
  /** Why such a thing does harm. */
  why?: string;
}

/** True when at least one finding blocks the version. */
export function hasBlockingFinding(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === 'error');
}
