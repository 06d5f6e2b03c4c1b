import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { type Actor, canRead } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { findAnySkill, type SkillRow } from './find-skill.ts';
import { readTags, tagsOf } from './tags.ts';

/** So many of the newest versions tell what is new in them, in so many characters: a list stays small whatever is written. */
export const TOLD_CHANGELOGS = 50;
export const CHANGELOG_BEGINNING = 1_000;

export interface VersionSummary {
  version: string;
  sha256: string;
  treeDigest: string;
  publishedAt: number;
  yankedAt: number | null;
  /** What is new in it, in its publisher's words: the beginning, which ends in `…` where more follows; empty for older versions. */
  changelog: string;
  /** Why nobody should use it any more, as its publisher says of it or of the skill. */
  deprecated: string | null;
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
  const [rows, [tagged]] = await deps.db.batch([
    deps.db
      .select({
        id: versions.id,
        version: versions.version,
        sha256: versions.archiveSha256,
        treeDigest: versions.treeDigest,
        changelog: BEGINNING,
        publishedAt: versions.publishedAt,
        yankedAt: versions.yankedAt,
        deprecation: versions.deprecation,
      })
      .from(versions)
      .where(and(eq(versions.skillId, skill.id), inArray(versions.state, states)))
      .orderBy(desc(versions.sortKey)),
    deps.db
      .select({ tags: tagsOf(skill.id) })
      .from(skills)
      .where(eq(skills.id, skill.id)),
  ]);
  const latest = rows.find(({ id }) => id === skill.latestVersionId)?.version;
  return {
    skill,
    versions: rows.map(({ id: _, deprecation, changelog, ...row }, index) => ({
      ...row,
      changelog: index < TOLD_CHANGELOGS ? changelog : '',
      publishedAt: row.publishedAt ?? 0,
      deprecated: deprecation ?? skill.deprecation,
    })),
    tags: readTags(tagged?.tags ?? '{}', latest),
  };
}

/** Cut by the database, so that the rest is not even read into memory. */
const BEGINNING = sql<string>`case
  when length(${versions.changelog}) > ${CHANGELOG_BEGINNING} then substr(${versions.changelog}, 1, ${CHANGELOG_BEGINNING - 1}) || '…'
  else ${versions.changelog} end`;
