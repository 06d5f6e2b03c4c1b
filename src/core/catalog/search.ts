import { and, desc, eq, isNotNull, or, type SQL, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import { skills, type Visibility, versions } from '../../db/schema/catalog.ts';
import { skillSearch } from '../../db/skill-search.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';

export const PAGE_SIZE = 20;
const MAX_TERMS = 8;
/** How many matches of a query are ranked and counted, and how many skills of a listing are counted. */
export const CANDIDATES = 500;
export const COUNTED_SKILLS = 1_000;

export interface SearchInput {
  query: string;
  /** 1-based. */
  page: number;
  category?: string;
}

export interface SearchHit {
  id: number;
  namespace: string;
  name: string;
  description: string;
  category: string | null;
  visibility: Visibility;
  createdAt: number;
  latestVersion: string;
}

export interface SearchPage {
  hits: SearchHit[];
  /** Number of matches, counted up to `CANDIDATES`; of a listing without a query, up to `COUNTED_SKILLS`. */
  total: number;
}

/**
 * Skills that match every word of the query as a prefix of some word in their name, namespace, keywords or
 * description, best first; a match in the name weighs most. Without a query: all skills, newest first. Private
 * skills appear to those who may read them.
 */
export async function search(deps: Pick<Deps, 'db'>, actor: Actor, input: SearchInput): Promise<SearchPage> {
  const everything = input.query.trim() === '';
  if (everything && input.category === undefined) return listAll(deps, actor, input);
  const words = wordsOf(input.query);
  const category = input.category === undefined ? [] : wordsOf(input.category);
  const nothing = (!everything && words.length === 0) || (input.category !== undefined && category.length === 0);
  return nothing ? { hits: [], total: 0 } : find(deps, actor, input, { words, category });
}

/**
 * Ranks the newest candidates by name and the newest by any column, so that a word that half the catalogue holds costs
 * little more than a rare one, and still does not hide an old skill of that very name.
 */
async function find(
  { db }: Pick<Deps, 'db'>,
  actor: Actor,
  input: SearchInput,
  { words, category }: { words: string[]; category: string[] },
): Promise<SearchPage> {
  const prefixes = words.map(prefix).join(' ');
  const filter = category.length > 0 ? `category : (${category.map((word) => `"${word}"`).join(' ')})` : '';
  const within = (columns: string) => [prefixes && `${columns} : (${prefixes})`, filter].filter(Boolean).join(' AND ');
  const anywhere = newest(actor, input, within('{name namespace keywords description}'));
  const candidates = sql`(select rowid, min(rank) as rank from (
      select * from (${newest(actor, input, within('name'))}) union all select * from (${anywhere})
    ) group by rowid) as candidates`;
  const rowid = sql<number>`candidates.rowid`;
  const best = words.length > 0 ? [sql`candidates.rank`, rowid] : [desc(rowid)];
  const [hits, counted] = await db.batch([
    db
      .select(HIT_COLUMNS)
      .from(candidates)
      .innerJoin(skills, eq(skills.id, rowid))
      .innerJoin(versions, eq(versions.id, skills.latestVersionId))
      .orderBy(...best)
      .limit(PAGE_SIZE)
      .offset(firstOf(input)),
    db.select({ total: sql<number>`count(*)` }).from(sql`(${anywhere})`),
  ]);
  return { hits, total: counted[0]?.total ?? 0 };
}

function newest(actor: Actor, input: SearchInput, match: string): SQL {
  const matching = and(
    sql`skill_search match ${match}`,
    visibleTo(actor, skillSearch),
    // The match is by words; the filter is by the whole text.
    input.category === undefined ? undefined : eq(skillSearch.category, input.category),
  );
  return sql`select rowid, rank from ${skillSearch} where ${matching} order by rowid desc limit ${CANDIDATES}`;
}

async function listAll({ db }: Pick<Deps, 'db'>, actor: Actor, input: SearchInput): Promise<SearchPage> {
  const listed = and(isNotNull(skills.latestVersionId), visibleTo(actor, skills));
  const counted = db
    .select({ one: sql`1`.as('one') })
    .from(skills)
    .where(listed)
    .limit(COUNTED_SKILLS)
    .as('counted');
  const [hits, total] = await db.batch([
    db
      .select(HIT_COLUMNS)
      .from(skills)
      .innerJoin(versions, eq(versions.id, skills.latestVersionId))
      .where(listed)
      .orderBy(desc(skills.id))
      .limit(PAGE_SIZE)
      .offset(firstOf(input)),
    db.select({ total: sql<number>`count(*)` }).from(counted),
  ]);
  return { hits, total: total[0]?.total ?? 0 };
}

const HIT_COLUMNS = {
  id: skills.id,
  namespace: skills.namespace,
  name: skills.name,
  description: versions.description,
  category: sql<string | null>`${versions.metadata} ->> 'category'`,
  visibility: skills.visibility,
  createdAt: skills.createdAt,
  latestVersion: versions.version,
};

function firstOf(input: SearchInput): number {
  return (input.page - 1) * PAGE_SIZE;
}

function visibleTo(actor: Actor, columns: { visibility: SQLiteColumn; namespace: SQLiteColumn }): SQL | undefined {
  if (actor.kind === 'operator') return undefined;
  const isPublic = eq(columns.visibility, 'public');
  return actor.kind === 'key' ? or(isPublic, eq(columns.namespace, actor.namespace)) : isPublic;
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}]+/gu)?.slice(0, MAX_TERMS) ?? [];
}

/**
 * A quoted prefix, so nothing that people type is FTS5 syntax. A single character stands for itself: as a prefix it
 * would match most of the catalogue.
 */
function prefix(word: string): string {
  return word.length > 1 ? `"${word}"*` : `"${word}"`;
}
