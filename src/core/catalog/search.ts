import { and, desc, eq, isNotNull, or, type SQL, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import { skills, type Visibility, versions } from '../../db/schema/catalog.ts';
import { searchRank, skillSearch } from '../../db/skill-search.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';

export const PAGE_SIZE = 20;
const MAX_TERMS = 8;
/** A listing of everything counts no further, so that it stays bounded however large the catalogue is. */
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
  /** Number of matches; of a listing without a query, counted up to `COUNTED_SKILLS`. */
  total: number;
}

/**
 * Skills that match every word of the query as a prefix of some word in their name, namespace, keywords or
 * description, best first; a match in the name weighs most. Without a query: all skills, newest first. Private
 * skills appear to those who may read them.
 */
export async function search(deps: Pick<Deps, 'db'>, actor: Actor, input: SearchInput): Promise<SearchPage> {
  if (input.query.trim() === '') return list(deps, actor, input);
  const match = ftsQuery(input.query);
  return match === undefined ? { hits: [], total: 0 } : find(deps, actor, input, match);
}

async function find({ db }: Pick<Deps, 'db'>, actor: Actor, input: SearchInput, match: string): Promise<SearchPage> {
  const matching = and(
    sql`skill_search match ${match}`,
    visibleTo(actor, skillSearch),
    input.category === undefined ? undefined : eq(skillSearch.category, input.category),
  );
  const page = db
    .select({ rowid: skillSearch.rowid, rank: searchRank.as('rank') })
    .from(skillSearch)
    .where(matching)
    .orderBy(searchRank, skillSearch.rowid)
    .limit(PAGE_SIZE)
    .offset(firstOf(input))
    .as('page');
  const [hits, counted] = await db.batch([
    db
      .select(HIT_COLUMNS)
      .from(page)
      .innerJoin(skills, eq(skills.id, page.rowid))
      .innerJoin(versions, eq(versions.id, skills.latestVersionId))
      .orderBy(sql`${page.rank}`, page.rowid),
    db.select({ total: sql<number>`count(*)` }).from(skillSearch).where(matching),
  ]);
  return { hits, total: counted[0]?.total ?? 0 };
}

async function list({ db }: Pick<Deps, 'db'>, actor: Actor, input: SearchInput): Promise<SearchPage> {
  const listed = and(
    isNotNull(skills.latestVersionId),
    visibleTo(actor, skills),
    input.category === undefined ? undefined : eq(HIT_COLUMNS.category, input.category),
  );
  const counted = db
    .select({ one: sql`1`.as('one') })
    .from(skills)
    .innerJoin(versions, eq(versions.id, skills.latestVersionId))
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

/** Words become quoted prefixes, so nothing that people type is FTS5 syntax: `pdf-tool` -> `"pdf"* "tool"*`. */
function ftsQuery(query: string): string | undefined {
  const words = query.match(/[\p{L}\p{N}]+/gu)?.slice(0, MAX_TERMS);
  return words?.map((word) => `"${word}"*`).join(' ');
}
