import type { StageResult } from '../../db/schema/jobs.ts';
import type { Bundle } from '../../format/bundle.ts';
import type { Finding } from '../../format/finding.ts';
import { type Examination, examineBundle } from '../../vetting/examination.ts';
import type { VerdictAction, VerdictPolicy } from '../deps.ts';

export interface Examined extends Pick<Examination, 'verdict' | 'score' | 'engineVersion'> {
  stage: StageResult;
  /** What the policy wants done with the verdict; `warn` for a clean one. */
  action: VerdictAction;
}

/** Where somebody has decided already, and where a version is public: there the examination only advises. */
export const ADVICE_ONLY: VerdictPolicy = { malicious: 'warn', suspicious: 'warn' };

/**
 * Stage 4 over a bundle: what the heuristics find, and what the operator's policy makes of it. The stage passes when the
 * policy lets the version through; where it blocks, the warnings are errors.
 *
 * @param now when the stage ended, in milliseconds
 */
export function examineStage(bundle: Bundle, policy: VerdictPolicy, now: () => number): Examined {
  const { findings, ...examination } = examineBundle(bundle);
  const { verdict } = examination;
  const action = actionFor(verdict, policy);
  const stage: StageResult = {
    stage: 'examination',
    status: action === 'warn' ? 'pass' : 'fail',
    endedAt: now(),
    findings: action === 'block' ? asErrors(findings) : findings,
    verdict,
  };
  return { ...examination, stage, action };
}

/** What the policy wants done with a verdict; `warn` for a clean one. */
export function actionFor(verdict: Examined['verdict'], policy: VerdictPolicy): VerdictAction {
  return verdict === 'clean' ? 'warn' : policy[verdict];
}

/** Where a verdict blocks, what it comes from is no advice any more. */
export function asErrors(findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => (finding.severity === 'warning' ? { ...finding, severity: 'error' } : finding));
}
