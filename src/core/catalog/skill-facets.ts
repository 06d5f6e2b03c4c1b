import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../../db/client.ts';
import { FACET_KINDS, facetCounts, skillFacets, skills, versions } from '../../db/schema/catalog.ts';
import { countOf } from '../../db/up-to.ts';

export type FacetKind = (typeof FACET_KINDS)[number];

/** Every value of every kind has to be the skill's. */
export type FacetFilter = Partial<Record<FacetKind, readonly string[]>>;

/** How many skills, the newest first, a filter looks at that no query narrows: those with the rarest of its values. */
export const FACET_CANDIDATES = 1_000;

/** Where a version says it. */
const SOURCES: Record<FacetKind, string> = {
  tag: '$.keywords',
  capability: '$.capabilities',
  framework: '$.frameworks',
  author: '$.author',
};

/**
 * The two statements that make the facets of a skill what its latest version says; a skill that not everybody can see
 * has none.
 *
 * @param guard a condition under which they take effect
 */
export function refreshFacets(db: Db, skillId: number, guard: SQL) {
  const shown = and(eq(skills.id, skillId), eq(skills.visibility, 'public'), isNull(skills.hiddenAt), guard);
  const words = FACET_KINDS.map(
    (kind) => sql`select ${kind} as kind, lower(trim(word.value)) as value, ${skills.id} as skill_id
      from ${skills} inner join ${versions} on ${versions.id} = ${skills.latestVersionId}
      inner join json_each(${versions.metadata}, ${SOURCES[kind]}) as word
      where ${shown} and trim(word.value) <> ''`,
  );
  return [
    db.delete(skillFacets).where(and(eq(skillFacets.skillId, skillId), guard)),
    db.insert(skillFacets).select(sql`${sql.join(words, sql` union `)}`),
  ] as const;
}

/** Whether a filter asks for anything. */
export function isNarrow(filter: FacetFilter): boolean {
  return wanted(filter).length > 0;
}

/** A select of the column `id`: the newest skills that have everything that a filter asks for. */
export function facetMembers(filter: FacetFilter): SQL {
  const rarest = sql`select common.kind, common.value from json_each(${asJson(filter)}) as pair
    inner join ${facetCounts} as common on common.kind = pair.value ->> 0 and common.value = pair.value ->> 1
    order by common.count limit 1`;
  const members = sql`select ${skillFacets.skillId} as id from ${skillFacets}
    where (${skillFacets.kind}, ${skillFacets.value}) = (${rarest}) order by ${skillFacets.skillId} desc limit ${countOf(FACET_CANDIDATES)}`;
  return sql`select id from (${members}) as member where ${hasFacets(filter, sql`member.id`)}`;
}

/** The condition that a skill has everything that a filter asks for. */
export function hasFacets(filter: FacetFilter, skillId: SQL): SQL {
  return sql`not exists (select 1 from json_each(${asJson(filter)}) as asked where not exists (
    select 1 from ${skillFacets} as has
    where has.kind = asked.value ->> 0 and has.value = asked.value ->> 1 and has.skill_id = ${skillId}))`;
}

/** The values that the text index holds among the keywords of a skill. */
export function indexedValues({ tag = [], capability = [] }: FacetFilter): string[] {
  return [...tag, ...capability].map(folded);
}

function asJson(filter: FacetFilter): string {
  return JSON.stringify(wanted(filter));
}

function wanted(filter: FacetFilter): [FacetKind, string][] {
  return FACET_KINDS.flatMap((kind) => (filter[kind] ?? []).map((value): [FacetKind, string] => [kind, folded(value)]));
}

/** As SQLite folds what it stores: letters of ASCII only. */
function folded(value: string): string {
  return value.trim().replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
