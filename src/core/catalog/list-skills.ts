import { and, asc, desc, eq, gt, gte, isNotNull, isNull, lt, or, type SQL, sql } from 'drizzle-orm';
import { skills } from '../../db/schema/catalog.ts';
import { stars } from '../../db/schema/faces.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { visibleTo } from './search.ts';
import { type SkillSummary, summariesOf } from './skill-summaries.ts';

export const SKILL_SORTS = ['updated', 'created', 'name', 'stars'] as const;
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
  /** From the page before, of the same order. */
  cursor?: string;
}

export interface SkillPage {
  skills: SkillSummary[];
  nextCursor: string | null;
}

/** Where a page ended: the last value of the order's key and the skill that had it, or a number of skills to skip. */
type Position = [key: string | number, id: number];

/**
 * The skills that the actor may see, a page at a time: latest or newest first, by name, or most starred first. Each
 * order but the last walks an index; that by stars covers a bounded number of skills.
 *
 * @throws Problem `invalid_request` for a cursor that no page has given
 */
export async function listSkills(deps: Pick<Deps, 'db'>, actor: Actor, listing: SkillListing): Promise<SkillPage> {
  const sort = listing.prefix === undefined && listing.name === undefined ? listing.sort : 'name';
  const after = listing.cursor === undefined ? undefined : readCursor(sort, listing.cursor);
  const { db } = deps;
  const rows = await (sort === 'stars' ? byStars(db, actor, listing, after) : byKey(db, actor, sort, listing, after));
  const page = rows.slice(0, listing.limit);
  const last = page.at(-1);
  const position: Position | undefined =
    last &&
    (sort === 'stars' ? [(after?.[1] ?? 0) + page.length, (after?.[1] ?? 0) + page.length] : [last.key, last.id]);
  return {
    skills: await summariesOf(
      deps,
      page.map(({ id }) => id),
    ),
    nextCursor: position && rows.length > listing.limit ? writeCursor(sort, position) : null,
  };
}

type Row = { id: number; key: string | number };

const KEYS = { updated: skills.updatedAt, created: skills.id, name: skills.name } as const;

function byKey(
  db: Deps['db'],
  actor: Actor,
  sort: Exclude<SkillSort, 'stars'>,
  { prefix, name, limit }: SkillListing,
  after: Position | undefined,
): Promise<Row[]> {
  const key = KEYS[sort];
  const [past, order] = sort === 'name' ? [gt, asc] : [lt, desc];
  const rest = after && or(past(key, after[0]), and(eq(key, after[0]), past(skills.id, after[1])));
  const named = and(
    prefix === undefined ? undefined : and(gte(skills.name, prefix), lt(skills.name, `${prefix}\u{10FFFF}`)),
    name === undefined ? undefined : eq(skills.name, name),
  );
  return db
    .select({ id: skills.id, key: sql<string | number>`${key}` })
    .from(skills)
    .where(and(listed(actor), named, rest))
    .orderBy(order(key), order(skills.id))
    .limit(limit + 1);
}

function byStars(db: Deps['db'], actor: Actor, { limit }: SkillListing, after: Position | undefined): Promise<Row[]> {
  const starred = sql`select ${stars.skillId} as id, count(*) as n from ${stars} group by 1 order by 2 desc limit ${STAR_CANDIDATES}`;
  const latest = sql`select ${skills.id} as id, 0 as n from ${skills} where ${listed(actor)} order by ${skills.updatedAt} desc limit ${STAR_CANDIDATES}`;
  const candidates = sql`(select id, max(n) as n from (select * from (${starred}) union all select * from (${latest})) group by id) as candidates`;
  const n = sql<number>`candidates.n`;
  return db
    .select({ id: skills.id, key: n })
    .from(candidates)
    .innerJoin(skills, eq(skills.id, sql`candidates.id`))
    .where(listed(actor))
    .orderBy(desc(n), desc(skills.updatedAt), desc(skills.id))
    .limit(limit + 1)
    .offset(after?.[1] ?? 0);
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
