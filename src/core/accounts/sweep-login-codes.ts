import { lt } from 'drizzle-orm';
import { loginCodes } from '../../db/schema/accounts.ts';
import type { Deps } from '../deps.ts';

/** One-time codes are of no use after ten minutes and count against the limit for an hour. */
const CODE_KEPT_MS = 24 * 60 * 60_000;

/** Deletes login codes that nothing needs any more. */
export async function sweepLoginCodes(deps: Pick<Deps, 'db' | 'clock'>): Promise<void> {
  await deps.db.delete(loginCodes).where(lt(loginCodes.createdAt, deps.clock.now() - CODE_KEPT_MS));
}
