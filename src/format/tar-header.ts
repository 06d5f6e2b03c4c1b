import { decodeEntryName, hostileEntry, malformedArchive } from './raw-entry.ts';

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
  /** Major and minor number of a device. */
  devices: [329, 16],
  major: [329, 8],
  minor: [337, 8],
  prefix: [345, 155],
} as const;

export interface TarHeader {
  path: string;
  size: number;
  mode: number;
  /** One character; `\0` stands for a regular file of an old writer. */
  type: string;
}

const USTAR_MAGIC = 'ustar\x0000';
const GNU_MAGIC = 'ustar  \0';
/** Where ustar keeps the prefix and GNU keeps times and maps of sparse files. */
const EXTENSION_START = 345;
/** Padding in ustar; another dialect marks itself here and then ends the prefix sooner. */
const PADDING_START = 500;

/**
 * Reads and checks one 512-byte header, which must be exactly ustar, exactly GNU, or of the old kind without a magic.
 * Unpackers disagree on what anything between those means.
 *
 * @param offset where the block starts, for the error message
 * @throws FormatError `malformed_archive`, or `hostile_archive` for a name that is not UTF-8 and for a header that
 *   unpackers read in different ways
 */
export function readTarHeader(block: Uint8Array, offset: number): TarHeader {
  const stated = readNumber(block, FIELD.checksum, offset);
  if (stated !== tarChecksum(block)) throw malformedArchive(`the tar header at byte ${offset} has a wrong checksum`);

  checkUnusedNumbers(block, offset);
  const name = decodeEntryName(readField(block, FIELD.name));
  const type = String.fromCharCode(block[FIELD.type[0]] ?? 0);
  const magic = String.fromCharCode(...block.subarray(FIELD.magic[0], FIELD.magic[0] + FIELD.magic[1]));
  const problem = checkDialect(block, magic, type);
  if (problem !== undefined) throw hostileEntry(name, problem);
  const prefix = magic === USTAR_MAGIC ? decodeEntryName(readField(block, FIELD.prefix)) : '';
  return {
    path: prefix === '' ? name : `${prefix}/${name}`,
    size: readNumber(block, FIELD.size, offset),
    mode: readNumber(block, FIELD.mode, offset),
    type,
  };
}

/** Some readers take a header with any bad number for the end of the archive, without a word. */
function checkUnusedNumbers(block: Uint8Array, offset: number): void {
  for (const field of [FIELD.uid, FIELD.gid, FIELD.mtime, FIELD.major, FIELD.minor]) {
    const isBinary = ((block[field[0]] ?? 0) & 0x80) !== 0;
    if (!isBinary) readNumber(block, field, offset);
  }
}

function checkDialect(block: Uint8Array, magic: string, type: string): string | undefined {
  const isZeroFrom = (start: number) => isZeroBlock(block.subarray(start));
  if (magic === USTAR_MAGIC) return isZeroFrom(PADDING_START) ? undefined : 'has data in the padding of its header';
  if (magic === GNU_MAGIC) return isZeroFrom(EXTENSION_START) ? undefined : 'has GNU extensions in its header';
  if (!isOldHeader(block)) return 'has a header that is neither ustar nor GNU';
  return 'LKxg7'.includes(type) ? `has the type '${type}', which a header without a magic cannot have` : undefined;
}

/** Nothing behind the link name, but for the device numbers that GNU tar writes as zeros. */
function isOldHeader(block: Uint8Array): boolean {
  const [start] = FIELD.magic;
  const [devices, length] = FIELD.devices;
  return (
    isZeroBlock(block.subarray(start, devices)) &&
    block.subarray(devices, devices + length).every((byte) => byte === 0 || byte === 0x30) &&
    isZeroBlock(block.subarray(devices + length))
  );
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
