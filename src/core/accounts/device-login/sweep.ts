import { lt } from 'drizzle-orm';
import { deviceLogins } from '../../../db/schema/accounts.ts';
import type { Deps } from '../../deps.ts';

/** A client that comes late is told that its code has expired, and not that there never was one. */
const KEPT_MS = 60 * 60_000;

/** Deletes the logins that ran out an hour ago. */
export async function sweepDeviceLogins(deps: Pick<Deps, 'db' | 'clock'>): Promise<void> {
  await deps.db.delete(deviceLogins).where(lt(deviceLogins.expiresAt, deps.clock.now() - KEPT_MS));
}
