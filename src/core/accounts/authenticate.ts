import { and, eq, isNull, lte, or, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import * as z from 'zod';
import { apiKeys, namespaces } from '../../db/schema/accounts.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import type { Actor } from './actor.ts';
import { equalInConstantTime, hashSecret } from './secrets.ts';

/** `lastUsedAt` is kept to the hour: a busy key does not write on each request. */
const LAST_USED_STEP_MS = 3_600_000;

/**
 * The actor behind an API key.
 *
 * @throws Problem `unauthorized` for a key that is unknown or revoked.
 */
export async function authenticate(deps: Pick<Deps, 'db' | 'clock' | 'settings'>, apiKey: string): Promise<Actor> {
  const hash = await hashSecret(apiKey);
  if (deps.settings.operatorKeyHash && equalInConstantTime(hash, deps.settings.operatorKeyHash))
    return { kind: 'operator' };

  const [found] = await deps.db
    .select({ key: apiKeys, owned: ownedBy(apiKeys.namespace).as('owned') })
    .from(apiKeys)
    .where(eq(apiKeys.hash, hash));
  const key = found?.key;
  if (!key || key.revokedAt !== null || !equalInConstantTime(hash, key.hash)) {
    throw new Problem('unauthorized', 'This API key is unknown or revoked.', {
      fix: 'Run `skills login` for a new one.',
    });
  }
  await noteUse(deps, key);
  return { kind: 'key', keyId: key.id, namespace: key.namespace, owned: namesIn(found.owned), scopes: key.scopes };
}

/** A column with the namespaces that another one made for itself, as `namesIn` reads it. */
export function ownedBy(namespace: SQLiteColumn) {
  return sql<string>`(select json_group_array(made.slug) from ${namespaces} as made where made.owner = ${namespace})`;
}

/** The namespaces in a column made by `ownedBy`. */
export function namesIn(column: string): string[] {
  return z.array(z.string()).parse(JSON.parse(column));
}

async function noteUse(deps: Pick<Deps, 'db' | 'clock'>, key: typeof apiKeys.$inferSelect): Promise<void> {
  const now = deps.clock.now();
  const stale = now - LAST_USED_STEP_MS;
  if (key.lastUsedAt !== null && key.lastUsedAt > stale) return;
  await deps.db
    .update(apiKeys)
    .set({ lastUsedAt: now })
    .where(and(eq(apiKeys.id, key.id), or(isNull(apiKeys.lastUsedAt), lte(apiKeys.lastUsedAt, stale))));
}
