import type { StageResult } from '../../db/schema/jobs.ts';
import type { Finding } from '../../format/finding.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { getJob } from './get-job.ts';

/** How long a client that asks for an answer at once is kept waiting; the shortest time-out among them is 15 s. */
const PATIENCE_MS = 10_000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 800;
/** Of what was found in a quarantined version: the heaviest, which come first. */
const MAX_REASONS = 5;

/**
 * Waits up to ten seconds for the end of a job.
 *
 * @returns whether the version is public now; otherwise its job goes on without anybody waiting
 * @throws Problem `version_rejected` with the findings that stopped it
 */
export async function waitForJob(
  deps: Pick<Deps, 'db' | 'clock' | 'sleep'>,
  jobId: string,
): Promise<'published' | 'pending'> {
  const deadline = deps.clock.now() + PATIENCE_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    const { job } = await getJob(deps, jobId);
    if (job.state === 'pass') return 'published';
    if (job.state === 'fail' || job.state === 'quarantined') throw rejected(job.message, job.stages);
    const left = deadline - deps.clock.now();
    if (left <= 0) return 'pending';
    await deps.sleep(Math.min(pause, left));
  }
}

const isReason = ({ stage, severity }: Finding) =>
  (stage === 'examination' || stage === 'scanners') && severity === 'warning';

function rejected(message: string, stages: StageResult[]): Problem {
  const findings = stages.flatMap((stage) => stage.findings);
  const faults = findings.filter(({ severity }) => severity === 'error');
  const blocking = faults.length > 0 ? faults : findings.filter(isReason).slice(0, MAX_REASONS);
  const lines = blocking.map((finding) => `- ${finding.message} ${finding.fix}`);
  const errors = blocking.map((finding) => ({
    path: finding.file ?? 'bundle',
    message: `${finding.message} ${finding.fix}`,
  }));
  return new Problem('version_rejected', [message, ...lines].join('\n'), { errors });
}
