import { and, eq, gt, isNull } from 'drizzle-orm';
import { certificates } from '../../db/schema/certificates.ts';
import { readCertificate } from '../../format/certificate.ts';
import type { Deps } from '../deps.ts';
import { type PublisherKey, pinnedKey } from './pinned-key.ts';

/** The key that a namespace signs with: the pinned one, or before the first signed bundle that of its certificate. */
export async function currentKey(
  deps: Pick<Deps, 'db' | 'clock'>,
  namespace: string,
): Promise<PublisherKey | undefined> {
  const pinned = await pinnedKey(deps, namespace);
  if (pinned) return pinned;
  const [issued] = await deps.db
    .select({ pem: certificates.pem })
    .from(certificates)
    .where(
      and(
        eq(certificates.namespace, namespace),
        isNull(certificates.revokedAt),
        gt(certificates.expiresAt, deps.clock.now()),
      ),
    );
  if (!issued) return undefined;
  const { fingerprint, keyPem } = await readCertificate(issued.pem, `certificate of ${namespace}`);
  return { fingerprint, pem: keyPem };
}
