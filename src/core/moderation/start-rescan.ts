import { and, desc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import { versions } from '../../db/schema/catalog.ts';
import { rescans } from '../../db/schema/moderation.ts';
import { ENGINE_VERSION } from '../../vetting/heuristics/index.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { describeFault } from '../fault.ts';
import { Problem } from '../problem.ts';
import { type AuditActor, auditStatement } from './audit.ts';
import { requireModerator } from './require-moderator.ts';

export type Rescan = typeof rescans.$inferSelect;
type RescanDeps = Pick<Deps, 'db' | 'queue' | 'clock' | 'random' | 'log'>;

/**
 * Has every public version examined again that older rules have judged. One walk at a time: while one runs, that one is the
 * answer. For operators and moderators.
 *
 * @throws Problem `unauthorized`, `forbidden`
 */
export async function startRescan(deps: RescanDeps, actor: Actor): Promise<{ rescan: Rescan; started: boolean }> {
  requireModerator(actor);
  return begin(deps, actor);
}

/**
 * How far a walk has come. For operators and moderators.
 *
 * @throws Problem `unauthorized`, `forbidden`, `not_found`
 */
export async function getRescan({ db }: Pick<Deps, 'db'>, actor: Actor, id: string): Promise<Rescan> {
  requireModerator(actor);
  const [found] = await db.select().from(rescans).where(eq(rescans.id, id));
  if (!found)
    throw new Problem('not_found', 'There is no such rescan.', { fix: 'Use the id that starting it answered.' });
  return found;
}

/**
 * Starts a walk by itself, once for each version of the rules, if there is anything to look at.
 *
 * @returns whether one was started
 */
export async function rescanAfterUpgrade(deps: RescanDeps): Promise<boolean> {
  const [walked] = await deps.db
    .select({ id: rescans.id })
    .from(rescans)
    .where(eq(rescans.engineVersion, ENGINE_VERSION))
    .limit(1);
  if (walked) return false;
  // Ranges of the index: `<>` would read every version of a hub that has nothing to do.
  const older = or(
    isNull(versions.engineVersion),
    lt(versions.engineVersion, ENGINE_VERSION),
    gt(versions.engineVersion, ENGINE_VERSION),
  );
  const [outdated] = await deps.db
    .select({ id: versions.id })
    .from(versions)
    .where(and(eq(versions.state, 'published'), older))
    .limit(1);
  if (!outdated) return false;
  return (await begin(deps, 'system')).started;
}

async function begin(deps: RescanDeps, actor: AuditActor): Promise<{ rescan: Rescan; started: boolean }> {
  const { db } = deps;
  const id = deps.random.id();
  const now = deps.clock.now();
  const free = sql`not exists (select 1 from ${rescans} where ${rescans.state} = 'running')`;
  await db.batch([
    auditStatement(deps, actor, 'rescan.start', `rescan:${id}`, { engine: ENGINE_VERSION }, free),
    db.insert(rescans).select(sql`select ${id}, ${ENGINE_VERSION}, '', 0, 'running', ${now}, ${now} where ${free}`),
  ]);
  const [rescan] = await db
    .select()
    .from(rescans)
    .where(or(eq(rescans.id, id), eq(rescans.state, 'running')))
    .orderBy(desc(rescans.createdAt))
    .limit(1);
  // It can only have ended in between if another one ran.
  if (!rescan) throw new Problem('state_conflict', 'A rescan has just ended.', { fix: 'Try again.' });
  const started = rescan.id === id;
  if (started) await nudge(deps, id);
  deps.log.info('rescan.started', { rescanId: rescan.id, started });
  return { rescan, started };
}

/** A nudge that is lost costs time only: the sweeper sends it again. */
async function nudge(deps: RescanDeps, rescanId: string): Promise<void> {
  try {
    await deps.queue.send({ type: 'rescan', rescanId });
  } catch (error) {
    deps.log.error('queue.send.failed', { rescanId, ...describeFault(error) });
  }
}
