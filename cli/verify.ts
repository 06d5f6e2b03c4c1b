import { createPublicKey, publicDecrypt } from 'node:crypto';
import { sha256Hex } from '../src/format/digest.ts';
import { CodedError } from './failure.ts';

/** The DER prefix of a SHA-256 DigestInfo (RFC 8017, 9.2): 32 bytes of digest follow it. */
const SHA256_DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/** @throws CodedError `digest_mismatch` */
export async function verifyDigest(label: string, bytes: Uint8Array, sha256: string): Promise<void> {
  const actual = await sha256Hex(bytes);
  if (actual === sha256) return;
  const message = `The archive of ${label} has the SHA-256 ${actual}, but the registry's metadata says ${sha256}.`;
  throw new CodedError(
    'digest_mismatch',
    message,
    'Nothing was installed. Try again; if it stays, do not trust this version and tell the operator.',
  );
}

/**
 * Checks the registry's signature over an archive: RSASSA-PKCS1-v1_5 with SHA-256.
 *
 * @param pem the registry's public key, SubjectPublicKeyInfo
 * @throws CodedError `bad_signature`
 */
export async function verifySignature(
  label: string,
  archive: Uint8Array,
  signature: Uint8Array,
  pem: string,
): Promise<void> {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('spki', derOf(label, pem), algorithm, false, ['verify']).catch((cause) => {
    throw badSignature(label, 'names a key that cannot be read', cause);
  });
  if (await crypto.subtle.verify(algorithm, key, signature, archive)) return;
  throw badSignature(label, 'does not belong to this archive');
}

/** The same check for an archive of which only the digest is known. */
export function verifyDigestSignature(label: string, sha256: string, signature: Uint8Array, pem: string): void {
  const signed = openSignature(label, signature, pem);
  const expected = Buffer.concat([SHA256_DIGEST_INFO, Buffer.from(sha256, 'hex')]);
  if (!signed.equals(expected)) throw badSignature(label, 'is over another archive');
}

function openSignature(label: string, signature: Uint8Array, pem: string): Buffer {
  const key = createPublicKey({ key: Buffer.from(derOf(label, pem)), format: 'der', type: 'spki' });
  try {
    return publicDecrypt(key, signature);
  } catch (cause) {
    throw badSignature(label, 'was not made with the key of the registry', cause);
  }
}

/** Reads the PEM by hand: WebCrypto takes DER only. */
function derOf(label: string, pem: string): Uint8Array<ArrayBuffer> {
  const [, base64] = /-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----/.exec(pem) ?? [];
  if (base64 === undefined) throw badSignature(label, 'names a key that is not a public key in PEM');
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

function badSignature(label: string, problem: string, cause?: unknown): CodedError {
  const fix = 'Do not use this version: somebody may have changed it. Tell the operator of the registry.';
  return new CodedError('bad_signature', `The registry's signature of ${label} ${problem}.`, fix, 1, { cause });
}
