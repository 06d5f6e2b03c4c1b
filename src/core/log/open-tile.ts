import { parseTilePath } from '../../format/tlog/tile.ts';
import type { Deps, StoredBundle } from '../deps.ts';
import { logKeys } from './keys.ts';

/** A tile or a bundle of entries by its path under the log's address; undefined for what is none, or not there yet. */
export async function openTile(deps: Pick<Deps, 'bundles'>, path: string): Promise<StoredBundle | undefined> {
  const address = parseTilePath(path);
  return address && deps.bundles.open(logKeys.tile(address));
}
