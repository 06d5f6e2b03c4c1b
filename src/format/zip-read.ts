import { crc32 } from './crc32.ts';
import { FormatError } from './format-error.ts';
import { InflateLimitError, inflateRaw } from './inflate.ts';
import type { Limits } from './limits.ts';
import { hostileEntry, malformedArchive, type RawEntry } from './raw-entry.ts';
import { showText } from './visible-text.ts';
import { checkUnicodePath, equalBytes, readZipDirectory, type ZipRecord } from './zip-directory.ts';

// A strict reader of our own: zip.js checks as much, but adds 36 to 50 kB (compressed) to the Worker and the CLI, where all
// the archive code here is 12 kB, and by default it inflates with the stream that `inflate.ts` must avoid.

const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const DESCRIPTOR_SIGNATURE = 0x08074b50;
const FLAG_DESCRIPTOR = 0x0008;
const TYPE_MASK = 0o170000;
const TYPE_FILE = 0o100000;
const TYPE_FOLDER = 0o040000;
const TYPE_LINK = 0o120000;

/**
 * Reads a zip whose entries lie one after the other from the first byte to the central directory, each with a local
 * header that agrees with the directory. So a reader that streams and one that seeks see the same files.
 *
 * @param isWanted entries for which it returns false are checked but not unpacked
 * @throws FormatError `malformed_archive`, `hostile_archive` or `limit_exceeded`
 */
export function readZip(zip: Uint8Array, limits: Limits, isWanted: (path: string) => boolean): RawEntry[] {
  const directory = readZipDirectory(zip, limits.maxFiles * 4 + 64);
  const byOffset = [...directory.records].sort((a, b) => a.localOffset - b.localOffset);
  const entries: RawEntry[] = [];
  let offset = 0;
  let budget = limits.maxUnpackedBytes;
  for (const [index, record] of byOffset.entries()) {
    if (record.localOffset !== offset) {
      throw malformedArchive('overlaps another entry, or unknown data lies before it', record.path);
    }
    const next = byOffset[index + 1]?.localOffset ?? directory.start;
    const packed = locateData(zip, record, next);
    offset = next;
    const kind = entryKind(record);
    const wanted = kind === 'file' && isWanted(record.path);
    if (wanted) checkSize(record, limits, budget);
    const bytes = wanted ? unpack(record, packed) : new Uint8Array(0);
    budget -= bytes.length;
    const path = kind === 'folder' ? record.path.replace(/\/$/, '') : record.path;
    entries.push({ kind, path, bytes, executable: kind === 'file' && (record.mode & 0o100) !== 0 });
  }
  if (offset !== directory.start) throw malformedArchive('unknown data lies before the zip directory');
  return entries;
}

/** Checks the local header and the data descriptor against the directory; returns the packed bytes. */
function locateData(zip: Uint8Array, record: ZipRecord, next: number): Uint8Array {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const start = record.localOffset;
  if (start + LOCAL_BYTES > next || view.getUint32(start, true) !== LOCAL_SIGNATURE) {
    throw malformedArchive('has no local header where the zip directory says', record.path);
  }
  const nameEnd = start + LOCAL_BYTES + view.getUint16(start + 26, true);
  if (!equalBytes(zip.subarray(start + LOCAL_BYTES, nameEnd), record.rawName)) {
    throw hostileEntry(record.path, 'has another name in its local header than in the zip directory');
  }
  if (view.getUint16(start + 6, true) !== record.flags || view.getUint16(start + 8, true) !== record.method) {
    throw hostileEntry(record.path, 'has other flags in its local header than in the zip directory');
  }
  const stated = [14, 18, 22].map((field) => view.getUint32(start + field, true));
  const later = (record.flags & FLAG_DESCRIPTOR) !== 0 && stated.every((value) => value === 0 || value === 0xffffffff);
  if (!later && !sameNumbers(stated, record)) {
    throw hostileEntry(record.path, 'has another size or checksum in its local header than in the zip directory');
  }
  const dataStart = nameEnd + view.getUint16(start + 28, true);
  const dataEnd = dataStart + record.packedSize;
  if (dataEnd > next) throw hostileEntry(record.path, 'overlaps the entry after it: its packed size is wrong');
  checkUnicodePath(zip.subarray(nameEnd, dataStart), record);
  checkDescriptor(zip.subarray(dataEnd, next), record);
  return zip.subarray(dataStart, dataEnd);
}

function sameNumbers(stated: readonly (number | undefined)[], record: ZipRecord): boolean {
  return stated[0] === record.crc && stated[1] === record.packedSize && stated[2] === record.size;
}

/** A descriptor is 12 bytes, 4 more with a signature, 8 more when the writer prepared for ZIP64. */
function checkDescriptor(bytes: Uint8Array, record: ZipRecord): void {
  if (bytes.length === 0 && (record.flags & FLAG_DESCRIPTOR) === 0) return;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const signed = bytes.length === 16 || bytes.length === 24;
  const wide = bytes.length === 20 || bytes.length === 24;
  const known = (record.flags & FLAG_DESCRIPTOR) !== 0 && (signed || wide || bytes.length === 12);
  if (!known) throw malformedArchive('is followed by unknown data', record.path);
  const crcAt = signed ? 4 : 0;
  const numbers = [crcAt, crcAt + 4, crcAt + (wide ? 12 : 8)].map((field) => view.getUint32(field, true));
  const highHalves = wide ? view.getUint32(crcAt + 8, true) + view.getUint32(crcAt + 16, true) : 0;
  const signatureIsRight = !signed || view.getUint32(0, true) === DESCRIPTOR_SIGNATURE;
  if (!signatureIsRight || highHalves !== 0 || !sameNumbers(numbers, record)) {
    throw hostileEntry(record.path, 'has another size or checksum behind its data than in the zip directory');
  }
}

function entryKind(record: ZipRecord): RawEntry['kind'] {
  const type = record.mode & TYPE_MASK;
  const named = record.path.endsWith('/') ? 'folder' : 'file';
  if (type === TYPE_LINK) throw hostileEntry(record.path, 'is a symbolic link; only files and folders are allowed');
  if (type !== 0 && type !== TYPE_FILE && type !== TYPE_FOLDER) {
    throw hostileEntry(record.path, 'is a device or pipe; only files and folders are allowed');
  }
  if (type !== 0 && (type === TYPE_FOLDER) !== (named === 'folder')) {
    throw hostileEntry(record.path, 'is a file by its name and a folder by its mode, or the reverse');
  }
  if (named === 'file' && record.dosFolder) {
    throw hostileEntry(record.path, 'is a file by its name and a folder by its DOS attributes');
  }
  if (named === 'folder' && record.size > 0) throw hostileEntry(record.path, 'is a folder that holds data');
  return named;
}

function checkSize(record: ZipRecord, limits: Limits, budget: number): void {
  const [limit, what] =
    record.size > limits.maxFileBytes
      ? [limits.maxFileBytes, 'has']
      : [limits.maxUnpackedBytes, 'brings the archive to'];
  if (record.size <= Math.min(limits.maxFileBytes, budget)) return;
  const shown = showText(record.path);
  throw new FormatError('limit_exceeded', `entry '${shown}' ${what} more than ${limit} bytes`, {
    fix: 'Remove large files from the skill, or split it into several skills.',
    file: shown,
  });
}

function unpack(record: ZipRecord, packed: Uint8Array): Uint8Array {
  const bytes = record.method === 0 ? packed : inflateEntry(record, packed);
  if (bytes.length !== record.size)
    throw hostileEntry(record.path, `is ${bytes.length} bytes long but states ${record.size}`);
  if (crc32(bytes) !== record.crc) throw malformedArchive('does not match its checksum', record.path);
  return bytes;
}

function inflateEntry(record: ZipRecord, packed: Uint8Array): Uint8Array {
  try {
    return inflateRaw(packed, record.size);
  } catch (error) {
    if (error instanceof InflateLimitError)
      throw hostileEntry(record.path, `is longer than the ${record.size} bytes it states`);
    throw malformedArchive('holds corrupt compressed data', record.path, error);
  }
}
