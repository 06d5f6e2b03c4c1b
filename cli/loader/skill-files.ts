import { lstat, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { isJunk } from '../../src/format/accept-files.ts';
import { comparePaths } from '../../src/format/bundle.ts';
import { checkEntryPath } from '../../src/format/entry-path.ts';
import { showText } from '../../src/format/visible-text.ts';
import type { SkillFileError as Declared, SkillFile, SkillFileErrorCode } from './public.ts';

const MAX_FILES = 10_000;
const MAX_FILE_BYTES = 16 * 1024 * 1024;

export class SkillFileError extends Error implements Declared {
  override readonly name = 'SkillFileError';
  readonly code: SkillFileErrorCode;
  readonly path: string;

  constructor(code: SkillFileErrorCode, path: string, problem: string, options?: ErrorOptions) {
    super(`'${showText(path)}' ${problem}`, options);
    this.code = code;
    this.path = path;
  }
}

export interface FoundFile extends SkillFile {
  executable: boolean;
}

/**
 * The files below a folder, sorted by path, without what macOS adds. A link to a file counts when it leads to one in the
 * folder; links to folders are not followed.
 *
 * @throws SkillFileError `too_large` for more than 10,000 files, `unreadable`
 */
export async function listFiles(root: string): Promise<FoundFile[]> {
  const real = await realpath(root).catch((cause) => fail(root, cause));
  const found: FoundFile[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await readdir(join(real, folder), { withFileTypes: true }).catch((cause) => fail(root, cause));
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (isJunk(path)) continue;
      if (entry.isDirectory()) folders.push(path);
      const isLink = entry.isSymbolicLink();
      const file = entry.isFile() || isLink ? await inspect(real, path, isLink) : undefined;
      if (file) found.push(file);
      if (found.length > MAX_FILES) throw new SkillFileError('too_large', root, `has more than ${MAX_FILES} files`);
    }
  }
  return found.sort((a, b) => comparePaths(a.path, b.path));
}

/** A regular file, or a link to one that lies in the folder. */
async function inspect(root: string, path: string, isLink: boolean): Promise<FoundFile | undefined> {
  try {
    const target = isLink ? await realpath(join(root, path)) : join(root, path);
    const stats = isInside(root, target) ? await lstat(target) : undefined;
    return stats?.isFile() ? { path, size: stats.size, executable: (stats.mode & 0o100) !== 0 } : undefined;
  } catch (error) {
    return isMissing(error) ? undefined : fail(path, error);
  }
}

/**
 * Reads one file below a folder.
 *
 * @throws SkillFileError for a path that leaves the folder, itself or by a link; for what is no regular file, or has more
 * than `maxBytes`, at most 16 MiB
 */
export async function readInside(root: string, path: string, maxBytes = MAX_FILE_BYTES): Promise<Uint8Array> {
  const problem = checkEntryPath(path);
  if (problem !== undefined) throw new SkillFileError('invalid_path', path, problem);
  const [folder, target] = await Promise.all([realpath(root), realpath(join(root, path))]).catch((cause) =>
    fail(path, cause),
  );
  if (!isInside(folder, target)) throw new SkillFileError('outside', path, `is a link that leads out of ${root}`);
  const stats = await stat(target).catch((cause) => fail(path, cause));
  if (!stats.isFile()) throw new SkillFileError('not_a_file', path, 'is not a regular file');
  if (stats.size > maxBytes) {
    throw new SkillFileError('too_large', path, `has ${stats.size} bytes; the limit is ${maxBytes}`);
  }
  return readFile(target).catch((cause) => fail(path, cause));
}

function isInside(root: string, target: string): boolean {
  return target.startsWith(root.endsWith(sep) ? root : `${root}${sep}`);
}

/** True when there is nothing, or a link to nothing, at a path. */
export function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(codeOf(error) ?? '');
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function fail(path: string, cause: unknown): never {
  if (isMissing(cause)) throw new SkillFileError('not_found', path, 'does not exist', { cause });
  const code = codeOf(cause);
  if (code === undefined) throw cause;
  throw new SkillFileError('unreadable', path, `cannot be read (${code})`, { cause });
}
