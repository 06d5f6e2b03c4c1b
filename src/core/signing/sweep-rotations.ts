import { and, eq, lt } from 'drizzle-orm';
import { keyRotations } from '../../db/schema/certificates.ts';
import type { Deps } from '../deps.ts';

/** Links work for a day; a token, and with it its nonce, for five minutes. */
const KEPT_MS = 2 * 24 * 60 * 60_000;

/** Deletes requests for another key that nobody confirmed. */
export async function sweepRotations(deps: Pick<Deps, 'db' | 'clock'>): Promise<void> {
  const before = deps.clock.now() - KEPT_MS;
  await deps.db.delete(keyRotations).where(and(eq(keyRotations.state, 'pending'), lt(keyRotations.createdAt, before)));
}
