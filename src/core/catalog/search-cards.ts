import { and, desc, eq, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import { namespaces } from '../../db/schema/accounts.ts';
import { skills, versions } from '../../db/schema/catalog.ts';
import { skillCards } from '../../db/schema/faces.ts';
import { skillSearch } from '../../db/skill-search.ts';
import { countOf, upTo } from '../../db/up-to.ts';
import type { Actor } from '../accounts/actor.ts';
import { normalizeEmail } from '../accounts/create-namespace.ts';
import type { Deps } from '../deps.ts';
import { CARD_COLUMNS, CARD_JOINS, type Card, type CardSource, FACETS, type Facet, TAGS, toCard } from './card.ts';
import { ftsWords, rankedMatches, totalOf } from './search.ts';
import { visibleTo } from './search-hit.ts';

/** How many skills a listing counts: who fetches page after page needs the number, so it is a high bound. */
export const LISTED_SKILLS = 100_000;
/** How many skills, the last changed first, a filter on cards looks at. */
export const FILTERED_SKILLS = 10_000;

export interface CardQuery {
  /** Words as in `search`; an empty text lists everything. */
  keyword: string;
  /** A namespace; or an address, which finds only what the actor may know it of. */
  author?: string;
  source?: CardSource;
  /** One of the values of each facet named has to be on the card. */
  facets: Partial<Record<Facet, string[]>>;
  /** By the last change; absent means the best match first, and without a keyword the last changed first. */
  order?: 'newest' | 'oldest';
  /** 1-based. */
  page: number;
  size: number;
}

export interface CardPage {
  cards: Card[];
  /** Of a keyword, at most twice `CANDIDATES`; of filters, within `FILTERED_SKILLS`; else up to `LISTED_SKILLS`. */
  total: number;
}

/**
 * Cards that match a keyword and filters. A keyword ranks a bounded number of matches and filters those; filters
 * alone look at the `FILTERED_SKILLS` last changed; a listing walks the index of `updated_at` up to the end of its page,
 * and counts. Private skills appear to those who may read them.
 */
export function searchCards(deps: Pick<Deps, 'db'>, actor: Actor, query: CardQuery): Promise<CardPage> {
  const words = ftsWords(query.keyword);
  if (query.keyword.trim() !== '' && words.length === 0) return Promise.resolve({ cards: [], total: 0 });
  if (words.length > 0) {
    const author = byAuthor(actor, query.author, skillSearch);
    const matches = rankedMatches(actor, words, author);
    if (cardFilters(query).length === 0) return matching(deps, actor, query, matches);
    return filter(deps, actor, query, sql`(select rowid as id, rank from (${matches})) as found`);
  }
  if (cardFilters(query).length === 0) return list(deps, actor, query);
  const newest = sql`select id, 0 as rank from ${skills} where ${listed(actor, query)} order by updated_at desc, id desc limit ${countOf(FILTERED_SKILLS)}`;
  return filter(deps, actor, query, sql`(${newest}) as found`);
}

/** What a keyword finds, counted in the same statement unless the page lies behind its end. */
async function matching({ db }: Pick<Deps, 'db'>, actor: Actor, query: CardQuery, matches: SQL): Promise<CardPage> {
  const rows = await db
    .select({ ...CARD_COLUMNS, total: sql<number>`found.total` })
    .from(sql`(select rowid as id, rank, count(*) over () as total from (${matches})) as found`)
    .innerJoin(skills, IS_FOUND)
    .innerJoin(versions, CARD_JOINS.version)
    .innerJoin(namespaces, CARD_JOINS.owner)
    .leftJoin(skillCards, CARD_JOINS.card)
    .where(isNull(skills.hiddenAt))
    .orderBy(...orderOf(query))
    .limit(upTo(query.size))
    .offset(firstOf(query));
  const cards = rows.map(({ total: _, ...row }) => toCard(row, actor));
  const count = async () => db.select({ total: sql<number>`count(*)` }).from(sql`(${matches}) as counted`);
  return { cards, total: await totalOf(rows, firstOf(query), count) };
}

async function filter({ db }: Pick<Deps, 'db'>, actor: Actor, query: CardQuery, found: SQL): Promise<CardPage> {
  const conditions = and(isNull(skills.hiddenAt), ...cardFilters(query));
  const [rows, counted] = await db.batch([
    db
      .select(CARD_COLUMNS)
      .from(found)
      .innerJoin(skills, IS_FOUND)
      .innerJoin(versions, CARD_JOINS.version)
      .innerJoin(namespaces, CARD_JOINS.owner)
      .leftJoin(skillCards, CARD_JOINS.card)
      .where(conditions)
      .orderBy(...orderOf(query))
      .limit(upTo(query.size))
      .offset(firstOf(query)),
    db
      .select({ total: sql<number>`count(*)` })
      .from(found)
      .innerJoin(skills, IS_FOUND)
      .innerJoin(versions, CARD_JOINS.version)
      .leftJoin(skillCards, CARD_JOINS.card)
      .where(conditions),
  ]);
  return { cards: rows.map((row) => toCard(row, actor)), total: counted[0]?.total ?? 0 };
}

async function list({ db }: Pick<Deps, 'db'>, actor: Actor, query: CardQuery): Promise<CardPage> {
  const visible = listed(actor, query);
  const order = timeOrder(query.order ?? 'newest');
  // The page is found by index before anything is joined to it.
  const page = db
    .select({ id: skills.id })
    .from(skills)
    .where(visible)
    .orderBy(...order)
    .limit(upTo(query.size))
    .offset(firstOf(query))
    .as('page');
  const all = db
    .select({ one: sql`1`.as('one') })
    .from(skills)
    .where(visible)
    .limit(upTo(LISTED_SKILLS))
    .as('listed');
  const [rows, counted] = await db.batch([
    db
      .select(CARD_COLUMNS)
      .from(page)
      .innerJoin(skills, eq(skills.id, page.id))
      .innerJoin(versions, CARD_JOINS.version)
      .innerJoin(namespaces, CARD_JOINS.owner)
      .leftJoin(skillCards, CARD_JOINS.card)
      .orderBy(...order),
    db.select({ total: sql<number>`count(*)` }).from(all),
  ]);
  return { cards: rows.map((row) => toCard(row, actor)), total: counted[0]?.total ?? 0 };
}

function listed(actor: Actor, query: CardQuery): SQL | undefined {
  return and(
    isNotNull(skills.latestVersionId),
    isNull(skills.hiddenAt),
    visibleTo(actor, skills),
    byAuthor(actor, query.author, skills),
  );
}

function cardFilters({ source, facets }: CardQuery): SQL[] {
  const ofSource = source === undefined ? [] : [sql`coalesce(${skillCards.source}, 'personal') = ${source}`];
  const ofFacets = FACETS.flatMap((facet) => {
    const wanted = facets[facet];
    if (wanted === undefined) return [];
    const values = facet === 'tags' ? TAGS : skillCards[facet];
    return [
      sql`exists (select 1 from json_each(${values}) as has join json_each(${JSON.stringify(wanted)}) as wanted on has.value = wanted.value)`,
    ];
  });
  return [...ofSource, ...ofFacets];
}

/** An address leads to a namespace only for those who may know that it belongs to it. */
function byAuthor(actor: Actor, author: string | undefined, columns: { namespace: SQLiteColumn }): SQL | undefined {
  if (author === undefined) return undefined;
  const handle = eq(columns.namespace, author.trim().replace(/^@/, '').toLowerCase());
  if (actor.kind === 'anonymous') return handle;
  const known = actor.kind === 'operator' ? undefined : eq(columns.namespace, actor.namespace);
  const owns = sql`exists (select 1 from ${namespaces} where ${namespaces.slug} = ${columns.namespace} and ${namespaces.email} = ${normalizeEmail(author)})`;
  return or(handle, and(known, owns));
}

const IS_FOUND = eq(skills.id, sql`found.id`);

function orderOf({ order, keyword }: CardQuery) {
  const byTime = order ?? (keyword.trim() === '' ? 'newest' : undefined);
  return byTime === undefined ? [sql`found.rank`, skills.id] : timeOrder(byTime);
}

function timeOrder(order: 'newest' | 'oldest') {
  return order === 'newest' ? [desc(skills.updatedAt), desc(skills.id)] : [skills.updatedAt, skills.id];
}

function firstOf({ page, size }: CardQuery): number {
  return (page - 1) * size;
}
