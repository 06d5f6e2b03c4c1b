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
  if (input.query.trim() === '') return list(deps, actor, input);
  const words = ftsWords(input.query);
  return words.length === 0 ? { hits: [], total: 0 } : find(deps, actor, input, words);
}

/**
 * Ranks the newest candidates by name and the newest by any column, so that a word that half the catalogue holds costs
 * no more than a rare one, and still does not hide an old skill of that very name.
 */
async function find({ db }: Pick<Deps, 'db'>, actor: Actor, input: SearchInput, words: string[]): Promise<SearchPage> {
  const anywhere = words.join(' ');
  const candidates = sql`(select rowid, min(rank) as rank from (
      select * from (${newest(actor, input, `name : (${anywhere})`)})
      union all select * from (${newest(actor, input, anywhere)})
    ) group by rowid) as candidates`;
  const rowid = sql<number>`candidates.rowid`;
  const rank = sql<number>`candidates.rank`;
  const [hits, counted] = await db.batch([
    db
      .select(HIT_COLUMNS)
      .from(candidates)
      .innerJoin(skills, eq(skills.id, rowid))
      .innerJoin(versions, eq(versions.id, skills.latestVersionId))
      .orderBy(rank, rowid)
      .limit(PAGE_SIZE)
      .offset(firstOf(input)),
    db.select({ total: sql<number>`count(*)` }).from(sql`(${newest(actor, input, anywhere)})`),
  ]);
  return { hits, total: counted[0]?.total ?? 0 };
}

function newest(actor: Actor, input: SearchInput, match: string): SQL {
  const matching = and(
    sql`skill_search match ${match}`,
    visibleTo(actor, skillSearch),
    input.category === undefined ? undefined : eq(skillSearch.category, input.category),
  );
  return sql`select rowid, rank from ${skillSearch} where ${matching} order by rowid desc limit ${CANDIDATES}`;
}

async function list({ db }: Pick<Deps, 'db'>, actor: Actor, input: SearchInput): Promise<SearchPage> {
  const listed = and(isNotNull(skills.latestVersionId), visibleTo(actor, skills));
  const ofCategory = input.category === undefined ? undefined : eq(HIT_COLUMNS.category, input.category);
  const onLatest = eq(versions.id, skills.latestVersionId);
  const one = db.select({ one: sql`1`.as('one') }).from(skills);
  const counted = ofCategory ? one.innerJoin(versions, onLatest).where(and(listed, ofCategory)) : one.where(listed);
  const [hits, total] = await db.batch([
    db
      .select(HIT_COLUMNS)
      .from(skills)
      .innerJoin(versions, onLatest)
      .where(and(listed, ofCategory))
      .orderBy(desc(skills.id))
      .limit(PAGE_SIZE)
      .offset(firstOf(input)),
    db.select({ total: sql<number>`count(*)` }).from(counted.limit(COUNTED_SKILLS).as('counted')),
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

/** Words become quoted prefixes, so nothing that people type is FTS5 syntax: `pdf-tool` -> `"pdf"*`, `"tool"*`. */
function ftsWords(query: string): string[] {
  const words = query.match(/[\p{L}\p{N}]+/gu)?.slice(0, MAX_TERMS) ?? [];
  return words.map((word) => `"${word}"*`);
}
