import { and, desc, eq, inArray } from 'drizzle-orm';
import { versions } from '../../db/schema/catalog.ts';
import { type Actor, canRead } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { findAnySkill, type SkillRow } from './find-skill.ts';
import { readTags, tagsOf } from './tags.ts';

export interface VersionSummary {
  version: string;
  sha256: string;
  publishedAt: number;
  yankedAt: number | null;
}

export interface VersionList {
  /** As it is called now, whatever name it was asked for by. */
  skill: SkillRow;
  versions: VersionSummary[];
  /** Published versions by tag, `latest` first. */
  tags: Record<string, string>;
}

/**
 * Versions of a skill, newest first by semver; of a merged one its own, which its numbers still mean. Yanked ones are
 * listed to those who may read the namespace's private skills, so that they can be un-yanked.
 *
 * @throws Problem `invalid_request`, `not_found`
 */
export async function listVersions(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  namespace: string,
  name: string,
): Promise<VersionList> {
  const skill = await findAnySkill(deps, actor, namespace, name);
  const states = canRead(actor, skill.namespace) ? (['published', 'yanked'] as const) : (['published'] as const);
  const rows = await deps.db
    .select({
      id: versions.id,
      version: versions.version,
      sha256: versions.archiveSha256,
      publishedAt: versions.publishedAt,
      yankedAt: versions.yankedAt,
      tags: tagsOf(skill.id),
    })
    .from(versions)
    .where(and(eq(versions.skillId, skill.id), inArray(versions.state, states)))
    .orderBy(desc(versions.sortKey));
  const latest = rows.find(({ id }) => id === skill.latestVersionId)?.version;
  return {
    skill,
    versions: rows.map(({ id: _, tags: _tags, ...row }) => ({ ...row, publishedAt: row.publishedAt ?? 0 })),
    tags: readTags(rows[0]?.tags ?? '{}', latest),
  };
}
