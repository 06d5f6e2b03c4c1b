import { decodeEntryName, hostileEntry, malformedArchive } from './raw-entry.ts';

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const RECORD_SIGNATURE = 0x02014b50;
const RECORD_BYTES = 46;
const MAX_COMMENT = 0xffff;
const UNICODE_PATH = 0x7075;
const FLAGS_ENCRYPTED = 0x0001 | 0x0040 | 0x2000;
const FLAG_PATCH = 0x0020;
/** ZIP64; what asks for more uses compressions and encryptions of its own, and some readers refuse it. */
const MAX_VERSION = 45;
const DOS_FOLDER = 0x10;

/** One record of a zip's central directory. Sizes are in bytes, offsets from the start of the archive. */
export interface ZipRecord {
  path: string;
  rawName: Uint8Array;
  flags: number;
  method: number;
  crc: number;
  packedSize: number;
  size: number;
  /** Unix mode with its file type bits, 0 when the writer gave none. */
  mode: number;
  /** Set by writers on Windows; some readers go by it, others by the name. */
  dosFolder: boolean;
  localOffset: number;
}

export interface ZipDirectory {
  records: ZipRecord[];
  /** Where the central directory starts, which is where the entries must end. */
  start: number;
}

/**
 * Reads the central directory. It must end at the end record, and that must end with the archive, so that no
 * other reader can find another directory.
 *
 * @throws FormatError `malformed_archive` or `hostile_archive`
 */
export function readZipDirectory(zip: Uint8Array, maxRecords: number): ZipDirectory {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  const start = view.getUint32(end + 16, true);
  if (count === 0xffff || size === 0xffffffff || start === 0xffffffff) {
    throw malformedArchive('the zip uses the ZIP64 format, which no skill is large enough to need');
  }
  if (view.getUint32(end + 4, true) !== 0 || view.getUint16(end + 8, true) !== count) {
    throw malformedArchive('the zip is one part of a split archive');
  }
  if (start + size !== end) throw malformedArchive('the zip directory is not where its end record says');
  if (count > maxRecords) throw malformedArchive(`the archive has more than ${maxRecords} entries`);

  const records: ZipRecord[] = [];
  let offset = start;
  while (offset < end) {
    const length = recordLength(view, offset, end);
    records.push(readRecord(zip.subarray(offset, offset + length)));
    offset += length;
  }
  if (records.length !== count) throw malformedArchive('the zip directory has another number of entries than it says');
  return { records, start };
}

function findEnd(view: DataView): number {
  const last = view.byteLength - END_BYTES;
  for (let offset = last; offset >= Math.max(0, last - MAX_COMMENT); offset--) {
    if (view.getUint32(offset, true) !== END_SIGNATURE) continue;
    if (offset + END_BYTES + view.getUint16(offset + 20, true) === view.byteLength) return offset;
  }
  throw malformedArchive('the zip has no end record at its end: it is cut short or followed by other data');
}

function recordLength(view: DataView, offset: number, end: number): number {
  if (offset + RECORD_BYTES > end || view.getUint32(offset, true) !== RECORD_SIGNATURE) {
    throw malformedArchive('the zip directory cannot be read');
  }
  const variable = [28, 30, 32].reduce((sum, field) => sum + view.getUint16(offset + field, true), 0);
  if (offset + RECORD_BYTES + variable > end) throw malformedArchive('the zip directory is cut short');
  return RECORD_BYTES + variable;
}

function readRecord(record: Uint8Array): ZipRecord {
  const view = new DataView(record.buffer, record.byteOffset, record.byteLength);
  const nameEnd = RECORD_BYTES + view.getUint16(28, true);
  const rawName = record.subarray(RECORD_BYTES, nameEnd);
  const path = decodeEntryName(rawName);
  const flags = view.getUint16(8, true);
  if (flags & FLAGS_ENCRYPTED) throw hostileEntry(path, 'is encrypted');
  const method = view.getUint16(10, true);
  if ((method !== 0 && method !== 8) || flags & FLAG_PATCH) {
    throw malformedArchive(`is packed with method ${method}; only stored and deflated entries can be read`, path);
  }
  if ((record[6] ?? 0) > MAX_VERSION)
    throw malformedArchive('asks for a reader of a later version of the format', path);
  checkUnicodePath(record.subarray(nameEnd, nameEnd + view.getUint16(30, true)), { rawName, path });
  if (view.getUint16(34, true) !== 0) throw malformedArchive('lies in another part of a split archive', path);
  return {
    path,
    rawName,
    flags,
    method,
    crc: view.getUint32(16, true),
    packedSize: view.getUint32(20, true),
    size: view.getUint32(24, true),
    mode: view.getUint16(40, true),
    dosFolder: ((record[38] ?? 0) & DOS_FOLDER) !== 0,
    localOffset: view.getUint32(42, true),
  };
}

/**
 * Info-ZIP's Unicode Path field, in the directory or in a local header, gives some readers another name than the record.
 * @throws FormatError `hostile_archive`
 */
export function checkUnicodePath(extra: Uint8Array, { rawName, path }: Pick<ZipRecord, 'rawName' | 'path'>): void {
  const view = new DataView(extra.buffer, extra.byteOffset, extra.byteLength);
  for (let offset = 0; offset + 4 <= extra.length; ) {
    const end = offset + 4 + view.getUint16(offset + 2, true);
    if (view.getUint16(offset, true) === UNICODE_PATH && !equalBytes(extra.subarray(offset + 9, end), rawName)) {
      throw hostileEntry(path, 'has a second, different name in its Unicode Path field');
    }
    offset = end;
  }
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}
