import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import { skills, versions } from '../../db/schema/catalog.ts';
import { skillCards } from '../../db/schema/faces.ts';
import { skillSearch } from '../../db/skill-search.ts';
import { refreshFacets } from './skill-facets.ts';

/**
 * The statement that points a skill at its newest published version: the one that its publisher tagged `latest`, else
 * the highest release, or the highest prerelease while there is no release; nothing when none is left, or when the skill
 * was merged into another.
 *
 * @param guard a condition under which the statement takes effect
 */
export function setLatestVersion(db: Db, skillId: number, guard: SQL) {
  const tagged = sql`(select versions.id from version_tags inner join versions on versions.id = version_tags.version_id
    where version_tags.skill_id = ${skillId} and version_tags.tag = 'latest' and versions.state = 'published')`;
  const newest = sql`(select id from versions where skill_id = ${skillId} and state = 'published' order by prerelease, sort_key desc limit 1)`;
  return db
    .update(skills)
    .set({ latestVersionId: sql`case when ${skills.mergedInto} is null then coalesce(${tagged}, ${newest}) end` })
    .where(and(eq(skills.id, skillId), guard));
}

/**
 * The statements that make the search index and the facets say what the latest version and its card say, or nothing when
 * there is none.
 */
export function refreshSearchRow(db: Db, skillId: number, guard: SQL) {
  const latest = db
    .select({
      rowid: skills.id,
      name: skills.name,
      namespace: skills.namespace,
      keywords:
        sql<string>`${versions.keywords} || coalesce(' ' || ${skillCards.displayName}, '') || coalesce(' ' || ${skillCards.summary}, '') || coalesce(' ' || ${skillCards.tags}, '') || coalesce(' ' || (${versions.metadata} -> '$.capabilities'), '')`.as(
          'keywords',
        ),
      description: versions.description,
      visibility: skills.visibility,
      category: sql<string | null>`${versions.metadata} ->> 'category'`.as('category'),
    })
    .from(skills)
    .innerJoin(versions, eq(versions.id, skills.latestVersionId))
    .leftJoin(skillCards, eq(skillCards.skillId, skills.id))
    .where(and(eq(skills.id, skillId), isNull(skills.hiddenAt), guard));
  return [
    db.delete(skillSearch).where(and(eq(skillSearch.rowid, skillId), guard)),
    db.insert(skillSearch).select(latest),
    ...refreshFacets(db, skillId, guard),
  ] as const;
}
