import { asc, eq } from 'drizzle-orm';
import { publisherKeys } from '../../db/schema/certificates.ts';
import { findOwner } from '../accounts/find-owner.ts';
import type { Deps } from '../deps.ts';

export type RegisteredPgpKey = Omit<typeof publisherKeys.$inferSelect, 'namespace'>;

/** The OpenPGP keys of a namespace, revoked ones too, oldest first. Anybody may know them. @throws Problem `not_found` */
export async function listPgpKeys(deps: Pick<Deps, 'db'>, namespace: string): Promise<RegisteredPgpKey[]> {
  await findOwner(deps, namespace);
  return deps.db
    .select({
      fingerprint: publisherKeys.fingerprint,
      armored: publisherKeys.armored,
      userId: publisherKeys.userId,
      createdAt: publisherKeys.createdAt,
      revokedAt: publisherKeys.revokedAt,
    })
    .from(publisherKeys)
    .where(eq(publisherKeys.namespace, namespace))
    .orderBy(asc(publisherKeys.createdAt), asc(publisherKeys.fingerprint));
}
