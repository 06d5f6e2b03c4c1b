import { and, eq, gt, isNull } from 'drizzle-orm';
import { certificates } from '../../db/schema/certificates.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';

/**
 * Ends the certificate of a namespace before its time: nothing signed with it is accepted any more. What was published
 * with it stays as it is. Needs `admin`.
 *
 * @throws Problem `unauthorized`, `forbidden`, `not_found` when there is none
 */
export async function revokeCertificate(
  deps: Pick<Deps, 'db' | 'clock' | 'log'>,
  actor: Actor,
  namespace: string,
): Promise<void> {
  authorize(actor, 'admin', namespace);
  const now = deps.clock.now();
  const ended = await deps.db
    .update(certificates)
    .set({ revokedAt: now })
    .where(and(eq(certificates.namespace, namespace), isNull(certificates.revokedAt), gt(certificates.expiresAt, now)))
    .returning({ serial: certificates.serial });
  if (ended.length === 0) {
    throw new Problem('not_found', `'${namespace}' has no certificate that is valid.`, {
      fix: `Ask for one: POST /v1/namespaces/${namespace}/cert.`,
    });
  }
  for (const { serial } of ended) deps.log.info('certificate.revoked', { namespace, serial });
}
