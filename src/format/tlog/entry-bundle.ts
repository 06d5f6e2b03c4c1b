import { concatBytes } from '../concat-bytes.ts';

/** An entry's length has 16 bits in a bundle. */
export const MAX_ENTRY_BYTES = 0xffff;

/** Entries one after the other, each behind its length as a big-endian uint16. @throws RangeError for one that is too long */
export function writeEntryBundle(entries: readonly Uint8Array[]): Uint8Array {
  const pieces = entries.flatMap((entry) => {
    if (entry.length > MAX_ENTRY_BYTES) throw new RangeError(`an entry of the log has ${entry.length} bytes`);
    return [Uint8Array.of(entry.length >> 8, entry.length & 0xff), entry];
  });
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  return concatBytes(pieces, size);
}

/** The entries of a bundle. @throws RangeError for a bundle that ends within one */
export function readEntryBundle(bundle: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bundle.length) {
    const end = at + 2 + (bundle[at] ?? 0) * 256 + (bundle[at + 1] ?? 0);
    if (at + 2 > bundle.length || end > bundle.length)
      throw new RangeError(`the bundle of entries ends within entry ${entries.length}`);
    entries.push(bundle.slice(at + 2, end));
    at = end;
  }
  return entries;
}
