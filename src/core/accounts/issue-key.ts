import type { Db } from '../../db/client.ts';
import { apiKeys, type Scope } from '../../db/schema/accounts.ts';
import type { Deps } from '../deps.ts';
import { hashSecret } from './secrets.ts';

export const KEY_PREFIX = 'skh_';

export interface IssuedKey {
  id: string;
  /** The secret itself: `skh_` and 64 hex digits. It is not stored and cannot be shown again. */
  apiKey: string;
}

/** A new API key as a statement to run in the caller's batch, so that the key appears together with what it is for. */
export async function issueKey(
  deps: Pick<Deps, 'db' | 'clock' | 'random'>,
  key: { namespace: string; label: string; scopes: Scope[]; expiresAt?: number | null },
): Promise<{ issued: IssuedKey; statement: ReturnType<typeof insertKey> }> {
  const id = deps.random.id();
  const apiKey = KEY_PREFIX + deps.random.hex(32);
  const row = { ...key, id, hash: await hashSecret(apiKey), hint: apiKey.slice(0, 8), createdAt: deps.clock.now() };
  return { issued: { id, apiKey }, statement: insertKey(deps.db, row) };
}

function insertKey(db: Db, row: typeof apiKeys.$inferInsert) {
  return db.insert(apiKeys).values(row);
}
