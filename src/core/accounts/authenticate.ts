import { and, eq, isNull, lte, or } from 'drizzle-orm';
import { apiKeys } from '../../db/schema/accounts.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import type { Actor } from './actor.ts';
import { namesIn, ownedBy } from './owned-namespaces.ts';
import { equalInConstantTime, hashSecret } from './secrets.ts';
import { readStanding, standingOf } from './standing.ts';
import { looksLikeToken, verifyToken } from './verify-token.ts';

/** `lastUsedAt` is kept to the hour: a busy key does not write on each request. */
const LAST_USED_STEP_MS = 3_600_000;

/**
 * The actor behind an API key, or behind a signed token that was issued for one.
 *
 * @param origin the hub's own: a token that was issued under another one is not taken
 * @throws Problem `unauthorized` for a key that is unknown or revoked, and for a token that is not good, `key_expired`
 */
export async function authenticate(
  deps: Pick<Deps, 'db' | 'clock' | 'settings'>,
  credential: string,
  origin: string,
): Promise<Actor> {
  return looksLikeToken(credential) ? verifyToken(deps, credential, origin) : verifyKey(deps, credential);
}

async function verifyKey(deps: Pick<Deps, 'db' | 'clock' | 'settings'>, apiKey: string): Promise<Actor> {
  const hash = await hashSecret(apiKey);
  if (deps.settings.operatorKeyHash && equalInConstantTime(hash, deps.settings.operatorKeyHash))
    return { kind: 'operator' };

  const [found] = await deps.db
    .select({
      key: apiKeys,
      owned: ownedBy(apiKeys.namespace).as('owned'),
      standing: standingOf(apiKeys.namespace).as('standing'),
    })
    .from(apiKeys)
    .where(eq(apiKeys.hash, hash));
  const key = found?.key;
  if (!key || key.revokedAt !== null || !equalInConstantTime(hash, key.hash)) {
    throw new Problem('unauthorized', 'This API key is unknown or revoked.', {
      fix: 'Run `skills login` for a new one.',
    });
  }
  if (key.expiresAt !== null && key.expiresAt <= deps.clock.now()) throw expired(key.expiresAt);
  await noteUse(deps, key);
  const { id: keyId, namespace, scopes } = key;
  const expiresAt = key.expiresAt ?? undefined;
  const owned = namesIn(found.owned);
  return { kind: 'key', keyId, namespace, owned, scopes, expiresAt, ...readStanding(found.standing) };
}

/** Told only to whoever holds the key itself. */
function expired(at: number): Problem {
  return new Problem('key_expired', `This API key expired at ${new Date(at).toISOString()}.`, {
    fix: 'Run `skills login` for a new one.',
  });
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
