import type { BundleFile } from './bundle.ts';
import { splitUstarPath } from './entry-path.ts';
import { hostileEntry } from './raw-entry.ts';
import { BLOCK, FIELD, tarChecksum } from './tar-header.ts';

const encoder = new TextEncoder();

/**
 * Writes a plain POSIX ustar of regular files in the order given: mode 0644 or 0755, time 0, owner 0 without a name,
 * no folder entries, and an end mark of two zero blocks. Equal input gives equal bytes on every platform.
 *
 * @throws FormatError `hostile_archive` when a path does not fit a ustar header
 */
export function writeTar(files: readonly BundleFile[]): Uint8Array<ArrayBuffer> {
  const padded = (size: number) => Math.ceil(size / BLOCK) * BLOCK;
  const total = files.reduce((sum, file) => sum + BLOCK + padded(file.bytes.length), 2 * BLOCK);
  const tar = new Uint8Array(total);
  let offset = 0;
  for (const file of files) {
    writeHeader(tar.subarray(offset, offset + BLOCK), file);
    tar.set(file.bytes, offset + BLOCK);
    offset += BLOCK + padded(file.bytes.length);
  }
  return tar;
}

function writeHeader(block: Uint8Array, file: BundleFile): void {
  const split = splitUstarPath(file.path);
  if (split === undefined) throw hostileEntry(file.path, 'has a path that no tar header can hold');
  block.set(split.name, FIELD.name[0]);
  block.set(split.prefix, FIELD.prefix[0]);
  writeOctal(block, FIELD.mode, file.executable ? 0o755 : 0o644);
  writeOctal(block, FIELD.uid, 0);
  writeOctal(block, FIELD.gid, 0);
  writeOctal(block, FIELD.size, file.bytes.length);
  writeOctal(block, FIELD.mtime, 0);
  block.set(encoder.encode('0'), FIELD.type[0]);
  block.set(encoder.encode('ustar\x0000'), FIELD.magic[0]);
  const checksum = tarChecksum(block).toString(8).padStart(6, '0');
  block.set(encoder.encode(`${checksum}\0 `), FIELD.checksum[0]);
}

function writeOctal(block: Uint8Array, [start, length]: readonly [number, number], value: number): void {
  block.set(encoder.encode(value.toString(8).padStart(length - 1, '0')), start);
}
