import { and, eq, inArray, lt } from 'drizzle-orm';
import { scans } from '../../db/schema/moderation.ts';
import type { Deps } from '../deps.ts';
import { DELIVERY_GRACE_MS } from '../publishing/job-state.ts';

const BATCH = 100;

/**
 * Sends every scan again that should have been delivered, or done, by now. One that was sent needlessly does no harm.
 *
 * @returns how many were sent
 */
export async function sweepScans(deps: Pick<Deps, 'db' | 'queue' | 'clock' | 'log'>): Promise<number> {
  const now = deps.clock.now();
  const due = await deps.db
    .select({ id: scans.id })
    .from(scans)
    .where(and(inArray(scans.state, ['queued', 'running']), lt(scans.dueAt, now)))
    .limit(BATCH);
  for (const { id } of due) {
    await deps.queue.send({ type: 'scan', scanId: id });
    await deps.db
      .update(scans)
      .set({ dueAt: now + DELIVERY_GRACE_MS })
      .where(and(eq(scans.id, id), eq(scans.state, 'queued')));
  }
  if (due.length > 0) deps.log.info('sweep.scans', { scans: due.length });
  return due.length;
}
