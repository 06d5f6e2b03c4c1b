import type { Limits } from './limits.ts';
import { decodeEntryName, hostileEntry, malformedArchive, type RawEntry } from './raw-entry.ts';
import { BLOCK, isZeroBlock, readTarHeader, type TarHeader } from './tar-header.ts';
import { type PaxRecords, readPaxRecords } from './tar-pax.ts';
import { showText } from './visible-text.ts';

// A strict reader of our own: the tar packages at hand take unknown entry types for files, decode names that are not
// UTF-8 with replacement characters, cut names at NUL, and skip records that they cannot read. Each hides a file from a scanner.

const MAX_META_BYTES = 16 * 1024;
const UNSUPPORTED_TYPES: Record<string, string> = {
  '1': 'a hard link',
  '2': 'a symbolic link',
  '3': 'a character device',
  '4': 'a block device',
  '6': 'a named pipe',
  S: 'a sparse file',
};

interface PendingMeta {
  longName?: string;
  /** GNU's long target of a link. */
  longLink?: string;
  pax?: PaxRecords;
}

/**
 * Reads an unpacked tar: ustar, GNU long names, PAX `path` and `size`, and files and folders of the old kind.
 * Type flags NUL, `0` and `7` are regular files. Folders are returned too; content is a view into `tar`.
 *
 * @throws FormatError `malformed_archive` or `hostile_archive`
 */
export function readTar(tar: Uint8Array, limits: Limits): RawEntry[] {
  const entries: RawEntry[] = [];
  const maxEntries = limits.maxFiles * 4 + 64;
  let meta: PendingMeta = {};

  for (let offset = 0; ; ) {
    if (offset + BLOCK > tar.length) throw malformedArchive('the tar data is cut short: it has no end mark');
    const block = tar.subarray(offset, offset + BLOCK);
    if (isZeroBlock(block)) {
      if (isPending(meta)) throw malformedArchive('the tar data ends after a long name');
      checkTail(tar, offset);
      return entries;
    }
    const header = readTarHeader(block, offset);
    const data = entryData(tar, offset + BLOCK, header);
    offset += BLOCK + Math.ceil(header.size / BLOCK) * BLOCK;

    const next = readMeta(header, data, meta);
    if (next !== undefined) {
      meta = next;
      continue;
    }
    if (entries.length >= maxEntries) throw malformedArchive(`the archive has more than ${maxEntries} entries`);
    entries.push(toEntry(header, data, meta));
    meta = {};
  }
}

function entryData(tar: Uint8Array, start: number, header: TarHeader): Uint8Array {
  const padded = Math.ceil(header.size / BLOCK) * BLOCK;
  if (start + padded > tar.length) throw malformedArchive('is cut short: its size is beyond the end', header.path);
  return tar.subarray(start, start + header.size);
}

/** Takes the entries that only describe the one after them; returns undefined for any other entry. */
function readMeta(header: TarHeader, data: Uint8Array, meta: PendingMeta): PendingMeta | undefined {
  if (!'LKxg'.includes(header.type)) return undefined;
  if (data.length > MAX_META_BYTES) throw malformedArchive('has an extended header that is too long', header.path);
  if (header.type === 'L') {
    if (meta.longName !== undefined) throw malformedArchive('has two long names', header.path);
    // The terminating NUL goes; one inside the name stays and is refused with the path.
    const terminated = data.at(-1) === 0;
    return { ...meta, longName: decodeEntryName(terminated ? data.subarray(0, -1) : data) };
  }
  // The link itself follows and is refused by its name.
  if (header.type === 'K') {
    if (meta.longLink !== undefined) throw malformedArchive('has two long link targets', header.path);
    return { ...meta, longLink: decodeEntryName(data) };
  }

  const records = readPaxRecords(data, header.path);
  if (header.type === 'x') {
    if (meta.pax !== undefined) throw malformedArchive('has two extended headers', header.path);
    return { ...meta, pax: records };
  }
  if (records.path !== undefined || records.size !== undefined || records.linkpath !== undefined) {
    throw hostileEntry(header.path, 'sets a path or size for all entries that follow');
  }
  // Some readers would give the pending name to this header instead of the file behind it.
  if (isPending(meta)) throw hostileEntry(header.path, 'stands between a long name and its entry');
  return meta;
}

function isPending(meta: PendingMeta): boolean {
  return meta.longName !== undefined || meta.longLink !== undefined || meta.pax !== undefined;
}

function toEntry(header: TarHeader, bytes: Uint8Array, meta: PendingMeta): RawEntry {
  const path = meta.pax?.path ?? meta.longName ?? header.path;
  const unsupported = UNSUPPORTED_TYPES[header.type];
  if (unsupported !== undefined) throw hostileEntry(path, `is ${unsupported}; only files and folders are allowed`);
  if (!'\x0007'.includes(header.type) && header.type !== '5') {
    throw hostileEntry(path, `has the unknown type '${showText(header.type)}'; only files and folders are allowed`);
  }
  if (meta.longLink !== undefined || meta.pax?.linkpath !== undefined) {
    throw hostileEntry(path, 'has the target of a link, but is none');
  }
  if (meta.pax?.path !== undefined && meta.longName !== undefined) {
    throw hostileEntry(path, `has two names, the other is '${showText(meta.longName)}'`);
  }
  if (meta.pax?.size !== undefined && meta.pax.size !== header.size) {
    throw hostileEntry(path, `states two sizes, ${meta.pax.size} and ${header.size} bytes`);
  }
  const folder = header.type === '5' || path.endsWith('/');
  if (folder && header.size > 0) throw hostileEntry(path, 'is a folder that holds data');
  return {
    kind: folder ? 'folder' : 'file',
    path: folder ? path.replace(/\/$/, '') : path,
    bytes,
    executable: !folder && (header.mode & 0o100) !== 0,
  };
}

function checkTail(tar: Uint8Array, offset: number): void {
  for (let index = offset; index < tar.length; index++) {
    if (tar[index] !== 0) throw malformedArchive('the tar data goes on after its end mark');
  }
}
