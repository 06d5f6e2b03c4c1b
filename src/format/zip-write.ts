import { deflateSync } from 'fflate';
import type { BundleFile } from './bundle.ts';
import { crc32 } from './crc32.ts';

// fflate's own zipSync takes the files as object keys, which moves names like `1` to the front and loses `__proto__`.

const encoder = new TextEncoder();
const LOCAL_BYTES = 30;
const RECORD_BYTES = 46;
const END_BYTES = 22;
const VERSION_NEEDED = 20;
const MADE_BY_UNIX = (3 << 8) | VERSION_NEEDED;
const FLAG_UTF8 = 0x0800;
const METHOD_DEFLATE = 8;
/** 1980-01-01 00:00, the oldest time that zip can state: date word, then time word 0. */
const OLDEST_DATE = (1 << 5) | 1;

interface PackedFile {
  name: Uint8Array;
  packed: Uint8Array;
  size: number;
  crc: number;
  mode: number;
}

/**
 * Writes a zip of deflated entries in the order given, with the Unix mode 0644 or 0755, the date 1980-01-01 and no extra fields.
 * Equal input gives equal bytes on every platform.
 */
export function writeZipFiles(files: readonly BundleFile[]): Uint8Array<ArrayBuffer> {
  const packedFiles = files.map(packFile);
  const localTotal = packedFiles.reduce((sum, file) => sum + LOCAL_BYTES + file.name.length + file.packed.length, 0);
  const directoryTotal = packedFiles.reduce((sum, file) => sum + RECORD_BYTES + file.name.length, 0);
  const zip = new Uint8Array(localTotal + directoryTotal + END_BYTES);
  const view = new DataView(zip.buffer);

  let local = 0;
  let record = localTotal;
  for (const file of packedFiles) {
    writeLocalHeader(view, local, file);
    zip.set(file.name, local + LOCAL_BYTES);
    zip.set(file.packed, local + LOCAL_BYTES + file.name.length);
    writeRecord(view, record, file, local);
    zip.set(file.name, record + RECORD_BYTES);
    local += LOCAL_BYTES + file.name.length + file.packed.length;
    record += RECORD_BYTES + file.name.length;
  }
  view.setUint32(record, 0x06054b50, true);
  view.setUint16(record + 8, files.length, true);
  view.setUint16(record + 10, files.length, true);
  view.setUint32(record + 12, directoryTotal, true);
  view.setUint32(record + 16, localTotal, true);
  return zip;
}

function packFile(file: BundleFile): PackedFile {
  return {
    name: encoder.encode(file.path),
    packed: deflateSync(file.bytes, { level: 6 }),
    size: file.bytes.length,
    crc: crc32(file.bytes),
    mode: file.executable ? 0o100755 : 0o100644,
  };
}

function writeLocalHeader(view: DataView, offset: number, file: PackedFile): void {
  view.setUint32(offset, 0x04034b50, true);
  view.setUint16(offset + 4, VERSION_NEEDED, true);
  writeShared(view, offset + 6, file);
}

function writeRecord(view: DataView, offset: number, file: PackedFile, localOffset: number): void {
  view.setUint32(offset, 0x02014b50, true);
  view.setUint16(offset + 4, MADE_BY_UNIX, true);
  view.setUint16(offset + 6, VERSION_NEEDED, true);
  writeShared(view, offset + 8, file);
  view.setUint16(offset + 40, file.mode, true);
  view.setUint32(offset + 42, localOffset, true);
}

/** The fields that both headers have in the same order, from the flags to the length of the name. */
function writeShared(view: DataView, offset: number, file: PackedFile): void {
  view.setUint16(offset, FLAG_UTF8, true);
  view.setUint16(offset + 2, METHOD_DEFLATE, true);
  view.setUint16(offset + 6, OLDEST_DATE, true);
  view.setUint32(offset + 8, file.crc, true);
  view.setUint32(offset + 12, file.packed.length, true);
  view.setUint32(offset + 16, file.size, true);
  view.setUint16(offset + 20, file.name.length, true);
}
