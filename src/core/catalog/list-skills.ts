import { and, asc, desc, eq, gt, gte, isNotNull, isNull, lt, type SQL, sql } from 'drizzle-orm';
import { skills } from '../../db/schema/catalog.ts';
import { stars } from '../../db/schema/faces.ts';
import { countOf, upTo } from '../../db/up-to.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { COUNTED_SKILLS, visibleTo } from './search-hit.ts';
import { type FacetFilter, facetMembers, isNarrow } from './skill-facets.ts';
import { type SkillSummary, summariesOf } from './skill-summaries.ts';

export const SKILL_SORTS = ['updated', 'created', 'name', 'stars', 'downloads', 'trending'] as const;
export type SkillSort = (typeof SKILL_SORTS)[number];

/** How many skills an order by stars looks at: so many of the most starred, and as many of the latest. */
export const STAR_CANDIDATES = 500;

export interface SkillListing {
  sort: SkillSort;
  limit: number;
  /** Only names that begin with this; they come in the order of names, whatever `sort` says. */
  prefix?: string;
  /** Only skills of exactly this name. */
  name?: string;
  /** What each skill has to have; of the `FACET_CANDIDATES` newest with the rarest of it. */
  facets?: FacetFilter;
  /** From the page before, of the same order. */
  cursor?: string;
  /** Skills to skip, without a cursor. */
  offset?: number;
}

export interface SkillPage {
  skills: SkillSummary[];
  nextCursor: string | null;
}

/** Where a page ended: the last value of the order's key and the skill that had it, or a number of skills to skip. */
type Position = [key: string | number, id: number];

/**
 * The skills that the actor may see, a page at a time: latest or newest first, by name, or most starred, most downloaded
 * ever or in the last week first. Each order walks an index, but for that by stars, and any order of what is filtered by
 * facets: these cover a bounded number of skills.
 * Of skills with as many downloads the newest comes first.
 *
 * @throws Problem `invalid_request` for a cursor that no page has given
 */
export async function listSkills(deps: Pick<Deps, 'db'>, actor: Actor, listing: SkillListing): Promise<SkillPage> {
  const sort = listing.prefix === undefined && listing.name === undefined ? listing.sort : 'name';
  const after = listing.cursor === undefined ? undefined : readCursor(sort, listing.cursor);
  const { db } = deps;
  const narrow = isNarrow(listing.facets ?? {});
  const ranked = narrow || sort === 'stars';
  const skip = (ranked ? after?.[1] : undefined) ?? (after ? 0 : (listing.offset ?? 0));
  const rows = await (narrow || sort === 'stars'
    ? byRank(db, actor, sort, listing, skip)
    : byKey(db, actor, sort, listing, { after, skip }));
  const page = rows.slice(0, listing.limit);
  const last = page.at(-1);
  const seen = skip + page.length;
  const position: Position | undefined = last && (ranked ? [seen, seen] : [last.key, last.id]);
  return {
    skills: await summariesOf(
      deps,
      page.map(({ id }) => id),
    ),
    nextCursor: position && rows.length > listing.limit ? writeCursor(sort, position) : null,
  };
}

/** How many skills all pages of a listing have together, counted up to `COUNTED_SKILLS`. */
export async function countSkills(
  { db }: Pick<Deps, 'db'>,
  actor: Actor,
  listing: Pick<SkillListing, 'prefix' | 'name' | 'facets'>,
): Promise<number> {
  const { facets = {} } = listing;
  const which = and(listed(actor), named(listing), isNarrow(facets) ? isMember(facets) : undefined);
  const counted = db
    .select({ one: sql`1`.as('one') })
    .from(skills)
    .where(which)
    .limit(upTo(COUNTED_SKILLS))
    .as('counted');
  const [row] = await db.select({ total: sql<number>`count(*)` }).from(counted);
  return row?.total ?? 0;
}

function isMember(facets: FacetFilter): SQL {
  return sql`${skills.id} in (${facetMembers(facets)})`;
}

function named({ prefix, name }: Pick<SkillListing, 'prefix' | 'name'>): SQL | undefined {
  return and(
    prefix === undefined ? undefined : and(gte(skills.name, prefix), lt(skills.name, `${prefix}\u{10FFFF}`)),
    name === undefined ? undefined : eq(skills.name, name),
  );
}

type Row = { id: number; key: string | number };

const KEYS = {
  updated: skills.updatedAt,
  created: skills.id,
  name: skills.name,
  downloads: skills.downloads,
  trending: skills.trending,
} as const;

async function byKey(
  db: Deps['db'],
  actor: Actor,
  sort: Exclude<SkillSort, 'stars'>,
  listing: SkillListing,
  { after, skip }: { after: Position | undefined; skip: number },
): Promise<Row[]> {
  const key = KEYS[sort];
  const { limit } = listing;
  const [past, order] = sort === 'name' ? [gt, asc] : [lt, desc];
  const walk = (rest?: SQL) =>
    db
      .select({ id: skills.id, key: sql<string | number>`${key}`.as('key') })
      .from(skills)
      .where(and(listed(actor), named(listing), rest))
      .orderBy(order(key), order(skills.id))
      .limit(upTo(limit + 1));
  if (!after) return walk().offset(skip);
  // Two walks, since one over either condition passes all skills with this key again; most may have no download.
  const [alike, beyond] = await db.batch([
    walk(and(eq(key, after[0]), past(skills.id, after[1]))),
    walk(past(key, after[0])),
  ]);
  return [...alike, ...beyond].slice(0, limit + 1);
}

/** Sorts a bounded number of candidates. */
function byRank(db: Deps['db'], actor: Actor, sort: SkillSort, listing: SkillListing, skip: number): Promise<Row[]> {
  const { facets = {}, limit } = listing;
  const narrow = isNarrow(facets);
  const candidates = sql`(${narrow ? withStars(facets) : starCandidates(actor)}) as candidates`;
  const n = sql<number>`candidates.n`;
  const order = sort === 'name' ? asc : desc;
  const keys = sort === 'stars' ? [desc(n), desc(skills.updatedAt)] : [order(KEYS[sort])];
  return db
    .select({ id: skills.id, key: n })
    .from(candidates)
    .innerJoin(skills, eq(skills.id, sql`candidates.id`))
    .where(and(listed(actor), named(listing)))
    .orderBy(...keys, order(skills.id))
    .limit(upTo(limit + 1))
    .offset(skip);
}

function withStars(facets: FacetFilter): SQL {
  return sql`select id, (select count(*) from ${stars} where ${stars.skillId} = id) as n from (${facetMembers(facets)})`;
}

function starCandidates(actor: Actor): SQL {
  const starred = sql`select ${stars.skillId} as id, count(*) as n from ${stars} group by 1 order by 2 desc limit ${countOf(STAR_CANDIDATES)}`;
  const latest = sql`select ${skills.id} as id, 0 as n from ${skills} where ${listed(actor)} order by ${skills.updatedAt} desc limit ${countOf(STAR_CANDIDATES)}`;
  return sql`select id, max(n) as n from (select * from (${starred}) union all select * from (${latest})) group by id`;
}

function listed(actor: Actor): SQL | undefined {
  return and(isNotNull(skills.latestVersionId), isNull(skills.hiddenAt), visibleTo(actor, skills));
}

function writeCursor(sort: SkillSort, [key, id]: Position): string {
  return `${sort}~${key}~${id}`;
}

function readCursor(sort: SkillSort, cursor: string): Position {
  const [, of, key = '', id = ''] = /^([a-z]+)~([a-z0-9-]{1,64})~(\d{1,15})$/.exec(cursor) ?? [];
  if (of === sort && (sort === 'name' || /^\d+$/.test(key))) return [sort === 'name' ? key : Number(key), Number(id)];
  throw new Problem('invalid_request', 'The cursor is not one of this list.', {
    fix: 'Begin again without a cursor, and keep the other parameters the same from page to page.',
  });
}
