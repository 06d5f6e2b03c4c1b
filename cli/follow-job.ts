import type { JobBody } from '../src/http/v1/schemas.ts';
import type { Client } from './client.ts';
import type { Clock } from './context.ts';
import { CodedError } from './failure.ts';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 2_000;
const GROWTH = 1.5;
const DEADLINE_MS = 5 * 60_000;
/** A registry that restarts must not make a publish that goes on look failed. */
const TOLERATED_FAILURES = 5;

export type JobStage = JobBody['stages'][number];

/**
 * Asks for a job until it has ended, and tells of each stage once, as soon as it has ended.
 *
 * @throws CodedError `timeout` after five minutes
 */
export async function followJob(
  client: Client,
  clock: Clock,
  id: string,
  onStage: (stage: JobStage) => void,
): Promise<JobBody> {
  const deadline = clock.now() + DEADLINE_MS;
  const told = new Set<string>();
  let failures = 0;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * GROWTH)) {
    const job = await askForJob(client, id, failures);
    failures = job === undefined ? failures + 1 : 0;
    for (const stage of job?.stages ?? []) {
      if (stage.status === 'pending' || told.has(stage.stage)) continue;
      told.add(stage.stage);
      onStage(stage);
    }
    if (job && job.status !== 'pending' && job.status !== 'running') return job;
    if (clock.now() + pause > deadline) throw tooLate(client, id);
    await clock.sleep(pause);
  }
}

async function askForJob(client: Client, id: string, failures: number): Promise<JobBody | undefined> {
  try {
    return await client.job(id);
  } catch (error) {
    const passing = error instanceof CodedError && /^(network|http_5\d\d|unavailable|internal_error)$/.test(error.code);
    if (passing && failures < TOLERATED_FAILURES) return undefined;
    throw error;
  }
}

function tooLate(client: Client, id: string): CodedError {
  const message = `The registry is still at work on job ${id} after five minutes.`;
  return new CodedError(
    'timeout',
    message,
    `The upload is safe and the job goes on; look at ${client.registry}/v1/jobs/${id} later.`,
  );
}
