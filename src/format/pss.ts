import { concatBytes } from './concat-bytes.ts';
import { type RsaKey, toInteger } from './rsa-key.ts';

const HASH_BYTES = 32;
const SALT_BYTES = 32;
const TRAILER = 0xbc;

/**
 * Verifies RSASSA-PSS (RFC 8017, section 8.1.2) with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes over a hash that is
 * given, not made here: WebCrypto only signs and verifies messages that it hashes itself.
 *
 * @param hash the 32 bytes that take the place of SHA-256(message)
 */
export async function verifyPss(key: RsaKey, hash: Uint8Array, signature: Uint8Array): Promise<boolean> {
  if (hash.length !== HASH_BYTES || signature.length !== Math.ceil(key.bits / 8)) return false;
  const signed = toInteger(signature);
  if (signed >= key.modulus) return false;
  const encodedBits = key.bits - 1;
  const encoded = toBytes(power(signed, key.exponent, key.modulus), Math.ceil(encodedBits / 8));
  return encoded !== undefined && isEncodingOf(hash, encoded, encodedBits);
}

/** EMSA-PSS-VERIFY, section 9.1.2, from step 3 on. */
async function isEncodingOf(hash: Uint8Array, encoded: Uint8Array, bits: number): Promise<boolean> {
  const split = encoded.length - HASH_BYTES - 1;
  const salted = split - SALT_BYTES;
  if (salted < 1 || encoded.at(-1) !== TRAILER) return false;
  const unused = 8 * encoded.length - bits;
  const leading = 0xff >> unused;
  const [first = 0] = encoded;
  if ((first & ~leading & 0xff) !== 0) return false;

  const masked = encoded.subarray(0, split);
  const digest = encoded.subarray(split, -1);
  const mask = await mgf1(digest, split);
  const block = masked.map((byte, at) => byte ^ (mask[at] ?? 0));
  block[0] = (block[0] ?? 0) & leading;
  if (block.subarray(0, salted - 1).some((byte) => byte !== 0) || block[salted - 1] !== 1) return false;

  const salt = block.subarray(salted);
  const expected = await sha256(new Uint8Array(8), hash, salt);
  return expected.every((byte, at) => byte === digest[at]);
}

async function mgf1(seed: Uint8Array, length: number): Promise<Uint8Array> {
  const mask = new Uint8Array(Math.ceil(length / HASH_BYTES) * HASH_BYTES);
  for (let at = 0, counter = 0; at < length; at += HASH_BYTES, counter++) {
    mask.set(await sha256(seed, Uint8Array.of(0, 0, counter >> 8, counter & 0xff)), at);
  }
  return mask.subarray(0, length);
}

async function sha256(...parts: Uint8Array[]): Promise<Uint8Array> {
  const size = parts.reduce((total, part) => total + part.length, 0);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', concatBytes(parts, size)));
}

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}

/** Undefined when the integer needs more bytes. */
function toBytes(integer: bigint, length: number): Uint8Array | undefined {
  const hex = integer.toString(16).padStart(length * 2, '0');
  if (hex.length > length * 2) return undefined;
  return Uint8Array.from({ length }, (_, at) => Number.parseInt(hex.slice(at * 2, at * 2 + 2), 16));
}
