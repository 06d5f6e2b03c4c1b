import type { Bundle } from '../format/bundle.ts';
import type { Finding, Severity } from '../format/finding.ts';
import { examine, type HeuristicFinding, type HeuristicSeverity, type Verdict } from './heuristics/index.ts';

/** A report keeps the heaviest ones; more would only be read by machines, which can examine the bundle themselves. */
const MAX_FINDINGS = 50;

/** Heuristics advise: none of their findings is an error by itself. */
const SEVERITY: Record<HeuristicSeverity, Severity> = { info: 'info', warn: 'warning', critical: 'warning' };

export interface Examination {
  verdict: Verdict;
  /** 0 for nothing found. */
  score: number;
  engineVersion: string;
  /** The heaviest first, at most 50. */
  findings: Finding[];
}

/** Stage 4: what the heuristics have to say of a bundle, in the form that every other check uses. */
export function examineBundle(bundle: Bundle): Examination {
  const { verdict, score, engineVersion, findings } = examine(bundle);
  return { verdict, score, engineVersion, findings: findings.slice(0, MAX_FINDINGS).map(toFinding) };
}

function toFinding({ rule, category, owasp, severity, file, line, excerpt, why, fix }: HeuristicFinding): Finding {
  return {
    rule,
    severity: SEVERITY[severity],
    stage: 'examination',
    message: `looks like ${category.replaceAll('-', ' ')} in ${file}, line ${line}`,
    fix,
    file,
    line,
    excerpt,
    category,
    owasp: [...owasp],
    why,
  };
}
