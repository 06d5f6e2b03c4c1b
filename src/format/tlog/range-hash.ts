import { emptyRoot, nodeHash, splitPoint } from './merkle.ts';
import type { Range } from './proof-ranges.ts';
import { TILE_HEIGHT, TILE_WIDTH } from './tile.ts';

/** One hash of a tile: that of a full tile a level below, or at level 0 of an entry. */
export type ReadHash = (level: number, index: number, at: number) => Promise<Uint8Array>;

/** The root of a tree of `size` entries, from its tiles. */
export function rootHash(read: ReadHash, size: number): Promise<Uint8Array> {
  return size === 0 ? emptyRoot() : rangeHash(read, { start: 0, end: size });
}

/**
 * The root of the subtree over `[start, end)`, from tiles. `start` has to be a multiple of the smallest power of two that
 * is not below the number of entries, as it is for all ranges of proofs.
 */
export async function rangeHash(read: ReadHash, { start, end }: Range): Promise<Uint8Array> {
  const count = end - start;
  if (Number.isInteger(Math.log2(count))) return completeHash(read, start, count);
  const middle = start + splitPoint(count);
  const [left, right] = await Promise.all([
    completeHash(read, start, middle - start),
    rangeHash(read, { start: middle, end }),
  ]);
  return nodeHash(left, right);
}

/** The root over a power of two of entries: the hashes that a tile has of them, hashed upwards. */
async function completeHash(read: ReadHash, start: number, count: number): Promise<Uint8Array> {
  const level = Math.floor(Math.log2(count) / TILE_HEIGHT);
  const unit = TILE_WIDTH ** level;
  const first = start / unit;
  const index = Math.floor(first / TILE_WIDTH);
  let hashes = await Promise.all(
    Array.from({ length: count / unit }, (_, i) => read(level, index, (first % TILE_WIDTH) + i)),
  );
  while (hashes.length > 1) hashes = await pairUp(hashes);
  const [root] = hashes;
  if (!root) throw new RangeError('a subtree without entries has no root');
  return root;
}

/** The hashes one level up, from an even number of them. */
export async function pairUp(hashes: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const pairs: Promise<Uint8Array>[] = [];
  for (let at = 0; at + 1 < hashes.length; at += 2) {
    const [left, right] = [hashes[at], hashes[at + 1]];
    if (left && right) pairs.push(nodeHash(left, right));
  }
  return Promise.all(pairs);
}
