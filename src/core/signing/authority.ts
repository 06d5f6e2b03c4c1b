import { eq } from 'drizzle-orm';
import { authorities } from '../../db/schema/certificates.ts';
import { makeCertificate } from '../../format/make-certificate.ts';
import { decodePem } from '../../format/pem.ts';
import type { Deps, RegistryKey } from '../deps.ts';
import { Problem } from '../problem.ts';

export const AUTHORITY_NAME = 'Skills Hub registry';
const LIFETIME_MS = 20 * 365 * 24 * 60 * 60_000;
/** Clocks of those who check a certificate may be late. */
export const BACKDATED_MS = 5 * 60_000;

type AuthorityDeps = Pick<Deps, 'db' | 'signer' | 'clock' | 'random'>;

export interface Authority {
  key: RegistryKey;
  /** SubjectPublicKeyInfo in DER. */
  spki: Uint8Array;
  /** Its certificate, signed by itself. */
  pem: string;
}

/**
 * The authority that issues certificates: the key that signs versions, with a certificate that is made when it is first
 * asked for and stays the same ever after.
 *
 * @throws Problem `unavailable` when the key cannot be used
 */
export async function authority(deps: AuthorityDeps): Promise<Authority> {
  const key = await registryKey(deps);
  const spki = decodePem(key.pem, 'PUBLIC KEY');
  if (!spki) throw new Error('the signer tells a public key that is no PEM');
  const pem = (await storedPem(deps, key.id)) ?? (await makeRoot(deps, key.id, spki));
  return { key, spki, pem };
}

/** RSASSA-PSS by the authority's key. @throws Problem `unavailable` */
export async function signAsAuthority(deps: Pick<Deps, 'signer'>, bytes: Uint8Array): Promise<Uint8Array> {
  try {
    return (await deps.signer.signPss(bytes)).signature;
  } catch (cause) {
    throw keyUnavailable(cause);
  }
}

/** A serial number in hex: positive, without leading zeros, and not to be guessed. */
export function newSerial(deps: Pick<Deps, 'random'>): string {
  return `7${deps.random.hex(16).slice(1)}`;
}

async function makeRoot(deps: AuthorityDeps, keyId: string, spki: Uint8Array): Promise<string> {
  const now = deps.clock.now();
  const content = {
    serial: newSerial(deps),
    subject: AUTHORITY_NAME,
    issuer: AUTHORITY_NAME,
    subjectKey: spki,
    issuerKey: spki,
    notBefore: now - BACKDATED_MS,
    notAfter: now + LIFETIME_MS,
    authority: true,
  };
  const pem = await makeCertificate(content, (bytes) => signAsAuthority(deps, bytes));
  await deps.db.insert(authorities).values({ keyId, pem, createdAt: now }).onConflictDoNothing();
  // Another request may have been first; then its certificate counts.
  return (await storedPem(deps, keyId)) ?? pem;
}

async function storedPem(deps: Pick<Deps, 'db'>, keyId: string): Promise<string | undefined> {
  const [stored] = await deps.db.select({ pem: authorities.pem }).from(authorities).where(eq(authorities.keyId, keyId));
  return stored?.pem;
}

async function registryKey(deps: Pick<Deps, 'signer'>): Promise<RegistryKey> {
  try {
    return await deps.signer.key();
  } catch (cause) {
    throw keyUnavailable(cause);
  }
}

function keyUnavailable(cause: unknown): Problem {
  return new Problem('unavailable', 'The signing key is unavailable.', { fix: 'Try again in a minute.' }, { cause });
}
