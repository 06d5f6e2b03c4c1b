import { gzipSync } from 'fflate';
import { crc32 } from './crc32.ts';
import { FormatError } from './format-error.ts';
import { InflateLimitError, inflateRaw } from './inflate.ts';

const FLAG_HEADER_CRC = 2;
const FLAG_EXTRA = 4;
const FLAG_NAME = 8;
const FLAG_COMMENT = 16;
const FLAGS_RESERVED = 0xe0;
const TRAILER_BYTES = 8;
const OS_BYTE = 9;
const OS_UNKNOWN = 255;

/**
 * Unpacks a gzip file of exactly one member (RFC 1952) and checks its CRC-32 and length.
 *
 * @param maxBytes the largest number of bytes that may come out, counted while inflating
 * @throws FormatError `malformed_archive` or `limit_exceeded`
 */
export function readGzip(bytes: Uint8Array, maxBytes: number): Uint8Array<ArrayBuffer> {
  const start = deflateStart(bytes);
  const trailer = bytes.length - TRAILER_BYTES;
  if (start > trailer) throw malformed('the gzip data is cut short');

  const unpacked = inflateMember(bytes.subarray(start, trailer), maxBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset + trailer, TRAILER_BYTES);
  if (view.getUint32(4, true) !== unpacked.length) throw malformed('the gzip trailer states another length');
  if (view.getUint32(0, true) !== crc32(unpacked)) throw malformed('the gzip checksum does not match');
  return unpacked;
}

/** Packs bytes into gzip at level 6 with no time and no operating system, so that equal input gives equal output. */
export function writeGzip(bytes: Uint8Array): Uint8Array {
  const packed = gzipSync(bytes, { level: 6, mtime: 0 });
  packed[OS_BYTE] = OS_UNKNOWN;
  return packed;
}

function inflateMember(raw: Uint8Array, maxBytes: number): Uint8Array<ArrayBuffer> {
  try {
    return inflateRaw(raw, maxBytes);
  } catch (error) {
    if (!(error instanceof InflateLimitError))
      throw malformed('the gzip data is corrupt or followed by other data', error);
    throw new FormatError('limit_exceeded', `the archive unpacks to more than ${maxBytes} bytes`, {
      fix: 'Remove large files from the skill, or split it into several skills.',
    });
  }
}

function deflateStart(bytes: Uint8Array): number {
  if (bytes.length < 10 || bytes[0] !== 0x1f || bytes[1] !== 0x8b) throw malformed('the file is not gzip');
  const flags = bytes[3] ?? 0;
  if (bytes[2] !== 8 || flags & FLAGS_RESERVED) throw malformed('the gzip header uses an unknown method or flag');

  let offset = 10;
  if (flags & FLAG_EXTRA) offset += 2 + ((bytes[offset] ?? 0) | ((bytes[offset + 1] ?? 0) << 8));
  if (flags & FLAG_NAME) offset = afterNul(bytes, offset);
  if (flags & FLAG_COMMENT) offset = afterNul(bytes, offset);
  if (flags & FLAG_HEADER_CRC) offset += 2;
  return offset;
}

function afterNul(bytes: Uint8Array, offset: number): number {
  const nul = bytes.indexOf(0, offset);
  if (nul === -1) throw malformed('the gzip header is cut short');
  return nul + 1;
}

function malformed(problem: string, cause?: unknown): FormatError {
  return new FormatError('malformed_archive', problem, { fix: 'Pack the skill again and upload it again.', cause });
}
