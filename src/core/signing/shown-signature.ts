import { and, eq } from 'drizzle-orm';
import type { versions } from '../../db/schema/catalog.ts';
import { publisherKeys } from '../../db/schema/certificates.ts';
import type { Deps } from '../deps.ts';

/** The publisher's OpenPGP signature of a version, as readers are told of it. */
export interface ShownSignature {
  /** The fingerprint of the key, in upper-case hex. */
  key: string;
  userId: string;
  /** Whose key it is: the namespace that published the version, wherever the skill is now. */
  namespace: string;
  /** Since when the key does not count any more. */
  revokedAt: number | null;
}

type Signed = Pick<typeof versions.$inferSelect, 'pgpKeyId' | 'metadata'>;

/** @returns undefined for a version that its publisher did not sign with OpenPGP */
export async function shownSignature(
  deps: Pick<Deps, 'db'>,
  { pgpKeyId, metadata }: Signed,
): Promise<ShownSignature | undefined> {
  const { namespace } = metadata;
  if (pgpKeyId === null || namespace === undefined) return undefined;
  const [key] = await deps.db
    .select({ userId: publisherKeys.userId, revokedAt: publisherKeys.revokedAt })
    .from(publisherKeys)
    .where(and(eq(publisherKeys.namespace, namespace), eq(publisherKeys.fingerprint, pgpKeyId)));
  if (!key) throw new Error(`the key ${pgpKeyId} of a signed version is not in the database`);
  return { key: pgpKeyId, namespace, ...key };
}
