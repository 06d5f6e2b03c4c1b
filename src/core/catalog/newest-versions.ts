import { and, desc, eq } from 'drizzle-orm';
import { type Visibility, versions } from '../../db/schema/catalog.ts';
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
 * Published versions of the skill behind a flat slug. The first is what `latest` means: releases come first, newest
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
  const { id, namespace, name, visibility } = await findBySlug(deps, actor, slug);
  const rows = await deps.db
    .select({ version: versions.version, changelog: versions.changelog, publishedAt: versions.publishedAt })
    .from(versions)
    .where(and(eq(versions.skillId, id), eq(versions.state, 'published')))
    .orderBy(versions.prerelease, desc(versions.sortKey))
    .limit(limit);
  return {
    namespace,
    name,
    visibility,
    versions: rows.map((row) => ({ ...row, publishedAt: row.publishedAt ?? 0 })),
  };
}
