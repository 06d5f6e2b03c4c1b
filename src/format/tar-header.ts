import { decodeEntryName, malformedArchive } from './raw-entry.ts';

export const BLOCK = 512;

/** Byte ranges of a tar header that the format defines (POSIX.1-1988 ustar). */
export const FIELD = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  magic: [257, 8],
  prefix: [345, 155],
} as const;

export interface TarHeader {
  path: string;
  size: number;
  mode: number;
  /** One character; `\0` stands for a regular file of an old writer. */
  type: string;
}

/**
 * Reads and checks one 512-byte header.
 * @param offset where the block starts, for the error message
 * @throws FormatError `malformed_archive`, or `hostile_archive` for a name that is not UTF-8
 */
export function readTarHeader(block: Uint8Array, offset: number): TarHeader {
  const stated = readNumber(block, FIELD.checksum, offset);
  if (stated !== tarChecksum(block)) throw malformedArchive(`the tar header at byte ${offset} has a wrong checksum`);

  const name = decodeEntryName(readField(block, FIELD.name));
  // GNU's magic ends in two spaces and a NUL; its headers keep times where ustar has the prefix.
  const isUstar = String.fromCharCode(...block.subarray(257, 263)) === 'ustar\0';
  const prefix = isUstar ? decodeEntryName(readField(block, FIELD.prefix)) : '';
  return {
    path: prefix === '' ? name : `${prefix}/${name}`,
    size: readNumber(block, FIELD.size, offset),
    mode: readNumber(block, FIELD.mode, offset),
    type: String.fromCharCode(block[FIELD.type[0]] ?? 0),
  };
}

/** The sum of all bytes of a header, with its checksum field taken as spaces. */
export function tarChecksum(block: Uint8Array): number {
  const [start, length] = FIELD.checksum;
  let sum = 0;
  for (let index = 0; index < BLOCK; index++) {
    sum += index >= start && index < start + length ? 0x20 : (block[index] ?? 0);
  }
  return sum;
}

export function isZeroBlock(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

function readField(block: Uint8Array, [start, length]: readonly [number, number]): Uint8Array {
  const field = block.subarray(start, start + length);
  const nul = field.indexOf(0);
  return nul === -1 ? field : field.subarray(0, nul);
}

function readNumber(block: Uint8Array, [start, length]: readonly [number, number], offset: number): number {
  const field = block.subarray(start, start + length);
  const first = field[0] ?? 0;
  if (first & 0x80) return readBase256(field, offset);
  const text = String.fromCharCode(...field);
  const digits = /^ *([0-7]*)[ \0]*$/.exec(text)?.[1];
  if (digits === undefined) throw malformedArchive(`the tar header at byte ${offset} has a bad number`);
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

function readBase256(field: Uint8Array, offset: number): number {
  let value = (field[0] ?? 0) & 0x7f;
  for (const byte of field.subarray(1)) value = value * 256 + byte;
  if (!Number.isSafeInteger(value))
    throw malformedArchive(`the tar header at byte ${offset} has a number out of range`);
  return value;
}
