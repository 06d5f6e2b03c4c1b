/** Hashes of a full tile, and levels of the tree that a tile spans: 2^8 (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;
export const TILE_HEIGHT = 8;

/** A tile of hashes by its level, or a bundle of entries. */
export interface TileAddress {
  level: number | 'entries';
  index: number;
  /** Hashes or entries in it, 1 to 256. */
  width: number;
}

/** Where a tile lies under the log's prefix: `tile/<level>/<index>`, and `.p/<width>` for one that is not full. */
export function tilePath({ level, index, width }: TileAddress): string {
  const partial = width === TILE_WIDTH ? '' : `.p/${width}`;
  return `tile/${level}/${indexPath(index)}${partial}`;
}

/** The tile that a path names; undefined for whatever is not written exactly so. */
export function parseTilePath(path: string): TileAddress | undefined {
  const [, level = '', digits = '', width] =
    /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,4}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path) ?? [];
  const address: TileAddress = {
    level: level === 'entries' ? level : Number(level),
    index: Number(digits.replaceAll(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  const isSmall = address.level === 'entries' || address.level < 64;
  return isSmall && address.width > 0 && tilePath(address) === path ? address : undefined;
}

/** How many tiles of a level are full in a tree of `size` entries, and how many hashes the next one has. */
export function tilesAt(level: number, size: number): { full: number; partial: number } {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return { full: Math.floor(hashes / TILE_WIDTH), partial: hashes % TILE_WIDTH };
}

/** Hashes in a tile of a tree of `size` entries, 0 where there is none. */
export function widthOf(level: number, index: number, size: number): number {
  const { full, partial } = tilesAt(level, size);
  if (index < full) return TILE_WIDTH;
  return index === full ? partial : 0;
}

/** `1234067` as `x001/x234/067`. */
function indexPath(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/\d{3}/g) ?? [];
  return groups.map((group, at) => (at === groups.length - 1 ? group : `x${group}`)).join('/');
}
