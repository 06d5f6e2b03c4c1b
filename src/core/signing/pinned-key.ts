import { and, eq, notExists, type SQL, sql } from 'drizzle-orm';
import { rowExists } from '../../db/row-exists.ts';
import { pinnedKeys } from '../../db/schema/certificates.ts';
import type { Deps } from '../deps.ts';
import { appendEntries } from '../log/append-entries.ts';
import { keyEntry } from '../log/key-entry.ts';
import { Problem } from '../problem.ts';

/** A publisher's public key. */
export interface PublisherKey {
  /** SHA-256 (hex) of the SubjectPublicKeyInfo in DER. */
  fingerprint: string;
  /** SubjectPublicKeyInfo in PEM. */
  pem: string;
}

/** The key that the signed bundles of a namespace have to be signed with; none before the first of them. */
export async function pinnedKey(deps: Pick<Deps, 'db'>, namespace: string): Promise<PublisherKey | undefined> {
  const [pinned] = await deps.db
    .select({ fingerprint: pinnedKeys.fingerprint, pem: pinnedKeys.pem })
    .from(pinnedKeys)
    .where(eq(pinnedKeys.namespace, namespace));
  return pinned;
}

/** Passes when the key is the pinned one, or none is pinned. @throws Problem `wrong_key` */
export async function requirePinned(deps: Pick<Deps, 'db'>, namespace: string, key: PublisherKey): Promise<void> {
  const pinned = await pinnedKey(deps, namespace);
  if (!pinned || pinned.fingerprint === key.fingerprint) return;
  throw new Problem(
    'wrong_key',
    `The bundle is signed with the key ${key.fingerprint}, but '${namespace}' signs with ${pinned.fingerprint}.`,
    { fix: `Sign with that key, or change it: POST /v1/namespaces/${namespace}/rotate-key.` },
  );
}

/** The statements that pin the key of a first signed bundle, and log it; of a namespace that has one they change nothing. */
export function pinKey(deps: Pick<Deps, 'db' | 'clock'>, namespace: string, key: PublisherKey) {
  const { db } = deps;
  const pinned = db.select({ one: sql`1` }).from(pinnedKeys).where(eq(pinnedKeys.namespace, namespace));
  return [
    appendEntries(deps, [keyEntry(deps, 'publisher-key', key.fingerprint, namespace)], notExists(pinned)),
    db
      .insert(pinnedKeys)
      .values({ namespace, ...key, pinnedAt: deps.clock.now() })
      .onConflictDoNothing(),
  ] as const;
}

/** The condition that this very key is pinned. */
export function isPinned({ db }: Pick<Deps, 'db'>, namespace: string, key: PublisherKey): SQL {
  return rowExists(
    db,
    pinnedKeys,
    and(eq(pinnedKeys.namespace, namespace), eq(pinnedKeys.fingerprint, key.fingerprint)),
  );
}
