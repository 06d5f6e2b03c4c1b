import { concatBytes } from '../../format/concat-bytes.ts';
import { writeEntryBundle } from '../../format/tlog/entry-bundle.ts';
import { HASH_BYTES, leafHash } from '../../format/tlog/merkle.ts';
import { pairUp, type ReadHash } from '../../format/tlog/range-hash.ts';
import { TILE_WIDTH, type TileAddress, tilesAt } from '../../format/tlog/tile.ts';
import type { Deps } from '../deps.ts';
import { logKeys } from './keys.ts';
import { readTile, tileReader } from './tiles.ts';

/** The tree grows from `from` to `size` entries; the entries at hand begin at `start`, where a tile begins. */
interface Growth {
  start: number;
  from: number;
  size: number;
}

/**
 * Writes the bundles of entries and the tiles, full and partial, by which the new tree differs from the old one.
 *
 * @returns reads hashes of the new tree
 */
export async function writeTiles(
  deps: Pick<Deps, 'bundles'>,
  entries: readonly Uint8Array[],
  { start, from, size }: Growth,
): Promise<ReadHash> {
  const fresh = new Map<string, readonly Uint8Array[]>();
  let index = start / TILE_WIDTH;
  for (const bundle of inTiles(entries)) {
    await deps.bundles.put(logKeys.tile({ level: 'entries', index, width: bundle.length }), writeEntryBundle(bundle));
    index++;
  }
  let first = start / TILE_WIDTH;
  let hashes = await Promise.all(entries.map(leafHash));
  for (let level = 0; hashes.length > 0; level++) {
    const tiles = inTiles(hashes);
    for (const [at, tile] of tiles.entries()) {
      fresh.set(`${level}/${first + at}`, tile);
      await putTile(deps, { level, index: first + at, width: tile.length }, tile);
    }
    const full = tiles.filter((tile) => tile.length === TILE_WIDTH);
    if (full.length === 0) break;
    const above = await Promise.all(full.map(tileRoot));
    ({ first, hashes } = await prepended(deps, level + 1, from, first, above));
  }
  return tileReader(deps, size, fresh);
}

/** Hashes that go to a level, with those before them that the old tree has in the same tile. */
async function prepended(
  deps: Pick<Deps, 'bundles'>,
  level: number,
  from: number,
  position: number,
  hashes: Uint8Array[],
): Promise<{ first: number; hashes: Uint8Array[] }> {
  const index = Math.floor(position / TILE_WIDTH);
  const width = position % TILE_WIDTH;
  if (width === 0) return { first: index, hashes };
  const { full, partial } = tilesAt(level, from);
  if (full !== index || partial !== width) throw new Error(`the log's tile ${level}/${index} does not fit its size`);
  const tile = await readTile(deps, { level, index, width });
  const before = Array.from({ length: width }, (_, at) => tile.slice(at * HASH_BYTES, (at + 1) * HASH_BYTES));
  return { first: index, hashes: [...before, ...hashes] };
}

/** Deletes the partial tiles that a growth from `from` to `size` entries has made full: at most 256 a level. */
export async function dropPartialTiles(deps: Pick<Deps, 'bundles'>, from: number, size: number): Promise<void> {
  const keys: string[] = [];
  for (let level = 0; tilesAt(level, from).full + tilesAt(level, from).partial > 0; level++) {
    const { full: index, partial } = tilesAt(level, from);
    if (partial === 0 || tilesAt(level, size).full <= index) continue;
    for (let width = 1; width < TILE_WIDTH; width++) {
      keys.push(logKeys.tile({ level, index, width }));
      if (level === 0) keys.push(logKeys.tile({ level: 'entries', index, width }));
    }
  }
  if (keys.length > 0) await deps.bundles.delete(keys);
}

async function tileRoot(tile: readonly Uint8Array[]): Promise<Uint8Array> {
  let hashes = tile;
  while (hashes.length > 1) hashes = await pairUp(hashes);
  const [root] = hashes;
  if (!root) throw new Error('a tile without hashes has no root');
  return root;
}

function putTile(deps: Pick<Deps, 'bundles'>, address: TileAddress, hashes: readonly Uint8Array[]): Promise<void> {
  return deps.bundles.put(logKeys.tile(address), concatBytes([...hashes], hashes.length * HASH_BYTES));
}

function inTiles<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / TILE_WIDTH) }, (_, at) =>
    items.slice(at * TILE_WIDTH, (at + 1) * TILE_WIDTH),
  );
}
