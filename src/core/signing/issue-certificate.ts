import { and, desc, eq, gt, isNull, sql } from 'drizzle-orm';
import { certificates } from '../../db/schema/certificates.ts';
import { readCertificateRequest } from '../../format/certificate-request.ts';
import { FormatError } from '../../format/format-error.ts';
import { makeCertificate } from '../../format/make-certificate.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import { findOwner } from '../accounts/find-owner.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { AUTHORITY_NAME, authority, BACKDATED_MS, newSerial, signAsAuthority } from './authority.ts';

const DAY_MS = 24 * 60 * 60_000;
export const CERTIFICATE_LIFETIME_MS = 90 * DAY_MS;
export const CERTIFICATES_A_DAY = 5;

type IssueDeps = Pick<Deps, 'db' | 'signer' | 'clock' | 'random' | 'log'>;

export interface IssuedCertificate {
  /** Of the publisher, and of the authority that signed it; PEM. */
  certificate: string;
  authority: string;
}

/**
 * Issues the certificate of a namespace for the key in a PKCS#10 request, for 90 days. Needs `admin`.
 *
 * @throws Problem `unauthorized`, `forbidden`, `not_found`, `invalid_certificate_request`, `state_conflict` while the namespace has a
 * certificate, `too_many_certificates` after five in 24 hours, `unavailable`
 */
export async function issueCertificate(
  deps: IssueDeps,
  actor: Actor,
  { namespace, request }: { namespace: string; request: string },
): Promise<IssuedCertificate> {
  authorize(actor, 'admin', namespace);
  await findOwner(deps, namespace);
  const { spki, fingerprint } = await readRequest(request, namespace);
  await requireIssuable(deps, namespace);
  const issuer = await authority(deps);
  const now = deps.clock.now();
  const serial = newSerial(deps);
  const expiresAt = now + CERTIFICATE_LIFETIME_MS;
  const content = {
    serial,
    subject: namespace,
    issuer: AUTHORITY_NAME,
    subjectKey: spki,
    issuerKey: issuer.spki,
    notBefore: now - BACKDATED_MS,
    notAfter: expiresAt,
    authority: false,
  };
  const pem = await makeCertificate(content, (bytes) => signAsAuthority(deps, bytes));
  const { active, lately } = ofNamespace(namespace, now);
  // Counted and inserted by one statement, so that of parallel requests one wins.
  const recorded = await deps.db
    .insert(certificates)
    .select(
      sql`select ${serial}, ${namespace}, ${fingerprint}, ${pem}, ${now}, ${expiresAt}, null
        where not exists (select 1 from ${certificates} where ${active})
        and (select count(*) from ${certificates} where ${lately}) < ${CERTIFICATES_A_DAY}`,
    )
    .returning({ serial: certificates.serial });
  if (recorded.length === 0) {
    await requireIssuable(deps, namespace);
    throw new Error(`the certificate ${serial} was neither recorded nor refused`);
  }
  deps.log.info('certificate.issued', { namespace, serial });
  return { certificate: pem, authority: issuer.pem };
}

async function readRequest(text: string, namespace: string) {
  try {
    return await readCertificateRequest(text, namespace);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new Problem(error.code, error.message, { fix: error.fix }, { cause: error });
  }
}

/** @throws Problem `state_conflict`, `too_many_certificates` */
async function requireIssuable(deps: Pick<Deps, 'db' | 'clock'>, namespace: string): Promise<void> {
  const now = deps.clock.now();
  const { active, lately } = ofNamespace(namespace, now);
  const [current] = await deps.db.select({ serial: certificates.serial }).from(certificates).where(active).limit(1);
  if (current) {
    throw new Problem(
      'state_conflict',
      `'${namespace}' has a certificate already, with the serial ${current.serial}.`,
      {
        fix: `Use it, or end it first: DELETE /v1/namespaces/${namespace}/cert.`,
      },
    );
  }
  const issued = await deps.db
    .select({ createdAt: certificates.createdAt })
    .from(certificates)
    .where(lately)
    .orderBy(desc(certificates.createdAt))
    .limit(CERTIFICATES_A_DAY);
  const oldest = issued[CERTIFICATES_A_DAY - 1];
  if (!oldest) return;
  throw new Problem('too_many_certificates', `'${namespace}' was issued ${CERTIFICATES_A_DAY} certificates in a day.`, {
    fix: 'Wait.',
    retryAfter: Math.ceil((oldest.createdAt + DAY_MS - now) / 1000),
  });
}

function ofNamespace(namespace: string, now: number) {
  const own = eq(certificates.namespace, namespace);
  return {
    active: and(own, isNull(certificates.revokedAt), gt(certificates.expiresAt, now)),
    lately: and(own, gt(certificates.createdAt, now - DAY_MS)),
  };
}
