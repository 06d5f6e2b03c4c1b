import type { Bundle } from '../../format/bundle.ts';
import { createEngine } from './engine.ts';
import type { HeuristicReport } from './report.ts';
import { RULES } from './rules/index.ts';

export { ENGINE_VERSION } from './engine.ts';
export { shownText } from './excerpt.ts';
export { OWASP_RISKS, type OwaspId } from './owasp.ts';
export type { Category, HeuristicFinding, HeuristicReport, HeuristicSeverity, Verdict } from './report.ts';
export { RULES } from './rules/index.ts';
export { MALICIOUS_SCORE, SUSPICIOUS_SCORE } from './score.ts';

const engine = createEngine(RULES);

/**
 * Reads every file of a bundle for signs of harm and judges it: `clean` below 40 points, `malicious` from 100.
 *
 * Pure, and linear in the size of the bundle. Heuristics err both ways: a verdict is a reason to look, not a proof.
 */
export function examine(bundle: Bundle): HeuristicReport {
  return engine.examine(bundle);
}
