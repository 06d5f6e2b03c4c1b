import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import { skills, versions } from '../../db/schema/catalog.ts';
import { skillCards } from '../../db/schema/faces.ts';
import { skillSearch } from '../../db/skill-search.ts';

/**
 * The statement that points a skill at its newest published version: the highest release, or the highest prerelease
 * while there is no release; nothing when none is left.
 *
 * @param guard a condition under which the statement takes effect
 */
export function setLatestVersion(db: Db, skillId: number, guard: SQL) {
  const newest = sql`(select id from versions where skill_id = ${skillId} and state = 'published' order by prerelease, sort_key desc limit 1)`;
  return db
    .update(skills)
    .set({ latestVersionId: newest })
    .where(and(eq(skills.id, skillId), guard));
}

/** The two statements that make the search index say what the latest version and its card say, or nothing when there is none. */
export function refreshSearchRow(db: Db, skillId: number, guard: SQL) {
  const latest = db
    .select({
      rowid: skills.id,
      name: skills.name,
      namespace: skills.namespace,
      keywords:
        sql<string>`${versions.keywords} || coalesce(' ' || ${skillCards.displayName}, '') || coalesce(' ' || ${skillCards.summary}, '') || coalesce(' ' || ${skillCards.tags}, '')`.as(
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
  ] as const;
}
