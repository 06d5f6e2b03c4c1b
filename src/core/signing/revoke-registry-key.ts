import { and, eq, isNull, sql } from 'drizzle-orm';
import { registryKeys } from '../../db/schema/catalog.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { appendEntries } from '../log/append-entries.ts';
import { keyEntry } from '../log/key-entry.ts';
import { auditStatement } from '../moderation/audit.ts';
import { requireOperator } from '../moderation/require-operator.ts';
import { Problem } from '../problem.ts';
import { publicKeys } from './public-keys.ts';

/**
 * Says of an earlier key of the registry that its signatures count for nothing: clients refuse what it signed, and whom it calls its
 * successor. Of a key that was revoked before nothing changes. For operators.
 *
 * @param reason what everybody is told
 * @returns whether this call revoked it
 * @throws Problem `unauthorized`, `forbidden`, `not_found`, `state_conflict` for the key that signs now
 */
export async function revokeRegistryKey(
  deps: Pick<Deps, 'db' | 'signer' | 'clock' | 'random' | 'log'>,
  actor: Actor,
  { id, reason }: { id: string; reason: string },
): Promise<boolean> {
  requireOperator(actor);
  const { current, keys } = await publicKeys(deps);
  const key = keys.find((candidate) => candidate.id === id);
  if (!key) {
    throw new Problem('not_found', `The registry has no key '${id}'.`, { fix: 'See its keys: GET /v1/keys/registry.' });
  }
  if (id === current) {
    throw new Problem('state_conflict', `The registry signs with the key '${id}'.`, {
      fix: 'Rotate it first; see docs/operations/keys.md.',
    });
  }
  const now = deps.clock.now();
  const { db } = deps;
  const inUse = and(eq(registryKeys.id, id), isNull(registryKeys.revokedAt));
  const isInUse = sql`exists (select 1 from ${registryKeys} where ${inUse})`;
  const [, , , revoked] = await db.batch([
    // A key that signed nothing here has no row yet.
    db.insert(registryKeys).values({ id, pem: key.pem, createdAt: now }).onConflictDoNothing(),
    auditStatement(deps, actor, 'registry-key.revoke', `registry-key:${id}`, { reason }, isInUse),
    appendEntries(deps, [keyEntry(deps, 'registry-key-revoked', id)], isInUse),
    db
      .update(registryKeys)
      .set({ revokedAt: now, revocationReason: reason })
      .where(inUse)
      .returning({ id: registryKeys.id }),
  ]);
  if (revoked.length > 0) deps.log.info('registry-key.revoked', { keyId: id });
  return revoked.length > 0;
}
