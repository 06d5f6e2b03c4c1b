import { and, asc, count, eq, gt, isNotNull, isNull, lte, or } from 'drizzle-orm';
import { registryKeys, versions } from '../../db/schema/catalog.ts';
import { describeFault } from '../fault.ts';
import { DELIVERY_GRACE_MS, LEASE_MS } from '../publishing/job-state.ts';
import { publicKeys } from './public-keys.ts';
import { NotPublished, type ResignDeps, resignVersion, versionsSignedBy } from './resign-version.ts';

/** Versions a step: each has up to three archives to read and to sign. */
export const RESIGN_PAGE = 10;
/** A walk that had to leave versions out begins anew after so long. */
export const RESIGN_RETRY_MS = 60 * 60_000;
/** After so many times what is still left is given up, until the key is revoked once more. */
export const MAX_RESIGN_ROUNDS = 24;

type Walk = typeof registryKeys.$inferSelect;

/**
 * Takes the walk over the versions that a revoked key signed one step further: signs the next few with the key of today, and
 * remembers how far it came. Safe to call any number of times and from anywhere; what is left undone the sweeper takes up.
 *
 * @throws SignerUnavailable, or whatever the bundle store or the database throws
 */
export async function runResigning(deps: ResignDeps, keyId: string): Promise<void> {
  const walk = await begin(deps, keyId);
  if (!walk) return;
  const { current, keys } = await publicKeys(deps);
  const key = keys.find(({ id }) => id === current);
  if (!key || key.revoked) {
    deps.log.error('resign.waits', { keyId, current });
    return;
  }
  const page = await versionsSignedBy(deps)
    .where(and(eq(versions.keyId, keyId), gt(versions.id, walk.resignCursor)))
    .orderBy(asc(versions.id))
    .limit(RESIGN_PAGE);
  for (const signed of page) {
    try {
      await resignVersion(deps, key, signed);
    } catch (error) {
      if (!(error instanceof NotPublished)) throw error;
      deps.log.error('resign.left', { keyId, versionId: signed.version.id, cause: describeFault(error).cause });
    }
  }
  const last = page.at(-1)?.version.id;
  if (last === undefined) await end(deps, walk);
  else if (await goOn(deps, walk, last)) await deps.queue.send({ type: 'resign', keyId });
}

/**
 * Sends every walk again that nobody has taken further for a while.
 *
 * @returns how many were sent
 */
export async function sweepResigning(deps: Pick<ResignDeps, 'db' | 'queue' | 'clock'>): Promise<number> {
  const isDue = or(isNull(registryKeys.resignDueAt), lte(registryKeys.resignDueAt, deps.clock.now()));
  const due = await deps.db
    .select({ id: registryKeys.id })
    .from(registryKeys)
    .where(and(isNotNull(registryKeys.revokedAt), isNull(registryKeys.resignedAt), isDue));
  for (const { id } of due) await deps.queue.send({ type: 'resign', keyId: id });
  return due.length;
}

/** The walk, if there is one to take further. Another worker in it does no harm, only its work twice. */
async function begin({ db, clock }: ResignDeps, keyId: string): Promise<Walk | undefined> {
  const [walk] = await db
    .update(registryKeys)
    .set({ resignDueAt: clock.now() + LEASE_MS })
    .where(and(eq(registryKeys.id, keyId), isNotNull(registryKeys.revokedAt), isNull(registryKeys.resignedAt)))
    .returning();
  return walk;
}

/** @returns false when another worker has taken this step, who goes on */
async function goOn({ db, clock }: ResignDeps, walk: Walk, cursor: string): Promise<boolean> {
  const moved = await db
    .update(registryKeys)
    .set({ resignCursor: cursor, resignDueAt: clock.now() + DELIVERY_GRACE_MS })
    .where(isStill(walk))
    .returning({ id: registryKeys.id });
  return moved.length > 0;
}

async function end({ db, clock, log }: ResignDeps, walk: Walk): Promise<void> {
  const { id: keyId } = walk;
  const now = clock.now();
  const [left] = await db.select({ versions: count() }).from(versions).where(eq(versions.keyId, keyId));
  const isDone = left?.versions === 0;
  const resignRounds = walk.resignRounds + 1;
  const isGivenUp = !isDone && resignRounds >= MAX_RESIGN_ROUNDS;
  const next =
    isDone || isGivenUp ? { resignedAt: now } : { resignCursor: '', resignRounds, resignDueAt: now + RESIGN_RETRY_MS };
  const ended = await db.update(registryKeys).set(next).where(isStill(walk)).returning({ id: registryKeys.id });
  if (ended.length === 0) return;
  if (isDone) log.info('resign.done', { keyId });
  else log.error(isGivenUp ? 'resign.given-up' : 'resign.incomplete', { keyId, versions: left?.versions ?? 0 });
}

function isStill({ id, resignCursor }: Walk) {
  return and(eq(registryKeys.id, id), eq(registryKeys.resignCursor, resignCursor), isNull(registryKeys.resignedAt));
}
