import { and, eq, lt, or, type SQL, sql } from 'drizzle-orm';
import { versions } from '../../db/schema/catalog.ts';
import { jobs, type StageResult } from '../../db/schema/jobs.ts';
import { scans } from '../../db/schema/moderation.ts';
import type { Deps } from '../deps.ts';
import { DELIVERY_GRACE_MS, LEASE_MS } from '../publishing/job-state.ts';
import type { Examined } from '../vetting/policy.ts';

/** Seconds before the second, third and fourth try. */
const RETRY_SECONDS = [1, 5, 30];

export type Scan = typeof scans.$inferSelect;

/**
 * Begins a scan: `queued -> running`, or takes over a `running` one whose worker should be done. Answers nothing when it
 * is over, unknown or in other hands.
 */
export async function claimScan(deps: Pick<Deps, 'db' | 'clock'>, scanId: string): Promise<Scan | undefined> {
  const now = deps.clock.now();
  const [scan] = await deps.db
    .update(scans)
    .set({ state: 'running', attempts: sql`${scans.attempts} + 1`, dueAt: now + LEASE_MS, updatedAt: now })
    .where(
      and(eq(scans.id, scanId), or(eq(scans.state, 'queued'), and(eq(scans.state, 'running'), lt(scans.dueAt, now)))),
    )
    .returning();
  return scan;
}

/** True of the scan while nobody else has begun it again: the guard on every write of whoever claimed it. */
function held({ id, attempts }: Scan): SQL | undefined {
  return and(eq(scans.id, id), eq(scans.state, 'running'), eq(scans.attempts, attempts));
}

type End =
  | { state: 'succeeded'; stages: StageResult[]; examined: Pick<Examined, 'verdict' | 'engineVersion'> | undefined }
  | { state: 'failed'; error: string };

/** Ends a scan, and gives its version the verdict if it came to one. @returns false when another worker has taken it over, and nothing was written */
export async function endScan(deps: Pick<Deps, 'db' | 'clock'>, scan: Scan, end: End): Promise<boolean> {
  const { db } = deps;
  const updatedAt = deps.clock.now();
  if (end.state === 'failed' || end.examined === undefined) {
    const { state } = end;
    const row = end.state === 'failed' ? { state, error: end.error } : { state, error: null, stages: end.stages };
    const ended = await db
      .update(scans)
      .set({ ...row, updatedAt })
      .where(held(scan))
      .returning({ id: scans.id });
    return ended.length > 0;
  }
  const { verdict, engineVersion } = end.examined;
  const mine = sql`exists (select 1 from ${scans} where ${held(scan)})`;
  const isNews = sql`exists (select 1 from ${versions} where ${versions.id} = ${scan.versionId} and ${versions.engineVersion} is not ${engineVersion})`;
  const [, , ended] = await db.batch([
    // Whoever looked at what older rules found has not seen what those of today find.
    db
      .update(jobs)
      .set({ reviewedAt: null })
      .where(and(eq(jobs.versionId, scan.versionId), eq(jobs.state, 'pass'), mine, isNews)),
    db
      .update(versions)
      .set({ verdict, engineVersion })
      .where(and(eq(versions.id, scan.versionId), mine)),
    db
      .update(scans)
      .set({ state: end.state, error: null, stages: end.stages, updatedAt })
      .where(held(scan))
      .returning({ id: scans.id }),
  ]);
  return ended.length > 0;
}

/** Gives a scan back after a fault that may pass. @returns seconds until the next try */
export async function releaseScan(deps: Pick<Deps, 'db' | 'clock'>, scan: Scan, error: string): Promise<number> {
  const now = deps.clock.now();
  const seconds = RETRY_SECONDS[scan.attempts - 1] ?? 30;
  await deps.db
    .update(scans)
    .set({ state: 'queued', error, dueAt: now + seconds * 1000 + DELIVERY_GRACE_MS, updatedAt: now })
    .where(held(scan));
  return seconds;
}
