import { type AcceptedFiles, acceptEntries, isJunk, SMALLER } from './accept-files.ts';
import { type Bundle, type BundleFile, comparePaths } from './bundle.ts';
import { FormatError } from './format-error.ts';
import { readGzip, writeGzip } from './gzip.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import type { RawEntry } from './raw-entry.ts';
import { readTar } from './tar-read.ts';
import { writeTar } from './tar-write.ts';
import { readZip } from './zip-read.ts';
import { writeZipFiles } from './zip-write.ts';

export type ArchiveKind = 'tar.gz' | 'zip';

const MIB = 1024 * 1024;

/** Tells the archive kind from its first bytes, or returns undefined. */
export function sniffArchive(bytes: Uint8Array): ArchiveKind | undefined {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'tar.gz';
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  if (isZip && ((bytes[2] === 3 && bytes[3] === 4) || (bytes[2] === 5 && bytes[3] === 6))) return 'zip';
  return undefined;
}

/**
 * Unpacks an uploaded `.tar.gz`, `.skill` or `.zip` into a bundle.
 *
 * `SKILL.md` must be at the root, or in one folder that holds everything and is removed. `./` before a path and the
 * files that macOS adds (`__MACOSX/`, `._*`, `.DS_Store`) are dropped. File content may be a view into a shared buffer.
 *
 * @throws FormatError `malformed_archive` (broken, or not a skill), `hostile_archive` (could harm whoever unpacks it;
 *   the message names the entry) or `limit_exceeded`
 */
export async function readArchive(bytes: Uint8Array, limits: Limits = DEFAULT_LIMITS): Promise<Bundle> {
  return (await readUpload(bytes, limits)).bundle;
}

/**
 * As `readArchive`, and says whether the archive is exact: nothing in it was dropped, renamed or taken out of a wrapper
 * folder, so that whoever unpacks it gets the very files of the bundle.
 * @throws FormatError as `readArchive`
 */
export async function readUpload(bytes: Uint8Array, limits: Limits = DEFAULT_LIMITS): Promise<AcceptedFiles> {
  checkArchiveSize(bytes, limits);
  return acceptEntries(readEntries(bytes, limits), limits);
}

/**
 * Passes when an archive is not too large as it is, compressed. `readArchive` does the same.
 * @throws FormatError `limit_exceeded`
 */
export function checkArchiveSize(bytes: Uint8Array, limits: Limits): void {
  if (bytes.length <= limits.maxArchiveBytes) return;
  const message = `the archive is ${bytes.length} bytes long; the limit is ${limits.maxArchiveBytes}`;
  throw new FormatError('limit_exceeded', message, { fix: SMALLER });
}

/** True when an upload may be served as it came: a `.tar.gz` that holds the files of its bundle and nothing else. */
export function isServable(bytes: Uint8Array, exact: boolean): boolean {
  return exact && sniffArchive(bytes) === 'tar.gz';
}

/** Writes the canonical `.tar.gz`: the same bytes for the same files on every platform. */
export async function writeTarGz(bundle: Bundle): Promise<Uint8Array> {
  return writeGzip(writeTar(sortFiles(bundle)));
}

/** Writes the canonical `.zip`: the same bytes for the same files on every platform. */
export async function writeZip(bundle: Bundle): Promise<Uint8Array> {
  return writeZipFiles(sortFiles(bundle));
}

function sortFiles(bundle: Bundle): BundleFile[] {
  return [...bundle.files].sort((a, b) => comparePaths(a.path, b.path));
}

function readEntries(bytes: Uint8Array, limits: Limits): RawEntry[] {
  const kind = sniffArchive(bytes);
  if (kind === 'zip') return readZip(bytes, limits, (path) => !isJunk(path));
  // Beside the content a tar holds a header or three for each entry, folders and the padding of its last record.
  if (kind === 'tar.gz')
    return readTar(readGzip(bytes, limits.maxUnpackedBytes + limits.maxFiles * 4096 + MIB), limits);
  throw new FormatError('malformed_archive', 'the file is neither a .tar.gz nor a .zip archive', {
    fix: 'Pack the skill with tar -czf, zip or skills pack. Other compressions, such as zstd, are not supported.',
  });
}
