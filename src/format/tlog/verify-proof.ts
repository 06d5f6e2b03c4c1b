import { emptyRoot, isSameHash, nodeHash } from './merkle.ts';

/** What an inclusion proof is about. */
export interface Inclusion {
  /** Of the entry; see `leafHash`. */
  leaf: Uint8Array;
  position: number;
  size: number;
  root: Uint8Array;
}

/** Whether the audit path proves that the entry has this position in the tree with this root (RFC 9162, 2.1.3.2). */
export async function verifyInclusion(
  { leaf, position, size, root }: Inclusion,
  path: readonly Uint8Array[],
): Promise<boolean> {
  if (!isCount(position) || !isCount(size) || position >= size) return false;
  let at = position;
  let last = size - 1;
  let hash = leaf;
  for (const sibling of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = await nodeHash(sibling, hash);
      while (at % 2 === 0 && at !== 0) {
        at = half(at);
        last = half(last);
      }
    } else {
      hash = await nodeHash(hash, sibling);
    }
    at = half(at);
    last = half(last);
  }
  return last === 0 && isSameHash(hash, root);
}

/** A tree by its number of entries and its root. */
export interface TreeHead {
  size: number;
  root: Uint8Array;
}

/** Whether the proof shows that the old tree is the beginning of the new one (RFC 9162, 2.1.4.2). */
export async function verifyConsistency(old: TreeHead, next: TreeHead, proof: readonly Uint8Array[]): Promise<boolean> {
  if (!isCount(old.size) || !isCount(next.size) || old.size > next.size) return false;
  if (old.size === 0) return proof.length === 0 && isSameHash(old.root, await emptyRoot());
  if (old.size === next.size) return proof.length === 0 && isSameHash(old.root, next.root);
  const whole = isPowerOfTwo(old.size) ? [old.root, ...proof] : proof;
  const [first, ...rest] = whole;
  if (first === undefined) return false;
  let at = old.size - 1;
  let last = next.size - 1;
  while (at % 2 === 1) {
    at = half(at);
    last = half(last);
  }
  let oldRoot = first;
  let newRoot = first;
  for (const sibling of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      oldRoot = await nodeHash(sibling, oldRoot);
      newRoot = await nodeHash(sibling, newRoot);
      while (at % 2 === 0 && at !== 0) {
        at = half(at);
        last = half(last);
      }
    } else {
      newRoot = await nodeHash(newRoot, sibling);
    }
    at = half(at);
    last = half(last);
  }
  return last === 0 && isSameHash(oldRoot, old.root) && isSameHash(newRoot, next.root);
}

/** Shifts of JavaScript end at 32 bits. */
function half(count: number): number {
  return Math.floor(count / 2);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function isPowerOfTwo(count: number): boolean {
  return Number.isInteger(Math.log2(count));
}
