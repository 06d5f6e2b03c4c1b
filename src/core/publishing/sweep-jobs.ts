import { and, eq, inArray, lt, ne, or } from 'drizzle-orm';
import { jobs } from '../../db/schema/jobs.ts';
import { bundleKeys, STAGED_PREFIX } from '../catalog/keys.ts';
import type { Deps } from '../deps.ts';
import { abandoned, DELIVERY_GRACE_MS } from './job-state.ts';

const BATCH = 100;
/** A staged upload without an open job may belong to a request that is still writing its rows. */
const STAGED_GRACE_MS = 60 * 60_000;

/**
 * Sends every job again that nobody works on: never delivered, given back and forgotten, or left by a worker that
 * died. A job that was sent needlessly does no harm.
 *
 * @returns how many were sent
 */
export async function sweepJobs(deps: Pick<Deps, 'db' | 'queue' | 'clock' | 'settings' | 'log'>): Promise<number> {
  const now = deps.clock.now();
  const { instanceId } = deps.settings;
  const undelivered = and(
    eq(jobs.state, 'pending'),
    or(lt(jobs.dueAt, now), instanceId ? ne(jobs.instance, instanceId) : undefined),
  );
  const orphaned = and(eq(jobs.state, 'running'), abandoned(deps, now));
  const open = await deps.db.select({ id: jobs.id }).from(jobs).where(or(undelivered, orphaned)).limit(BATCH);
  for (const { id } of open) {
    await deps.queue.send({ type: 'vet', jobId: id });
    await deps.db
      .update(jobs)
      .set({ dueAt: now + DELIVERY_GRACE_MS, instance: instanceId })
      .where(and(eq(jobs.id, id), eq(jobs.state, 'pending')));
  }
  if (open.length > 0) deps.log.info('sweep.sent', { jobs: open.length });
  return open.length;
}

/**
 * Deletes staged uploads that no open job needs: left by a request that died before it wrote its rows, or by a worker
 * that died after it wrote its last ones.
 *
 * @returns how many were deleted
 */
export async function sweepStaged(deps: Pick<Deps, 'db' | 'bundles' | 'clock' | 'log'>): Promise<number> {
  const before = deps.clock.now() - STAGED_GRACE_MS;
  const { objects } = await deps.bundles.list(STAGED_PREFIX);
  const old = objects.filter(({ storedAt }) => storedAt < before).map(({ key }) => key.slice(STAGED_PREFIX.length));
  let deleted = 0;
  for (let at = 0; at < old.length; at += BATCH / 2) {
    const ids = old.slice(at, at + BATCH / 2);
    const open = await deps.db
      .select({ id: jobs.id })
      .from(jobs)
      .where(and(inArray(jobs.id, ids), inArray(jobs.state, ['pending', 'running'])));
    const needed = new Set(open.map(({ id }) => id));
    const useless = ids.filter((id) => !needed.has(id));
    await deps.bundles.delete(useless.map(bundleKeys.staged));
    deleted += useless.length;
  }
  if (deleted > 0) deps.log.info('sweep.staged', { deleted });
  return deleted;
}
