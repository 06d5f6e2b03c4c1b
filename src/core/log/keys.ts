import { type TileAddress, tilePath } from '../../format/tlog/tile.ts';

/** Where the log lies in the bundle store. */
export const logKeys = {
  /** The same path as under the log's address. */
  tile: (address: TileAddress) => `log/${tilePath(address)}`,
  /** What the log holds only a commitment to; shown to those who may read the skill. */
  opening: (commitment: string) => `openings/${commitment}.json`,
};
