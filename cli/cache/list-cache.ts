import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { errorCode } from '../atomic-file.ts';
import type { CachedVersion } from './cached-version.ts';
import type { SkillCache } from './skill-cache.ts';

export interface CachedFile {
  path: string;
  /** Bytes. */
  size: number;
  /** When it was used last, in milliseconds. */
  usedAt: number;
}

/** A version in the cache; without an archive it cannot be installed from here. */
export interface CachedEntry {
  recordPath: string;
  kept: CachedVersion;
  archive: CachedFile | undefined;
}

export interface CacheContents {
  versions: CachedEntry[];
  /** Archives of no version, and what writers left that were killed. */
  strays: CachedFile[];
}

/** What is in a cache, by path. Unlike an install, it fails when the disk cannot be read. */
export async function listCache(cache: SkillCache): Promise<CacheContents> {
  const records = await cache.allVersions();
  const files = await filesBelow(join(cache.folder, 'sha256'));
  const others = await filesBelow(join(cache.folder, 'versions'));
  const archives = new Map(files.map((file) => [file.path, file]));
  const versions = [...records].map(([recordPath, kept]) => {
    const archive = archives.get(cache.archivePath(kept.metadata.sha256));
    return { recordPath, kept, archive };
  });
  const owned = new Set(versions.map(({ archive }) => archive?.path));
  const strays = [...files.filter(({ path }) => !owned.has(path)), ...others.filter(({ path }) => !records.has(path))];
  return { versions, strays };
}

/** The digest that a stray archive should have; undefined for what a killed writer left. */
export function digestOf({ path }: CachedFile): string | undefined {
  const name = basename(path);
  return /^[0-9a-f]{64}$/.test(name) ? name : undefined;
}

async function filesBelow(folder: string): Promise<CachedFile[]> {
  const entries = await orNothing(readdir(folder, { recursive: true, withFileTypes: true }));
  const paths = (entries ?? []).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = await Promise.all(
    paths.sort().map(async (path) => {
      const found = await orNothing(stat(path));
      return found && { path, size: found.size, usedAt: found.mtimeMs };
    }),
  );
  return files.filter((file) => file !== undefined);
}

/** What another command removed meanwhile is not there. */
async function orNothing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
