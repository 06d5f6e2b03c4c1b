import { HASH_BYTES } from '../../format/tlog/merkle.ts';
import type { ReadHash } from '../../format/tlog/range-hash.ts';
import { TILE_WIDTH, type TileAddress, widthOf } from '../../format/tlog/tile.ts';
import type { Deps } from '../deps.ts';
import { logKeys } from './keys.ts';

/**
 * Reads single hashes out of the tiles of the tree of `size` entries; each tile is fetched once.
 *
 * @param fresh hashes that are known already, by `<level>/<index>`
 */
export function tileReader(
  deps: Pick<Deps, 'bundles'>,
  size: number,
  fresh: ReadonlyMap<string, readonly Uint8Array[]> = new Map(),
): ReadHash {
  const fetched = new Map<string, Promise<Uint8Array>>();
  return async (level, index, at) => {
    const name = `${level}/${index}`;
    const known = fresh.get(name);
    if (known) return present(known[at], name);
    const tile = fetched.get(name) ?? readTile(deps, { level, index, width: widthOf(level, index, size) });
    fetched.set(name, tile);
    const hash = (await tile).subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES);
    return present(hash.length === HASH_BYTES ? hash : undefined, name);
  };
}

/** @throws Error when it is lost */
export async function readTile(deps: Pick<Deps, 'bundles'>, address: TileAddress): Promise<Uint8Array> {
  // A partial tile goes when the full one is there, which begins with the same hashes.
  const stored =
    (await deps.bundles.open(logKeys.tile(address))) ??
    (await deps.bundles.open(logKeys.tile({ ...address, width: TILE_WIDTH })));
  if (!stored) throw new Error(`the bundle store has lost ${logKeys.tile(address)}`);
  return new Uint8Array(await new Response(stored.body).arrayBuffer());
}

function present(hash: Uint8Array | undefined, tile: string): Uint8Array {
  if (!hash) throw new Error(`the log's tile ${tile} is too short`);
  return hash;
}
