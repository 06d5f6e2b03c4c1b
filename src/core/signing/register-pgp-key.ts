import { and, count, eq, isNull, or, sql } from 'drizzle-orm';
import { noRowExists } from '../../db/row-exists.ts';
import { publisherKeys } from '../../db/schema/certificates.ts';
import { FormatError } from '../../format/format-error.ts';
import { type PgpKey, readPgpKey } from '../../format/openpgp/read-key.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import { findOwner } from '../accounts/find-owner.ts';
import type { Deps } from '../deps.ts';
import { appendEntries } from '../log/append-entries.ts';
import { keyEntry } from '../log/key-entry.ts';
import { Problem } from '../problem.ts';

/** Keys of a namespace that are not revoked: every signature is held against each. */
export const MOST_PGP_KEYS = 20;

/**
 * Registers an OpenPGP key that a namespace signs its archives with. A key that is registered already is replaced by what is
 * sent, which may have a later expiry. Needs `admin`.
 *
 * @param armored the public key in ASCII armour
 * @throws Problem `unauthorized`, `forbidden`, `not_found`, `invalid_pgp_key`, `state_conflict` for a key that was revoked here and
 * when there are `MOST_PGP_KEYS` already
 */
export async function registerPgpKey(
  deps: Pick<Deps, 'db' | 'clock' | 'log'>,
  actor: Actor,
  { namespace, armored }: { namespace: string; armored: string },
): Promise<PgpKey> {
  authorize(actor, 'admin', namespace);
  await findOwner(deps, namespace);
  const now = deps.clock.now();
  const key = await read(armored, now);
  const { db } = deps;
  const same = and(eq(publisherKeys.namespace, namespace), eq(publisherKeys.fingerprint, key.fingerprint));
  const isNew = noRowExists(db, publisherKeys, same);
  const hasRoom = sql`(select count(*) from ${publisherKeys}
    where ${publisherKeys.namespace} = ${namespace} and ${publisherKeys.revokedAt} is null) < ${MOST_PGP_KEYS}`;
  const [, recorded] = await db.batch([
    appendEntries(deps, [keyEntry(deps, 'publisher-key', key.fingerprint, namespace)], sql`${isNew} and ${hasRoom}`),
    db
      .insert(publisherKeys)
      .select(
        sql`select ${key.fingerprint}, ${namespace}, ${key.armored}, ${key.userId}, ${now}, null where ${or(hasRoom, sql`not ${isNew}`)}`,
      )
      .onConflictDoUpdate({
        target: [publisherKeys.namespace, publisherKeys.fingerprint],
        set: { armored: key.armored, userId: key.userId },
        setWhere: isNull(publisherKeys.revokedAt),
      })
      .returning({ fingerprint: publisherKeys.fingerprint }),
  ]);
  if (recorded.length === 0) throw await whyNot(deps, namespace, key.fingerprint);
  deps.log.info('publisher-key.registered', { namespace, fingerprint: key.fingerprint });
  return key;
}

async function read(armored: string, now: number): Promise<PgpKey> {
  try {
    return await readPgpKey(armored, now);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new Problem(error.code, error.message, { fix: error.fix }, { cause: error });
  }
}

async function whyNot(deps: Pick<Deps, 'db'>, namespace: string, fingerprint: string): Promise<Problem> {
  const [known] = await deps.db
    .select({ n: count() })
    .from(publisherKeys)
    .where(and(eq(publisherKeys.namespace, namespace), eq(publisherKeys.fingerprint, fingerprint)));
  if (known?.n === 1) {
    return new Problem('state_conflict', `'${namespace}' has revoked the key ${fingerprint}.`, {
      fix: 'Register another key; what is revoked stays so.',
    });
  }
  return new Problem('state_conflict', `'${namespace}' has ${MOST_PGP_KEYS} keys already.`, {
    fix: 'Revoke those that are not in use any more.',
  });
}
