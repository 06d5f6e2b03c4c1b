import type { Bundle, BundleFile } from './bundle.ts';
import { checkEntryPath } from './entry-path.ts';
import { FormatError } from './format-error.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { PathSet } from './path-set.ts';
import { hostileEntry, malformedArchive, type RawEntry } from './raw-entry.ts';
import { isWrapped, stripWrapper } from './wrapper.ts';

/** What to do about a bundle that is over a limit. */
export const SMALLER = 'Remove files from the skill, or split it into several skills.';

/**
 * Makes a bundle of files that came one by one instead of in an archive, under the same rules as `readArchive`.
 * @throws FormatError `malformed_archive`, `hostile_archive` or `limit_exceeded`
 */
export function bundleOf(files: readonly BundleFile[], limits: Limits = DEFAULT_LIMITS): Bundle {
  return acceptEntries(
    files.map((file) => ({ kind: 'file', ...file })),
    limits,
  ).bundle;
}

/** What an archive holds, and whether its own names lead to the same files. */
export interface AcceptedFiles {
  bundle: Bundle;
  /** False when a file was dropped as junk, a `./` was cut off, or a wrapper folder was removed. */
  exact: boolean;
}

/** Checks every entry, drops folders and junk, counts against the limits, and removes a wrapper folder. */
export function acceptEntries(entries: readonly RawEntry[], limits: Limits): AcceptedFiles {
  const paths = new PathSet();
  const files: BundleFile[] = [];
  let total = 0;
  let exact = true;
  for (const entry of entries) {
    const path = entry.path.replace(/^(\.\/)+/, '');
    exact &&= path === entry.path && path !== '.' && !isJunk(path);
    if (entry.kind === 'folder' && (path === '.' || path === '')) continue;
    const problem = checkEntryPath(path);
    if (problem !== undefined) throw hostileEntry(entry.path, problem);
    if (isJunk(path)) continue;
    const collision = entry.kind === 'folder' ? paths.addFolder(path) : paths.addFile(path);
    if (collision !== undefined) throw hostileEntry(entry.path, collision);
    if (entry.kind === 'folder') continue;
    total += entry.bytes.length;
    files.push({ path, bytes: entry.bytes, executable: entry.executable });
    checkLimits(path, entry.bytes.length, total, files.length, limits);
  }
  if (files.length === 0) throw malformedArchive('the archive holds no files');
  return { bundle: { files: stripWrapper(files) }, exact: exact && !isWrapped(files) };
}

/** True for what macOS adds to archives: `__MACOSX/`, `._*` and `.DS_Store`. */
export function isJunk(path: string): boolean {
  const segments = path.split('/').filter((segment) => segment !== '.');
  const name = segments.at(-1) ?? '';
  return segments[0] === '__MACOSX' || name === '.DS_Store' || name.startsWith('._');
}

function checkLimits(path: string, size: number, total: number, count: number, limits: Limits): void {
  const exceeded =
    (size > limits.maxFileBytes && `entry '${path}' has more than ${limits.maxFileBytes} bytes`) ||
    (total > limits.maxUnpackedBytes &&
      `entry '${path}' brings the archive to more than ${limits.maxUnpackedBytes} bytes`) ||
    (count > limits.maxFiles && `the archive has more than ${limits.maxFiles} files`);
  if (exceeded) throw new FormatError('limit_exceeded', exceeded, { fix: SMALLER, file: path });
}
