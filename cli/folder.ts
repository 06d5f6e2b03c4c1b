import type { Dirent } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleOf, isJunk, SMALLER } from '../src/format/accept-files.ts';
import { type Bundle, type BundleFile, comparePaths } from '../src/format/bundle.ts';
import { DEFAULT_LIMITS, type Limits } from '../src/format/limits.ts';
import { UserError } from './user-error.ts';

interface FoundFile {
  /** Relative, with `/`. */
  path: string;
  size: number;
  executable: boolean;
}

/** What lies in the folder of a skill and is not part of it. */
export interface LeftOut {
  /** Relative, with `/`; of a folder with one at its end. */
  path: string;
  /** Why, in a few words. */
  reason: string;
}

/** The files of a folder that make a skill, and the others. */
export interface FolderContents {
  bundle: Bundle;
  leftOut: LeftOut[];
}

const NEVER: Record<string, string> = {
  '.git': 'belongs to git',
  node_modules: 'belongs to npm',
  '.DS_Store': 'left there by macOS',
};

/**
 * Reads the skill in a folder: what git, npm and editors leave beside it is not part of it (`.git`, `node_modules`,
 * `*.skill`, and dot files other than those under `.skill/`).
 *
 * @throws UserError for a folder that cannot be read, has no SKILL.md, holds a symlink, or is over a limit
 * @throws FormatError for a path that a bundle cannot hold
 */
export async function readFolder(path: string, limits: Limits = DEFAULT_LIMITS): Promise<Bundle> {
  return (await readFolderContents(path, limits)).bundle;
}

/**
 * The same, and what was left out, sorted by path; of a folder that is left out, not what is in it.
 *
 * @throws UserError, FormatError as `readFolder`
 */
export async function readFolderContents(path: string, limits: Limits = DEFAULT_LIMITS): Promise<FolderContents> {
  const atTop = await list(path, '');
  if (!atTop.some(({ name }) => /^skill\.md$/i.test(name))) {
    throw new UserError(`${path} has no SKILL.md.`, 'Name the folder of a skill, or run the command in it.');
  }
  const leftOut: LeftOut[] = [];
  const found = await findFiles(path, limits, (file, isFolder) => {
    const reason = whyLeftOut(file, isFolder);
    if (reason !== undefined) leftOut.push({ path: isFolder ? `${file}/` : file, reason });
    return reason !== undefined;
  });
  const bundle = bundleOf(await readFiles(path, found), limits);
  return { bundle, leftOut: leftOut.sort((a, b) => comparePaths(a.path, b.path)) };
}

/**
 * Reads every file of an installed skill, whatever its name, so that nothing can hide from a comparison. Only what
 * macOS adds by itself is passed over.
 *
 * @throws UserError as `readFolder`
 */
export async function readInstalled(path: string, limits: Limits = DEFAULT_LIMITS): Promise<Bundle> {
  const found = await findFiles(path, limits, (file) => isJunk(file));
  const files = await readFiles(path, found);
  return { files: files.sort((a, b) => comparePaths(a.path, b.path)) };
}

function whyLeftOut(path: string, isFolder: boolean): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (Object.hasOwn(NEVER, name)) return NEVER[name];
  if (isJunk(path)) return NEVER['.DS_Store'];
  if (path === '.skill' || path.startsWith('.skill/')) return undefined;
  if (name.startsWith('.')) return 'hidden';
  return !isFolder && name.endsWith('.skill') ? 'a packed skill' : undefined;
}

type LeaveOut = (path: string, isFolder: boolean) => boolean;

/** Counts against the limits from what stat says, before any file is opened. */
async function findFiles(root: string, limits: Limits, leaveOut: LeaveOut): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  let total = 0;
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of await list(root, folder)) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (leaveOut(path, entry.isDirectory())) continue;
      if (entry.isDirectory()) {
        folders.push(path);
        continue;
      }
      const file = await inspect(root, path);
      total += file.size;
      found.push(file);
      checkLimits(root, file, total, found.length, limits);
    }
  }
  return found;
}

async function list(root: string, folder: string): Promise<Dirent[]> {
  try {
    return await readdir(join(root, folder), { withFileTypes: true });
  } catch (cause) {
    throw unreadable(join(root, folder), cause);
  }
}

async function inspect(root: string, path: string): Promise<FoundFile> {
  const stats = await lstat(join(root, path)).catch((cause) => {
    throw unreadable(join(root, path), cause);
  });
  if (stats.isFile()) return { path, size: stats.size, executable: (stats.mode & 0o100) !== 0 };
  const what = stats.isSymbolicLink() ? 'a symlink' : 'not a regular file';
  throw new UserError(
    `${join(root, path)} is ${what}; a skill holds regular files only.`,
    `Replace ${path} by a copy of the file, or remove it.`,
  );
}

function checkLimits(root: string, file: FoundFile, total: number, count: number, limits: Limits): void {
  const exceeded =
    (file.size > limits.maxFileBytes && `${file.path} has ${file.size} bytes; the limit is ${limits.maxFileBytes}`) ||
    (total > limits.maxUnpackedBytes && `${file.path} brings ${root} to more than ${limits.maxUnpackedBytes} bytes`) ||
    (count > limits.maxFiles && `${root} holds more than ${limits.maxFiles} files`);
  if (exceeded) throw new UserError(`${exceeded}.`, SMALLER);
}

async function readFiles(root: string, found: readonly FoundFile[]): Promise<BundleFile[]> {
  return Promise.all(
    found.map(async ({ path, executable }) => {
      const bytes = await readFile(join(root, path)).catch((cause) => {
        throw unreadable(join(root, path), cause);
      });
      return { path, bytes: new Uint8Array(bytes), executable };
    }),
  );
}

function unreadable(path: string, cause: unknown): UserError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ENOENT') return new UserError(`${path} does not exist.`, 'Check the path.', 1, { cause });
  if (code === 'ENOTDIR') return new UserError(`${path} is not a folder.`, 'Name the folder of a skill.', 1, { cause });
  return new UserError(`${path} cannot be read (${String(code ?? cause)}).`, 'Check who may read it.', 1, { cause });
}
