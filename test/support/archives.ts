import { deflateRawSync, gzipSync, crc32 as nodeCrc32 } from 'node:zlib';
import type { Bundle, BundleFile } from '../../src/format/bundle.ts';
import { FormatError } from '../../src/format/format-error.ts';

/** Builders of archives that may lie: every header field can be set to a wrong value. */

export const utf8 = (text: string) => new TextEncoder().encode(text);

export const SKILL_MD =
  '---\nname: pdf-tools\ndescription: Reads and writes PDF files of any size.\n---\n\n# PDF tools\n';

export function textFile(path: string, text: string, executable = false): BundleFile {
  return { path, bytes: utf8(text), executable };
}

/** A bundle of text files by path; SKILL.md is added unless given. */
export function bundleWith(files: Record<string, string> = {}): Bundle {
  const all = { 'SKILL.md': SKILL_MD, ...files };
  const paths = Object.keys(all).sort();
  return { files: paths.map((path) => textFile(path, Object.entries(all).find(([key]) => key === path)?.[1] ?? '')) };
}

export interface TarEntry {
  name: string | Uint8Array;
  data?: string | Uint8Array;
  type?: string;
  prefix?: string;
  magic?: string;
  mode?: number;
  /** Written into the header instead of the true length; text is written as it is. */
  size?: number | string;
  linkName?: string;
  /** Written where the numbers of a device belong. */
  devices?: string;
  /** Written into the last bytes of the header. */
  tail?: string;
  checksum?: number;
}

export function tarEntry(entry: TarEntry): Buffer {
  const data = bytesOf(entry.data ?? '');
  const header = Buffer.alloc(512);
  header.set(bytesOf(entry.name), 0);
  header.write(octal(entry.mode ?? 0o644, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(typeof entry.size === 'string' ? entry.size : octal(entry.size ?? data.length, 11), 124, 'latin1');
  header.write(octal(0, 11), 136);
  header.write(entry.type ?? '0', 156, 'latin1');
  header.write(entry.linkName ?? '', 157);
  header.write(entry.magic ?? 'ustar\x0000', 257, 'latin1');
  header.write(entry.prefix ?? '', 345);
  header.write(entry.devices ?? '', 329);
  header.write(entry.tail ?? '', 512 - (entry.tail?.length ?? 0));
  header.fill(0x20, 148, 156);
  const sum = entry.checksum ?? header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148, 'latin1');
  return Buffer.concat([header, data, Buffer.alloc((512 - (data.length % 512)) % 512)]);
}

export const END_OF_TAR = Buffer.alloc(1024);

export function tar(...entries: TarEntry[]): Buffer {
  return Buffer.concat([...entries.map(tarEntry), END_OF_TAR]);
}

export function tarGz(...entries: TarEntry[]): Uint8Array {
  return gzipSync(tar(...entries));
}

/** One PAX record with its own length in front. */
export function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const size = Buffer.byteLength(rest);
  const length = [1, 2, 3, 4].map((digits) => size + digits).find((total) => String(total).length + size === total);
  return `${length}${rest}`;
}

export interface ZipEntry {
  name: string | Uint8Array;
  data?: string | Uint8Array;
  stored?: boolean;
  flags?: number;
  method?: number;
  mode?: number;
  /** Adds a data descriptor and leaves the numbers of the local header at zero. */
  descriptor?: 'signed' | 'plain' | 'wide';
  descriptorCrc?: number;
  size?: number;
  packedSize?: number;
  crc?: number;
  extra?: Uint8Array;
  localName?: string;
  localSize?: number;
  localFlags?: number;
  /** Bytes put behind this entry. */
  gap?: Uint8Array;
  /** Offset stated in the directory instead of the true one. */
  offset?: number;
}

/** The extra field with a second, Unicode path. */
export function unicodePath(name: string): Uint8Array {
  const text = utf8(name);
  const extra = Buffer.alloc(9 + text.length);
  extra.writeUInt16LE(0x7075, 0);
  extra.writeUInt16LE(5 + text.length, 2);
  extra.set(text, 9);
  return Uint8Array.from(extra);
}

export interface ZipOptions {
  comment?: Uint8Array;
  prefix?: Uint8Array;
  suffix?: Uint8Array;
  count?: number;
  directoryOffset?: number;
}

export function zip(entries: ZipEntry[], options: ZipOptions = {}): Uint8Array {
  const locals: Buffer[] = [Buffer.from(options.prefix ?? [])];
  const records: Buffer[] = [];
  let offset = locals[0]?.length ?? 0;
  for (const entry of entries) {
    const parts = zipEntryParts(entry);
    records.push(zipRecord(entry, parts, offset));
    const local = Buffer.concat([
      zipLocal(entry, parts),
      parts.packed,
      zipDescriptor(entry, parts),
      entry.gap ?? Buffer.alloc(0),
    ]);
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(records);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(options.count ?? entries.length, 8);
  end.writeUInt16LE(options.count ?? entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(options.directoryOffset ?? offset, 16);
  end.writeUInt16LE(options.comment?.length ?? 0, 20);
  return Buffer.concat([
    ...locals,
    directory,
    end,
    options.comment ?? Buffer.alloc(0),
    options.suffix ?? Buffer.alloc(0),
  ]);
}

interface ZipParts {
  name: Buffer;
  packed: Buffer;
  crc: number;
  size: number;
  packedSize: number;
  method: number;
  flags: number;
}

function zipEntryParts(entry: ZipEntry): ZipParts {
  const data = bytesOf(entry.data ?? '');
  const packed = entry.stored ? Buffer.from(data) : deflateRawSync(data);
  return {
    name: Buffer.from(bytesOf(entry.name)),
    packed,
    crc: entry.crc ?? nodeCrc32(data),
    size: entry.size ?? data.length,
    packedSize: entry.packedSize ?? packed.length,
    method: entry.method ?? (entry.stored ? 0 : 8),
    flags: (entry.flags ?? 0) | (entry.descriptor === undefined ? 0 : 8),
  };
}

function zipLocal(entry: ZipEntry, parts: ZipParts): Buffer {
  const name = entry.localName === undefined ? parts.name : Buffer.from(entry.localName);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(entry.localFlags ?? parts.flags, 6);
  header.writeUInt16LE(parts.method, 8);
  if (entry.descriptor === undefined) {
    header.writeUInt32LE(parts.crc, 14);
    header.writeUInt32LE(parts.packedSize, 18);
    header.writeUInt32LE(entry.localSize ?? parts.size, 22);
  }
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

function zipDescriptor(entry: ZipEntry, parts: ZipParts): Buffer {
  if (entry.descriptor === undefined) return Buffer.alloc(0);
  const numbers = [entry.descriptorCrc ?? parts.crc, parts.packedSize, parts.size];
  if (entry.descriptor === 'signed') numbers.unshift(0x08074b50);
  if (entry.descriptor === 'wide') numbers.splice(1, 2, parts.packedSize, 0, parts.size, 0);
  const bytes = Buffer.alloc(numbers.length * 4);
  for (const [index, number] of numbers.entries()) bytes.writeUInt32LE(number, index * 4);
  return bytes;
}

function zipRecord(entry: ZipEntry, parts: ZipParts, offset: number): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(entry.mode === undefined ? 20 : (3 << 8) | 20, 4);
  header.writeUInt16LE(20, 6);
  header.writeUInt16LE(parts.flags, 8);
  header.writeUInt16LE(parts.method, 10);
  header.writeUInt32LE(parts.crc, 16);
  header.writeUInt32LE(parts.packedSize, 20);
  header.writeUInt32LE(parts.size, 24);
  header.writeUInt16LE(parts.name.length, 28);
  header.writeUInt16LE(entry.extra?.length ?? 0, 30);
  header.writeUInt16LE(entry.mode ?? 0, 40);
  header.writeUInt32LE(entry.offset ?? offset, 42);
  return Buffer.concat([header, parts.name, entry.extra ?? Buffer.alloc(0)]);
}

/** The FormatError that a reader must end with; any other outcome fails the test. */
export async function formatErrorFrom(run: () => unknown): Promise<FormatError> {
  try {
    await run();
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error('expected a FormatError, but nothing was thrown');
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? utf8(data) : data;
}
