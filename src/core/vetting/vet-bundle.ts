import type { Stage, StageResult } from '../../db/schema/jobs.ts';
import type { Bundle } from '../../format/bundle.ts';
import type { Finding } from '../../format/finding.ts';
import { vetContent, vetSafety, vetStructure } from '../../vetting/rules.ts';
import type { VettingContext } from '../../vetting/vetting-context.ts';

/**
 * Stages 1 to 3 over a bundle, in order; the first stage with an error ends it.
 *
 * @param now when the stages ended, in milliseconds
 */
export function vetBundle(bundle: Bundle, context: VettingContext, now: () => number): StageResult[] {
  const stages: [Stage, () => Finding[]][] = [
    ['structure', () => vetStructure(bundle, context)],
    ['content', () => vetContent(bundle)],
    ['safety', () => vetSafety(context)],
  ];
  const results: StageResult[] = [];
  for (const [stage, run] of stages) {
    const findings = run();
    const status = findings.some((finding) => finding.severity === 'error') ? 'fail' : 'pass';
    results.push({ stage, status, endedAt: now(), findings });
    if (status === 'fail') break;
  }
  return results;
}

/** The sentence that ends a refused job: `Stage 2 failed: description is too short (minimum 20 characters)`. */
export function failureMessage(results: StageResult[]): string | undefined {
  const number = results.findIndex((result) => result.status === 'fail');
  const reason = results[number]?.findings.find((finding) => finding.severity === 'error')?.message;
  return reason && `Stage ${number + 1} failed: ${reason}`;
}
