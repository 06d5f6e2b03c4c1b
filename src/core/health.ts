import { and, count, inArray, lt, sql } from 'drizzle-orm';
import { jobs } from '../db/schema/jobs.ts';
import type { Deps } from './deps.ts';

export interface Health {
  database: 'ok' | 'failing';
  bundles: 'ok' | 'failing';
  /** `late` when nobody has touched an open job for longer than any retry waits, however often it was sent again. */
  queue: 'ok' | 'late' | 'unknown';
}

const LATE_MS = 120_000;
const COUNTED_JOBS = 100;

/** The state of what the hub stands on. Never throws: what fails is the answer. */
export async function checkHealth(deps: Pick<Deps, 'db' | 'bundles' | 'clock'>): Promise<Health> {
  const [late, bundles] = await Promise.allSettled([lateJobs(deps), deps.bundles.has('health/probe')]);
  return {
    database: late.status === 'fulfilled' ? 'ok' : 'failing',
    bundles: bundles.status === 'fulfilled' ? 'ok' : 'failing',
    queue: late.status === 'rejected' ? 'unknown' : late.value > 0 ? 'late' : 'ok',
  };
}

async function lateJobs(deps: Pick<Deps, 'db' | 'clock'>): Promise<number> {
  const overdue = deps.db
    .select({ one: sql`1`.as('one') })
    .from(jobs)
    .where(and(inArray(jobs.state, ['pending', 'running']), lt(jobs.updatedAt, deps.clock.now() - LATE_MS)))
    .limit(COUNTED_JOBS)
    .as('overdue');
  const [row] = await deps.db.select({ late: count() }).from(overdue);
  return row?.late ?? 0;
}
