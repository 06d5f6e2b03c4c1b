/** How much a finding weighs: only an `error` blocks a version, `warning` and `info` are advice. */
export type Severity = 'error' | 'warning' | 'info';

/**
 * One thing that a check has to say about a bundle.
 *
 * `rule` is a stable kebab-case id, `message` says what is wrong and names the place, `fix` says what to do about it.
 * `file` is a path inside the bundle, `line` counts from 1, and `excerpt` never holds a whole secret.
 */
export interface Finding {
  rule: string;
  severity: Severity;
  stage: 'structure' | 'content' | 'safety';
  message: string;
  fix: string;
  file?: string;
  line?: number;
  excerpt?: string;
}

/** True when at least one finding blocks the version. */
export function hasBlockingFinding(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === 'error');
}
