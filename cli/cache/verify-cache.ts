import { rm } from 'node:fs/promises';
import { FormatError } from '../../src/format/format-error.ts';
import type { CliContext } from '../context.ts';
import { CodedError } from '../failure.ts';
import { Progress } from '../progress.ts';
import { labelOf } from '../project/record.ts';
import { type CachedEntry, digestOf, listCache } from './list-cache.ts';
import { OfflineClient } from './offline-client.ts';
import type { SkillCache } from './skill-cache.ts';
import { SkillFetcher } from './skill-fetcher.ts';

/** A writer needs no longer than that. */
const WRITING_MS = 3_600_000;

export interface CacheProblem {
  path: string;
  /** `@namespace/name@version` and its registry; absent for an archive of no version. */
  label?: string;
  registry?: string;
  code: string;
  message: string;
}

export interface CacheCheck {
  versions: number;
  problems: CacheProblem[];
}

/**
 * Checks every version as an install without the network does, and removes what that would not take: by digest,
 * signatures and the proof of the log. Tidies up after writers that were killed.
 */
export async function verifyCache(context: CliContext, cache: SkillCache): Promise<CacheCheck> {
  const { versions, strays } = await listCache(cache);
  const problems: CacheProblem[] = cache.dropped.map((path) => ({
    path,
    code: 'damaged',
    message: 'It is not what this program wrote.',
  }));
  const fetchers = new Map<string, SkillFetcher>();
  for (const entry of versions) {
    const { registry } = entry.kept;
    const fetcher = fetchers.get(registry) ?? offlineFetcher(context, cache, registry);
    fetchers.set(registry, fetcher);
    const problem = await problemOf(fetcher, entry);
    if (!problem) continue;
    problems.push(problem);
    await rm(entry.recordPath, { force: true });
  }
  for (const stray of strays) {
    const digest = digestOf(stray);
    if (digest === undefined) {
      if (context.clock.now() - stray.usedAt > WRITING_MS) await rm(stray.path, { force: true });
    } else if ((await cache.archive(digest)) === undefined) {
      const message = `${stray.path} is not what its name says.`;
      problems.push({ path: stray.path, code: 'digest_mismatch', message });
    }
  }
  return { versions: versions.length, problems };
}

function offlineFetcher(context: CliContext, cache: SkillCache, registry: string): SkillFetcher {
  const progress = new Progress(context, '', true);
  const client = new OfflineClient(registry, cache);
  return new SkillFetcher(context, client, { cache, progress, trustKeys: [], trustPublishers: [] });
}

async function problemOf(fetcher: SkillFetcher, { recordPath, kept }: CachedEntry): Promise<CacheProblem | undefined> {
  const { metadata, registry } = kept;
  const label = labelOf(metadata);
  try {
    await fetcher.fetch({ ...metadata, range: metadata.version });
    return undefined;
  } catch (error) {
    if (!(error instanceof CodedError || error instanceof FormatError)) throw error;
    const { code, message } =
      error.code === 'not_cached'
        ? { code: 'archive_missing', message: `The archive of ${label} is missing or damaged.` }
        : error;
    return { path: recordPath, label, registry, code, message };
  }
}
