import { decodeEntryName, hostileEntry, malformedArchive } from './raw-entry.ts';

/** The records of a PAX extended header that change what an entry is; times, owners and comments are dropped. */
export interface PaxRecords {
  path?: string;
  size?: number;
}

/**
 * Reads `<length> <key>=<value>\n` records.
 * @param entry name of the extended header, for error messages
 * @throws FormatError `malformed_archive`, or `hostile_archive` for sparse files and names that are not UTF-8
 */
export function readPaxRecords(data: Uint8Array, entry: string): PaxRecords {
  const records: PaxRecords = {};
  for (let offset = 0; offset < data.length; ) {
    const space = data.indexOf(0x20, offset);
    const digits = space === -1 ? '' : String.fromCharCode(...data.subarray(offset, Math.min(space, offset + 8)));
    const end = offset + Number(digits);
    if (!/^[1-9][0-9]*$/.test(digits) || end > data.length || end < space + 3 || data[end - 1] !== 0x0a) {
      throw malformedArchive('has an extended header that cannot be read', entry);
    }
    const record = decodeEntryName(data.subarray(space + 1, end - 1));
    const equals = record.indexOf('=');
    if (equals < 1) throw malformedArchive('has an extended header that cannot be read', entry);
    applyRecord(records, record.slice(0, equals), record.slice(equals + 1), entry);
    offset = end;
  }
  return records;
}

function applyRecord(records: PaxRecords, key: string, value: string, entry: string): void {
  if (key.startsWith('GNU.sparse.')) throw hostileEntry(entry, 'describes a sparse file');
  if (key === 'path') records.path = value;
  if (key !== 'size') return;
  if (!/^[0-9]{1,15}$/.test(value)) throw malformedArchive(`states the size '${value}'`, entry);
  records.size = Number(value);
}
