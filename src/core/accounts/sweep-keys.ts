import { and, eq, inArray, lt, notExists, sql } from 'drizzle-orm';
import { accessTokens, apiKeys } from '../../db/schema/accounts.ts';
import type { Deps } from '../deps.ts';

/** How long a key stays listed after its end, so that people see why something stopped working. */
const EXPIRED_KEPT_MS = 30 * 86_400_000;

/** How many a sweep deletes, those that expired first; the next one goes on. */
export const SWEPT_KEYS = 500;

/** Deletes keys that expired long ago, once the tokens that were issued for them are gone too. */
export async function sweepKeys({ db, clock }: Pick<Deps, 'db' | 'clock'>): Promise<void> {
  const tokens = db.select({ one: sql`1` }).from(accessTokens).where(eq(accessTokens.keyId, apiKeys.id));
  const due = db
    .select({ id: apiKeys.id })
    .from(apiKeys)
    .where(and(lt(apiKeys.expiresAt, clock.now() - EXPIRED_KEPT_MS), notExists(tokens)))
    .orderBy(apiKeys.expiresAt)
    .limit(SWEPT_KEYS);
  await db.delete(apiKeys).where(inArray(apiKeys.id, due));
}
