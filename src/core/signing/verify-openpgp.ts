import { and, asc, desc, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { rowExists } from '../../db/row-exists.ts';
import { publisherKeys } from '../../db/schema/certificates.ts';
import { FormatError } from '../../format/format-error.ts';
import { verifyDetached } from '../../format/openpgp/verify-detached.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { MOST_PGP_KEYS } from './register-pgp-key.ts';

/** What is kept of a signature that held. */
export interface OpenPgpSignature {
  /** ASCII armour. */
  armored: string;
  /** The fingerprint of the key, in upper-case hex. */
  fingerprint: string;
}

/**
 * Checks a detached OpenPGP signature over an archive against the keys that a namespace has registered and not revoked.
 *
 * @param signature in ASCII armour, or as bytes
 * @throws Problem `invalid_pgp_signature` that says which check failed
 */
export async function verifyOpenPgp(
  deps: Pick<Deps, 'db' | 'clock'>,
  namespace: string,
  archive: Uint8Array,
  signature: string | Uint8Array,
): Promise<OpenPgpSignature> {
  // Those in use first; of the others enough to tell a revoked key from an unknown one.
  const keys = await deps.db
    .select({ armored: publisherKeys.armored, revokedAt: publisherKeys.revokedAt })
    .from(publisherKeys)
    .where(eq(publisherKeys.namespace, namespace))
    .orderBy(asc(sql`${publisherKeys.revokedAt} is not null`), desc(publisherKeys.createdAt))
    .limit(2 * MOST_PGP_KEYS);
  const candidates = keys.map(({ armored, revokedAt }) => ({ armored, revoked: revokedAt !== null }));
  try {
    const about = { owner: `'${namespace}'`, now: deps.clock.now() };
    const { armored, fingerprint } = await verifyDetached(archive, signature, candidates, about);
    return { armored, fingerprint };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new Problem(error.code, error.message, { fix: error.fix }, { cause: error });
  }
}

/** The condition that a key of a namespace still counts. */
export function isRegistered({ db }: Pick<Deps, 'db'>, namespace: string, fingerprint: string): SQL {
  return rowExists(db, publisherKeys, inUse(namespace, fingerprint));
}

/** Passes while the key still counts. @throws Problem `invalid_pgp_signature` */
export async function requireRegistered(deps: Pick<Deps, 'db'>, namespace: string, fingerprint: string): Promise<void> {
  const [key] = await deps.db
    .select({ fingerprint: publisherKeys.fingerprint })
    .from(publisherKeys)
    .where(inUse(namespace, fingerprint));
  if (key) return;
  throw new Problem('invalid_pgp_signature', `'${namespace}' has revoked the key ${fingerprint} in the meantime.`, {
    fix: 'Sign with another registered key.',
  });
}

function inUse(namespace: string, fingerprint: string): SQL | undefined {
  return and(
    eq(publisherKeys.namespace, namespace),
    eq(publisherKeys.fingerprint, fingerprint),
    isNull(publisherKeys.revokedAt),
  );
}
