import { FormatError } from './format-error.ts';
import { showText } from './visible-text.ts';

/** A file or folder as an archive reader found it, before paths are checked and a wrapper folder is removed. */
export interface RawEntry {
  kind: 'file' | 'folder';
  /** As written in the archive, without a folder's final `/`. */
  path: string;
  bytes: Uint8Array;
  executable: boolean;
}

const REPACK = 'Pack the skill again with a current tar, zip or skills pack, and upload it again.';
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** An archive that is broken: cut short, bad checksum, fields that contradict each other. */
export function malformedArchive(problem: string, file?: string, cause?: unknown): FormatError {
  if (file === undefined) return new FormatError('malformed_archive', problem, { fix: REPACK, cause });
  const shown = showText(file);
  return new FormatError('malformed_archive', `entry '${shown}' ${problem}`, { fix: REPACK, cause, file: shown });
}

/** An archive that could harm whoever unpacks it. */
export function hostileEntry(file: string, problem: string): FormatError {
  const shown = showText(file);
  return new FormatError('hostile_archive', `entry '${shown}' ${problem}`, {
    fix: 'Rename or remove this entry and pack the skill again.',
    file: shown,
  });
}

/** Decodes an entry's name, which must be UTF-8 in either archive kind. */
export function decodeEntryName(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    const shown = showText(String.fromCharCode(...bytes.subarray(0, 1000)).replace(/[^ -~]/g, '?'));
    throw new FormatError('hostile_archive', `entry '${shown}' has a name that is not valid UTF-8`, {
      fix: 'Rename this entry and pack the skill again.',
      file: shown,
      cause,
    });
  }
}
