import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { rowExists } from '../../db/row-exists.ts';
import { registryKeys, versions } from '../../db/schema/catalog.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { describeFault } from '../fault.ts';
import { appendEntries } from '../log/append-entries.ts';
import { keyEntry } from '../log/key-entry.ts';
import { auditStatement } from '../moderation/audit.ts';
import { requireOperator } from '../moderation/require-operator.ts';
import { Problem } from '../problem.ts';
import { DELIVERY_GRACE_MS } from '../publishing/job-state.ts';
import { publicKeys } from './public-keys.ts';

/**
 * Says of an earlier key of the registry that its signatures count for nothing: clients refuse what it signed, and whom it calls its
 * successor. The key of today signs its versions again, by way of the queue. Of a key that was revoked before nothing changes; but
 * what was given up of its versions is tried again. For operators.
 *
 * @param reason what everybody is told
 * @returns whether this call revoked it
 * @throws Problem `unauthorized`, `forbidden`, `not_found`, `state_conflict` for the key that signs now
 */
export async function revokeRegistryKey(
  deps: Pick<Deps, 'db' | 'queue' | 'signer' | 'clock' | 'random' | 'log'>,
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
  const [again, , , , revoked] = await db.batch([
    tryAgain(db, id, now),
    // A key that signed nothing here has no row yet.
    db.insert(registryKeys).values({ id, pem: key.pem, createdAt: now }).onConflictDoNothing(),
    auditStatement(deps, actor, 'registry-key.revoke', `registry-key:${id}`, { reason }, isInUse),
    appendEntries(deps, [keyEntry(deps, 'registry-key-revoked', id)], isInUse),
    db
      .update(registryKeys)
      .set({ revokedAt: now, revocationReason: reason, resignDueAt: now + DELIVERY_GRACE_MS })
      .where(inUse)
      .returning({ id: registryKeys.id }),
  ]);
  if (revoked.length > 0) deps.log.info('registry-key.revoked', { keyId: id });
  if (revoked.length > 0 || again.length > 0) await nudge(deps, id);
  return revoked.length > 0;
}

/** The archives that were lost when the walk over the key's versions gave up may be back. */
function tryAgain(db: Deps['db'], id: string, now: number) {
  const left = rowExists(db, versions, eq(versions.keyId, id));
  return db
    .update(registryKeys)
    .set({ resignCursor: '', resignRounds: 0, resignedAt: null, resignDueAt: now + DELIVERY_GRACE_MS })
    .where(and(eq(registryKeys.id, id), isNotNull(registryKeys.resignedAt), left))
    .returning({ id: registryKeys.id });
}

/** A nudge that is lost costs time only: the sweeper sends it again. */
async function nudge(deps: Pick<Deps, 'queue' | 'log'>, keyId: string): Promise<void> {
  try {
    await deps.queue.send({ type: 'resign', keyId });
  } catch (error) {
    deps.log.error('queue.send.failed', { keyId, ...describeFault(error) });
  }
}
