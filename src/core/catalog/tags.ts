import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import * as z from 'zod';
import type { Db } from '../../db/client.ts';
import { versionTags } from '../../db/schema/catalog.ts';

const storedTags = z.record(z.string(), z.string());

/** A column with the published versions of a skill by tag, as `readTags` reads it. @param skillId a column or a value */
export function tagsOf(skillId: SQLWrapper | number) {
  return sql<string>`(select json_group_object(tagged.tag, target.version) from version_tags as tagged
    inner join versions as target on target.id = tagged.version_id and target.state = 'published'
    where tagged.skill_id = ${skillId})`.as('version_tags');
}

/**
 * Versions by tag: `latest` first, then the others by name.
 *
 * @param column made by `tagsOf`
 * @param latest what the skill's latest version is, which a tag of that name need not agree with
 */
export function readTags(column: string, latest: string | undefined): Record<string, string> {
  const { latest: _set, ...tags } = storedTags.parse(JSON.parse(column));
  const sorted = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(latest === undefined ? sorted : [['latest', latest], ...sorted]);
}

/**
 * The statement that gives a version the tags that its upload asked for; other versions lose them. `latest` is not among
 * them: it follows from the versions that there are.
 *
 * @param now milliseconds
 * @param guard a condition under which the statement takes effect
 */
export function publishTags(db: Db, versionId: string, now: number, guard: SQL) {
  return db
    .insert(versionTags)
    .select(
      sql`select published.skill_id, wanted.value, published.id, ${now} from versions as published
        inner join json_each(published.metadata, '$.publishTags') as wanted
        where published.id = ${versionId} and wanted.value <> 'latest' and ${guard}`,
    )
    .onConflictDoUpdate(MOVED);
}

/** What becomes of a tag that the skill has already, in an insert of `version_tags`. */
export const MOVED = {
  target: [versionTags.skillId, versionTags.tag],
  set: { versionId: sql`excluded.version_id`, updatedAt: sql`excluded.updated_at` },
};
