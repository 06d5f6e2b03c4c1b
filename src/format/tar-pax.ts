import { decodeEntryName, hostileEntry, malformedArchive } from './raw-entry.ts';
import { showText } from './visible-text.ts';

/** The records of a PAX extended header that say what an entry is; times, owners, comments and the like are dropped. */
export interface PaxRecords {
  path?: string;
  size?: number;
  linkpath?: string;
}

const NEWLINE = 0x0a;
const CONTROL = /\p{Cc}/u;
/** The values of extended attributes are bytes, not text; bsdtar on macOS and GNU tar with --xattrs write them. */
const BINARY_KEY = /^(SCHILY|LIBARCHIVE)\.xattr\./;
/** What some unpackers take for another name, size, or kind of entry, and others pass over. */
const FOREIGN_KEY = /^GNU\.|^SCHILY\.(realsize|filetype)$/;
const CHARSETS = ['ISO-IR 10646 2000 UTF-8', 'BINARY'];

/**
 * Reads `<length> <key>=<value>\n` records.
 *
 * Refuses what readers of this format are known to disagree on: a key that is there twice, line breaks and other
 * control characters (some readers split the header at each line break), sparse files, other character sets.
 * @param entry name of the extended header, for error messages
 * @throws FormatError `malformed_archive` or `hostile_archive`
 */
export function readPaxRecords(data: Uint8Array, entry: string): PaxRecords {
  const records: PaxRecords = {};
  const seen = new Set<string>();
  for (let offset = 0; offset < data.length; ) {
    const space = data.indexOf(0x20, offset);
    const digits = space === -1 ? '' : String.fromCharCode(...data.subarray(offset, Math.min(space, offset + 8)));
    const end = offset + Number(digits);
    if (!/^[1-9][0-9]*$/.test(digits) || end > data.length || end < space + 3 || data[end - 1] !== NEWLINE) {
      throw malformedArchive('has an extended header that cannot be read', entry);
    }
    const { key, value } = readRecord(data.subarray(space + 1, end - 1), entry);
    if (seen.has(key)) throw hostileEntry(entry, `states '${showText(key)}' twice in an extended header`);
    seen.add(key);
    applyRecord(records, key, value, entry);
    offset = end;
  }
  return records;
}

function readRecord(record: Uint8Array, entry: string): { key: string; value: string } {
  const equals = record.indexOf(0x3d);
  if (equals < 1) throw malformedArchive('has an extended header that cannot be read', entry);
  const key = decodeEntryName(record.subarray(0, equals));
  const bytes = record.subarray(equals + 1);
  const isBinary = BINARY_KEY.test(key) && !bytes.includes(NEWLINE);
  const value = isBinary ? '' : decodeEntryName(bytes);
  if (CONTROL.test(key) || CONTROL.test(value)) {
    throw hostileEntry(entry, `has a control character in the record '${showText(key)}' of an extended header`);
  }
  return { key, value };
}

function applyRecord(records: PaxRecords, key: string, value: string, entry: string): void {
  if (key.startsWith('GNU.sparse.')) throw hostileEntry(entry, 'describes a sparse file');
  if (FOREIGN_KEY.test(key)) throw hostileEntry(entry, `uses the extension '${showText(key)}'`);
  if (key === 'hdrcharset' && !CHARSETS.includes(value))
    throw hostileEntry(entry, `uses the charset '${showText(value)}'`);
  if (key === 'path') records.path = value;
  if (key === 'linkpath') records.linkpath = value;
  if (key !== 'size') return;
  if (!/^[0-9]{1,15}$/.test(value)) throw malformedArchive(`states the size '${showText(value)}'`, entry);
  records.size = Number(value);
}
