import { and, eq, lt, ne, or, type SQL, sql } from 'drizzle-orm';
import { jobs, type StageResult } from '../../db/schema/jobs.ts';
import type { Deps } from '../deps.ts';

/** A worker that did not finish within this time is taken for dead. */
export const LEASE_MS = 60_000;
/** How long the queue may take to deliver before the sweeper sends a job again. */
export const DELIVERY_GRACE_MS = 30_000;
/** The first try and three more. */
export const MAX_ATTEMPTS = 4;
/** Seconds before the second, third and fourth try. */
const RETRY_SECONDS = [1, 5, 30];

export type Job = typeof jobs.$inferSelect;
/** A job that this worker alone may write, until its lease runs out. */
export type LeasedJob = Job & { lease: string };

/** Thrown when another worker has taken the job over: whoever sees it stops at once and writes nothing. */
export class LeaseLost extends Error {}

/**
 * Begins a job: `pending -> running`, or takes over a `running` one whose lease ran out or whose instance is gone.
 * Answers nothing when the job is done, unknown, or in other hands: then there is nothing to do.
 */
export async function claimJob(
  deps: Pick<Deps, 'db' | 'clock' | 'random' | 'settings'>,
  jobId: string,
): Promise<LeasedJob | undefined> {
  const now = deps.clock.now();
  const lease = deps.random.id();
  const [job] = await deps.db
    .update(jobs)
    .set({
      state: 'running',
      lease,
      leaseUntil: now + LEASE_MS,
      instance: deps.settings.instanceId,
      attempts: sql`${jobs.attempts} + 1`,
      // What a reviewer has seen stays to be seen until the job has come so far again.
      stages: sql`case when ${jobs.reviewedBy} is null then '[]' else ${jobs.stages} end`,
      updatedAt: now,
    })
    .where(and(eq(jobs.id, jobId), or(eq(jobs.state, 'pending'), and(eq(jobs.state, 'running'), abandoned(deps, now)))))
    .returning();
  return job && { ...job, lease };
}

/** True of jobs whose worker is dead: its lease ran out, or it belonged to an earlier process on the same data. */
export function abandoned(deps: Pick<Deps, 'settings'>, now: number): SQL | undefined {
  const { instanceId } = deps.settings;
  return or(lt(jobs.leaseUntil, now), instanceId ? ne(jobs.instance, instanceId) : undefined);
}

/** True of the job while this worker's lease holds: the guard on every write that it makes. */
export function held(job: LeasedJob): SQL | undefined {
  return and(eq(jobs.id, job.id), eq(jobs.state, 'running'), eq(jobs.lease, job.lease));
}

/**
 * Records how far the job has come, in the database and in `job`, and begins the lease anew.
 *
 * @throws LeaseLost
 */
export async function recordStages(
  deps: Pick<Deps, 'db' | 'clock'>,
  job: LeasedJob,
  stages: StageResult[],
  message: string,
): Promise<void> {
  const now = deps.clock.now();
  const updated = await deps.db
    .update(jobs)
    .set({ stages, message, updatedAt: now, leaseUntil: now + LEASE_MS })
    .where(held(job))
    .returning({ id: jobs.id });
  if (updated.length === 0) throw new LeaseLost();
  job.stages = stages;
}

/**
 * Gives a job back after a fault that may pass.
 *
 * @returns seconds until the next try
 */
export async function releaseJob(deps: Pick<Deps, 'db' | 'clock'>, job: LeasedJob, message: string): Promise<number> {
  const now = deps.clock.now();
  const seconds = RETRY_SECONDS[job.attempts - 1] ?? 30;
  await deps.db
    .update(jobs)
    .set({
      state: 'pending',
      lease: null,
      leaseUntil: null,
      message,
      dueAt: now + seconds * 1000 + DELIVERY_GRACE_MS,
      updatedAt: now,
    })
    .where(held(job));
  return seconds;
}
