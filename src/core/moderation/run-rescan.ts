import { and, asc, eq, gt, inArray, lt, sql } from 'drizzle-orm';
import { versions } from '../../db/schema/catalog.ts';
import { rescans, scans } from '../../db/schema/moderation.ts';
import type { Deps } from '../deps.ts';
import { DELIVERY_GRACE_MS } from '../publishing/job-state.ts';
import type { Rescan } from './start-rescan.ts';

/** Versions a step. */
export const RESCAN_PAGE = 50;
/** While so many scans are open the walk waits, so that a new rule does not keep publishers waiting. */
export const MAX_OPEN_SCANS = 100;

type RescanDeps = Pick<Deps, 'db' | 'queue' | 'clock' | 'random' | 'log'>;

/**
 * Takes a walk over the public versions one step further: asks for a scan of the next few that other rules have judged, and
 * remembers how far it came, in one batch. Safe to call any number of times; what is left undone the sweeper takes up.
 */
export async function runRescan(deps: RescanDeps, id: string): Promise<void> {
  const [rescan] = await deps.db.select().from(rescans).where(eq(rescans.id, id));
  if (rescan?.state !== 'running') return;
  if (await isBusy(deps)) return;
  const page = await nextPage(deps, rescan);
  const queued = await record(deps, rescan, page);
  for (const scanId of queued) await deps.queue.send({ type: 'scan', scanId });
  if (page.length > 0) await deps.queue.send({ type: 'rescan', rescanId: id });
}

/**
 * Sends every walk again that nobody has taken further for a while.
 *
 * @returns how many were sent
 */
export async function sweepRescans(deps: RescanDeps): Promise<number> {
  const before = deps.clock.now() - DELIVERY_GRACE_MS;
  const due = await deps.db
    .select({ id: rescans.id })
    .from(rescans)
    .where(and(eq(rescans.state, 'running'), lt(rescans.updatedAt, before)));
  for (const { id } of due) await deps.queue.send({ type: 'rescan', rescanId: id });
  return due.length;
}

async function isBusy({ db }: RescanDeps): Promise<boolean> {
  const open = await db
    .select({ id: scans.id })
    .from(scans)
    .where(inArray(scans.state, ['queued', 'running']))
    .limit(MAX_OPEN_SCANS);
  return open.length === MAX_OPEN_SCANS;
}

async function nextPage({ db }: RescanDeps, { cursor, engineVersion }: Rescan): Promise<string[]> {
  const rows = await db
    .select({ id: versions.id })
    .from(versions)
    .where(
      and(
        gt(versions.id, cursor),
        // With the plus signs the statement walks along the ids, and stops when it has enough.
        sql`+${versions.state} = 'published' and +${versions.engineVersion} is not ${engineVersion}`,
      ),
    )
    .orderBy(asc(versions.id))
    .limit(RESCAN_PAGE);
  return rows.map(({ id }) => id);
}

/** @returns the scans that were asked for; none when another worker has taken this step */
async function record(deps: RescanDeps, rescan: Rescan, page: string[]): Promise<string[]> {
  const { db, random } = deps;
  const now = deps.clock.now();
  const here = and(eq(rescans.id, rescan.id), eq(rescans.state, 'running'), eq(rescans.cursor, rescan.cursor));
  const last = page.at(-1);
  if (last === undefined) {
    await db.update(rescans).set({ state: 'done', updatedAt: now }).where(here);
    deps.log.info('rescan.done', { rescanId: rescan.id, queued: rescan.queued });
    return [];
  }
  const rows = JSON.stringify(page.map((versionId) => ({ id: random.id(), versionId })));
  const [inserted] = await db.batch([
    db
      .insert(scans)
      .select(
        sql`select value ->> 'id', value ->> 'versionId', null, 'queued', '[]', null, 0, ${now + DELIVERY_GRACE_MS}, ${now}, ${now}
          from json_each(${rows}) where exists (select 1 from ${rescans} where ${here}) and not exists (
            select 1 from ${scans} as other where other.version_id = value ->> 'versionId' and other.state in ('queued', 'running'))`,
      )
      .returning({ id: scans.id }),
    db
      .update(rescans)
      .set({ cursor: last, queued: sql`${rescans.queued} + ${page.length}`, updatedAt: now })
      .where(here),
  ]);
  return inserted.map(({ id }) => id);
}
