import { rm, stat } from 'node:fs/promises';
import { errorCode } from '../atomic-file.ts';
import { type CachedEntry, type CachedFile, listCache } from './list-cache.ts';
import type { SkillCache } from './skill-cache.ts';

export interface Cleaning {
  versions: CachedEntry[];
  /** Bytes of archives. */
  freed: number;
}

/**
 * Removes what was not used since a moment; everything without one, also what `search --offline` goes by.
 *
 * @param since milliseconds
 * @param indexPath of `registry-metadata.json`
 */
export async function cleanCache(
  cache: SkillCache,
  indexPath: string,
  { since, isTrial }: { since: number | undefined; isTrial: boolean },
): Promise<Cleaning> {
  const { versions, strays } = await listCache(cache);
  const isOld = (file: CachedFile | undefined) => since === undefined || file === undefined || file.usedAt < since;
  const old = versions.filter(({ archive }) => isOld(archive));
  const files = new Map<string, number>();
  for (const { archive } of old) if (archive) files.set(archive.path, archive.size);
  for (const stray of strays.filter(isOld)) files.set(stray.path, stray.size);
  if (since === undefined) files.set(indexPath, await sizeOf(indexPath));
  if (!isTrial)
    for (const path of [...old.map(({ recordPath }) => recordPath), ...files.keys()]) await rm(path, { force: true });
  return { versions: old, freed: [...files.values()].reduce((total, size) => total + size, 0) };
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    throw error;
  }
}
