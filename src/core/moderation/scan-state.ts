import { and, eq, lt, or, type SQL, sql } from 'drizzle-orm';
import { rowExists } from '../../db/row-exists.ts';
import { versions } from '../../db/schema/catalog.ts';
import { jobs, type StageResult } from '../../db/schema/jobs.ts';
import { scans } from '../../db/schema/moderation.ts';
import type { Deps } from '../deps.ts';
import { appendEntries, type NewEntry } from '../log/append-entries.ts';
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
  | {
      state: 'succeeded';
      stages: StageResult[];
      examined: Pick<Examined, 'verdict' | 'engineVersion'>;
      /** What the log is to hold of a verdict that is another one than before. */
      entry: NewEntry | undefined;
      /** The version as it was when the scan began: the verdict that it had, and the key that the entry names. */
      before: Pick<typeof versions.$inferSelect, 'verdict' | 'keyId'>;
    }
  | { state: 'failed'; error: string };

/**
 * Ends a scan, and gives its version the verdict of one that succeeded.
 *
 * @returns false when another worker has taken it over, and nothing was written
 * @throws Error when the version got another signature or verdict meanwhile: then nothing was written either
 */
export async function endScan(deps: Pick<Deps, 'db' | 'clock'>, scan: Scan, end: End): Promise<boolean> {
  const { db } = deps;
  const updatedAt = deps.clock.now();
  if (end.state === 'failed') {
    const ended = await db
      .update(scans)
      .set({ ...end, updatedAt })
      .where(held(scan))
      .returning({ id: scans.id });
    return ended.length > 0;
  }
  const { verdict, engineVersion } = end.examined;
  const { before } = end;
  const isAsBefore = sql`${versions.keyId} is ${before.keyId} and ${versions.verdict} is ${before.verdict}`;
  const isJudged = sql`${versions.keyId} is ${before.keyId} and ${versions.verdict} is ${verdict} and ${versions.engineVersion} is ${engineVersion}`;
  const ofVersion = (condition: SQL) => rowExists(db, versions, and(eq(versions.id, scan.versionId), condition));
  const mine = sql`${rowExists(db, scans, held(scan))} and ${ofVersion(isAsBefore)}`;
  const isNews = ofVersion(sql`${versions.engineVersion} is not ${engineVersion}`);
  const isPublic = ofVersion(eq(versions.state, 'published'));
  const [, , , ended] = await db.batch([
    appendEntries(deps, end.entry ? [end.entry] : [], sql`${mine} and ${isPublic}`),
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
      .where(and(held(scan), ofVersion(isJudged)))
      .returning({ id: scans.id }),
  ]);
  if (ended.length > 0) return true;
  const [left] = await db.select({ id: scans.id }).from(scans).where(held(scan));
  if (left) throw new Error('the version got another signature or verdict while it was scanned');
  return false;
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
