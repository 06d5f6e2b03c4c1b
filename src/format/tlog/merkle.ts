/** The hashes of RFC 6962, section 2.1, with SHA-256. */

export const HASH_BYTES = 32;

const LEAF_PREFIX = 0;
const NODE_PREFIX = 1;

/** The hash of an entry, 32 bytes. */
export function leafHash(entry: Uint8Array): Promise<Uint8Array> {
  return sha256(LEAF_PREFIX, entry);
}

/** The hash of an inner node, 32 bytes, from those of its two children. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Uint8Array> {
  return sha256(NODE_PREFIX, left, right);
}

/** The root of the tree without entries. */
export async function emptyRoot(): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array()));
}

/** The largest power of two below `size`, which has to be at least 2: where a tree of that size falls into its halves. */
export function splitPoint(size: number): number {
  let half = 1;
  while (half * 2 < size) half *= 2;
  return half;
}

/** Whether two hashes are the same bytes. */
export function isSameHash(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

async function sha256(prefix: number, ...parts: Uint8Array[]): Promise<Uint8Array> {
  const message = new Uint8Array(1 + parts.reduce((sum, part) => sum + part.length, 0));
  message[0] = prefix;
  let at = 1;
  for (const part of parts) {
    message.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', message));
}
