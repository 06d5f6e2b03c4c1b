import { lt, sql } from 'drizzle-orm';
import { uploadTickets } from '../../db/schema/faces.ts';
import { bundleKeys } from '../catalog/keys.ts';
import type { Deps } from '../deps.ts';

/** As many as the bucket deletes in one call. */
const BATCH = 1_000;
/** A publish or an upload that began in time may still be at work. */
const GRACE_MS = 10 * 60_000;

/**
 * Deletes expired tickets with the files that were sent for them; bytes first, so that no file is forgotten.
 *
 * @returns how many tickets were deleted
 */
export async function sweepTickets(deps: Pick<Deps, 'db' | 'bundles' | 'clock' | 'log'>): Promise<number> {
  const old = await deps.db
    .select({ id: uploadTickets.id })
    .from(uploadTickets)
    .where(lt(uploadTickets.expiresAt, deps.clock.now() - GRACE_MS))
    .limit(BATCH);
  if (old.length === 0) return 0;
  const ids = old.map(({ id }) => id);
  await deps.bundles.delete(ids.map(bundleKeys.ticket));
  await deps.db
    .delete(uploadTickets)
    .where(sql`${uploadTickets.id} in (select value from json_each(${JSON.stringify(ids)}))`);
  deps.log.info('sweep.tickets', { deleted: ids.length });
  return ids.length;
}
