import { sha256Hex } from './digest.ts';

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const LEAST_BITS = 2048;
/** Whoever sends a key makes the hub reckon with it. */
const MOST_BITS = 8192;
const LEAST_EXPONENT = 65_537n;
const MOST_EXPONENT = 2n ** 33n;

export interface RsaKey {
  modulus: bigint;
  exponent: bigint;
  /** Length of the modulus. */
  bits: number;
}

/**
 * The RSA key in a SubjectPublicKeyInfo (DER).
 *
 * @returns undefined for what is no RSA key, has fewer than 2048 or more than 8192 bits, or an exponent that is even, less
 * than 65537 or more than 2^33
 */
export async function readRsaKey(spki: Uint8Array): Promise<RsaKey | undefined> {
  const jwk = await exportJwk(spki);
  if (jwk?.n === undefined || jwk.e === undefined) return undefined;
  const modulus = toInteger(fromBase64Url(jwk.n));
  const exponent = toInteger(fromBase64Url(jwk.e));
  const bits = modulus.toString(2).length;
  const sound = exponent % 2n === 1n && exponent >= LEAST_EXPONENT && exponent <= MOST_EXPONENT;
  return sound && bits >= LEAST_BITS && bits <= MOST_BITS ? { modulus, exponent, bits } : undefined;
}

/** What a key is pinned by: SHA-256 (hex) of its SubjectPublicKeyInfo in DER. */
export function keyFingerprint(spki: Uint8Array): Promise<string> {
  return sha256Hex(spki);
}

/** Unsigned, the most significant byte first. */
export function toInteger(bytes: Uint8Array): bigint {
  let hex = '0x0';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return BigInt(hex);
}

async function exportJwk(spki: Uint8Array): Promise<{ n?: string; e?: string } | undefined> {
  try {
    const key = await crypto.subtle.importKey('spki', spki, ALGORITHM, true, ['verify']);
    const jwk = await crypto.subtle.exportKey('jwk', key);
    return jwk instanceof ArrayBuffer ? undefined : jwk;
  } catch {
    return undefined;
  }
}

function fromBase64Url(text: string): Uint8Array {
  const base64 = text.replace(/-/g, '+').replace(/_/g, '/');
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
