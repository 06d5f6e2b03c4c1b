import { and, desc, eq, type SQL, sql } from 'drizzle-orm';
import { versions } from '../../db/schema/catalog.ts';
import type { SkillMetadata } from '../../format/skill-metadata.ts';
import type { Deps } from '../deps.ts';

/** How many versions of a skill are told of together with it. */
export const NEWEST_VERSIONS = 50;

export interface VersionSummary {
  version: string;
  description: string;
  metadata: Omit<SkillMetadata, 'frontmatter'>;
  /** Of the archive that `/v1/download` serves: SHA-256 in hex, and bytes. */
  sha256: string;
  size: number;
  /** Milliseconds since the epoch. */
  publishedAt: number;
}

/** The statement that finds the `NEWEST_VERSIONS` newest published versions of a skill: releases first, by semver. */
export function selectVersions({ db }: Pick<Deps, 'db'>, skillId: number | SQL<number>) {
  return db
    .select({
      version: versions.version,
      description: versions.description,
      // A frontmatter can be as long as all the rest together many times over.
      metadata: sql<VersionSummary['metadata']>`json_remove(${versions.metadata}, '$.frontmatter')`.mapWith(
        versions.metadata,
      ),
      sha256: versions.archiveSha256,
      size: versions.archiveSize,
      publishedAt: sql<number>`coalesce(${versions.publishedAt}, 0)`,
    })
    .from(versions)
    .where(and(eq(versions.skillId, skillId), eq(versions.state, 'published')))
    .orderBy(versions.prerelease, desc(versions.sortKey))
    .limit(NEWEST_VERSIONS);
}
