import { eq } from 'drizzle-orm';
import { authorities, certificates } from '../../db/schema/certificates.ts';
import { type Certificate, readCertificate } from '../../format/certificate.ts';
import { FormatError } from '../../format/format-error.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';

/** As skreg's registry has it. */
const MOST_CERTIFICATES = 2;
export const MOST_CHAIN_BYTES = 64 * 1024;

export interface CheckedChain {
  leaf: Certificate;
  /** The leaf, and behind it the authority if this hub issued the leaf; PEM. */
  pem: string[];
}

/**
 * Checks the certificates that come with a publisher's signature: one that the publisher signed itself, or one that this
 * hub issued, alone or with the authority's behind it.
 *
 * @param place what the chain is called in errors, e.g. `manifest.json: cert_chain_pem`
 * @throws Problem `invalid_certificate` (400): none or more than two, not readable, another common name than the namespace, not
 * valid now, signed by neither, or revoked; `payload_too_large` over 64 KiB together
 */
export async function checkChain(
  deps: Pick<Deps, 'db' | 'clock'>,
  namespace: string,
  chain: readonly string[],
  place: string,
): Promise<CheckedChain> {
  const [first, second] = chain;
  if (first === undefined || chain.length > MOST_CERTIFICATES) {
    throw refused(`${place} holds ${chain.length} certificates; it has to be one or two.`);
  }
  if (chain.reduce((total, pem) => total + pem.length, 0) > MOST_CHAIN_BYTES) {
    throw new Problem('payload_too_large', `${place} is larger than ${MOST_CHAIN_BYTES} bytes.`, {
      fix: 'Send the certificate and its authority alone.',
    });
  }
  const leaf = await read(first, `${place}[0]`);
  if (leaf.commonName !== namespace) {
    throw refused(`${place}[0] is a certificate of '${leaf.commonName}', not of '${namespace}'.`);
  }
  requireValid(leaf, deps.clock.now(), place);
  const issuer = second === undefined ? undefined : await read(second, `${place}[1]`);
  const root = await issuingAuthority(deps, leaf, issuer);
  if (root !== undefined) {
    await requireIssued(deps, leaf, place);
    return { leaf, pem: [leaf.pem, root] };
  }
  if (issuer) throw refused(`${place}[0] was not issued by this registry, or ${place}[1] is not its authority.`);
  if (!(await leaf.isSignedBy(leaf.keyPem))) {
    throw refused(`${place}[0] was signed neither by its own key nor by this registry.`);
  }
  return { leaf, pem: [leaf.pem] };
}

async function read(pem: string, place: string): Promise<Certificate> {
  try {
    return await readCertificate(pem, place);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new Problem(error.code, error.message, { fix: error.fix }, { cause: error });
  }
}

function requireValid(leaf: Certificate, now: number, place: string): void {
  if (now >= leaf.notBefore && now <= leaf.notAfter) return;
  const [verb, when] = now < leaf.notBefore ? ['is valid from', leaf.notBefore] : ['expired on', leaf.notAfter];
  throw refused(`${place}[0] ${verb} ${new Date(when).toISOString()}.`, 'Get a new certificate and sign again.');
}

/** The certificate of the authority of this hub, of now or earlier, that signed the leaf. */
async function issuingAuthority(
  deps: Pick<Deps, 'db'>,
  leaf: Certificate,
  issuer: Certificate | undefined,
): Promise<string | undefined> {
  const roots = await deps.db.select({ pem: authorities.pem }).from(authorities);
  for (const { pem } of roots) {
    const root = await readCertificate(pem, 'authority');
    const named = issuer === undefined || issuer.pem === root.pem;
    if (named && (await leaf.isSignedBy(root.keyPem))) return root.pem;
  }
  return undefined;
}

/** What the authority's key signed is a certificate only if this hub remembers it. */
async function requireIssued(deps: Pick<Deps, 'db'>, leaf: Certificate, place: string): Promise<void> {
  const [issued] = await deps.db
    .select({ fingerprint: certificates.fingerprint, revokedAt: certificates.revokedAt })
    .from(certificates)
    .where(eq(certificates.serial, leaf.serial));
  if (issued?.fingerprint !== leaf.fingerprint) throw refused(`${place}[0] is not a certificate of this registry.`);
  if (issued.revokedAt !== null) {
    throw refused(`${place}[0] was revoked.`, 'Get a new certificate and sign again.');
  }
}

function refused(detail: string, fix = 'Send the certificate of the key that signed, alone or with its authority.') {
  return new Problem('invalid_certificate', detail, { fix });
}
