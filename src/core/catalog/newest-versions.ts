import { and, desc, eq, type SQL } from 'drizzle-orm';
import { type Visibility, versions } from '../../db/schema/catalog.ts';
import { upTo } from '../../db/up-to.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { findBySlug } from './find-by-slug.ts';

export interface NewestVersions {
  namespace: string;
  name: string;
  visibility: Visibility;
  versions: { version: string; changelog: string; publishedAt: number }[];
}

/**
 * Published versions of the skill behind a flat slug. The first is what `latest` means; then releases come first, newest
 * first by semver, and prereleases after them.
 *
 * @throws Problem as `findBySlug` does
 */
export async function newestVersions(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  slug: string,
  limit: number,
): Promise<NewestVersions> {
  const { id, namespace, name, visibility, latestVersionId } = await findBySlug(deps, actor, slug);
  const published = and(eq(versions.skillId, id), eq(versions.state, 'published'));
  const read = (which: SQL | undefined) =>
    deps.db
      .select({
        id: versions.id,
        version: versions.version,
        changelog: versions.changelog,
        publishedAt: versions.publishedAt,
      })
      .from(versions)
      .where(which)
      .orderBy(versions.prerelease, desc(versions.sortKey))
      .limit(upTo(limit));
  const newest = await read(published);
  const isLatest = (row: { id: string }) => row.id === latestVersionId;
  // Its publisher may have tagged an older one `latest`.
  const [latest] = newest.some(isLatest)
    ? newest.filter(isLatest)
    : await read(and(published, eq(versions.id, latestVersionId ?? '')));
  const rows = latest ? [latest, ...newest.filter((row) => !isLatest(row))].slice(0, limit) : newest;
  return {
    namespace,
    name,
    visibility,
    versions: rows.map(({ id: _, ...row }) => ({ ...row, publishedAt: row.publishedAt ?? 0 })),
  };
}
