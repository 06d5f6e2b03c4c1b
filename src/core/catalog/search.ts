import { and, desc, eq, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import { skills, type Visibility, versions } from '../../db/schema/catalog.ts';
import { stars } from '../../db/schema/faces.ts';
import { skillSearch } from '../../db/skill-search.ts';
import { type Actor, namespacesOf } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { type FacetFilter, hasFacets, indexedValues, isNarrow } from './skill-facets.ts';
import { isCertified, isNewestCertified, isVerified, type Verification, verification } from './verification.ts';

export const PAGE_SIZE = 20;
const MAX_TERMS = 8;
/** How many matches of a query are ranked and counted, and how many skills of a listing are counted. */
export const CANDIDATES = 500;
export const COUNTED_SKILLS = 1_000;

export interface SearchInput {
  query: string;
  /** 1-based. */
  page: number;
  /** Skills a page; default `PAGE_SIZE`. */
  limit?: number;
  /** Skills to skip, instead of pages. */
  offset?: number;
  category?: string;
  /** Only skills of this namespace. */
  namespace?: string;
  /**
   * Only skills whose latest version its publisher signed with a certificate of this hub. They are looked for among the
   * candidates of a query and the newest `COUNTED_SKILLS` of a listing, both counted in namespaces with a certificate.
   */
  verified?: boolean;
  /** Only beside a query: what each skill has to have; of the candidates that the query ranks. */
  facets?: FacetFilter;
  /** Only beside a query, among its candidates; default `relevance`. */
  order?: SearchOrder;
}

export const SEARCH_ORDERS = ['relevance', 'updated', 'downloads', 'stars'] as const;
export type SearchOrder = (typeof SEARCH_ORDERS)[number];

export interface SearchHit {
  id: number;
  namespace: string;
  name: string;
  description: string;
  category: string | null;
  visibility: Visibility;
  createdAt: number;
  /** Ever. */
  downloads: number;
  latestVersion: string;
  verification: Verification;
  /** How well it matches: higher is better, comparable within one answer only; 0 without a query. */
  score: number;
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
  const words = ftsWords(input.query);
  const category = input.category === undefined ? [] : wordsOf(input.category);
  const nothing = (!everything && words.length === 0) || (input.category !== undefined && category.length === 0);
  return nothing ? { hits: [], total: 0 } : find(deps, actor, input, { words, category });
}

async function find(
  { db }: Pick<Deps, 'db'>,
  actor: Actor,
  input: SearchInput,
  { words, category }: { words: string[]; category: string[] },
): Promise<SearchPage> {
  const narrowed = and(
    // The match is by words; the filter is by the whole text.
    input.category === undefined ? undefined : eq(skillSearch.category, input.category),
    input.namespace === undefined ? undefined : eq(skillSearch.namespace, input.namespace),
    input.verified ? isCertified(sql`${skillSearch.namespace}`) : undefined,
  );
  const ofCategory = category.length > 0 ? `category : (${category.map((word) => `"${word}"`).join(' ')})` : '';
  const { facets = {} } = input;
  const filter = [ofCategory, ...indexedValues(facets).map(asKeywords)].filter(Boolean).join(' AND ');
  const candidates = sql`(${rankedMatches(actor, words, narrowed, filter)}) as candidates`;
  const rowid = sql<number>`candidates.rowid`;
  const rank = sql<number>`candidates.rank`;
  const asked = and(
    isNarrow(facets) ? hasFacets(facets, rowid) : undefined,
    input.verified ? isVerified(rowid) : undefined,
  );
  const [hits, counted] = await db.batch([
    db
      .select({ ...HIT_COLUMNS, score: sql<number>`-${rank}`.as('score') })
      .from(candidates)
      .innerJoin(skills, eq(skills.id, rowid))
      .innerJoin(versions, eq(versions.id, skills.latestVersionId))
      .where(asked)
      .orderBy(...(words.length > 0 ? [...ORDERS[input.order ?? 'relevance'], rank, rowid] : [desc(rowid)]))
      .limit(input.limit ?? PAGE_SIZE)
      .offset(firstOf(input)),
    db
      .select({ total: sql<number>`count(*)` })
      .from(sql`(${newest(actor, within(ANYWHERE, words, filter), narrowed)}) as candidates`)
      .where(asked),
  ]);
  return { hits, total: counted[0]?.total ?? 0 };
}

/**
 * A select of `rowid` (the skill's id) and `rank` (the smaller, the better). Ranks the newest candidates by name and the
 * newest by any column, so that a word that half the catalogue holds costs little more than a rare one, and still does
 * not hide an old skill of that very name.
 *
 * @param words of `ftsWords`; none only beside a filter
 * @param narrowed a further condition on `skill_search`
 * @param filter a further FTS5 expression that has to match
 */
export function rankedMatches(actor: Actor, words: string[], narrowed?: SQL, filter = ''): SQL {
  return sql`select rowid, min(rank) as rank from (
      select * from (${newest(actor, within('name', words, filter), narrowed)})
      union all select * from (${newest(actor, within(ANYWHERE, words, filter), narrowed)})
    ) group by rowid`;
}

const ORDERS: Record<SearchOrder, SQL[]> = {
  relevance: [],
  updated: [desc(skills.updatedAt)],
  downloads: [desc(skills.downloads)],
  stars: [sql`(select count(*) from ${stars} where ${stars.skillId} = ${skills.id}) desc`],
};

/** A facet value with no word in it narrows nothing here; see `hasFacets`. */
function asKeywords(value: string): string {
  const words = wordsOf(value).map((word) => `"${word}"`);
  return words.length === 0 ? '' : `keywords : (${words.join(' ')})`;
}

const ANYWHERE = '{name namespace keywords description}';

function within(columns: string, words: string[], filter: string): string {
  return [words.length > 0 && `${columns} : (${words.join(' ')})`, filter].filter(Boolean).join(' AND ');
}

function newest(actor: Actor, match: string, narrowed: SQL | undefined): SQL {
  const matching = and(sql`skill_search match ${match}`, visibleTo(actor, skillSearch), narrowed);
  return sql`select rowid, rank from ${skillSearch} where ${matching} order by rowid desc limit ${CANDIDATES}`;
}

async function listAll({ db }: Pick<Deps, 'db'>, actor: Actor, input: SearchInput): Promise<SearchPage> {
  const listed = and(
    isNotNull(skills.latestVersionId),
    isNull(skills.hiddenAt),
    visibleTo(actor, skills),
    input.namespace === undefined ? undefined : eq(skills.namespace, input.namespace),
    input.verified ? isNewestCertified(sql`${skills.id}`, COUNTED_SKILLS) : undefined,
    input.verified ? isVerified(sql`${skills.id}`) : undefined,
  );
  const counted = db
    .select({ one: sql`1`.as('one') })
    .from(skills)
    .where(listed)
    .limit(COUNTED_SKILLS)
    .as('counted');
  const [hits, total] = await db.batch([
    db
      .select({ ...HIT_COLUMNS, score: sql<number>`0`.as('score') })
      .from(skills)
      .innerJoin(versions, eq(versions.id, skills.latestVersionId))
      .where(listed)
      .orderBy(desc(skills.id))
      .limit(input.limit ?? PAGE_SIZE)
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
  downloads: skills.downloads,
  latestVersion: versions.version,
  verification: verification.as('verification'),
};

function firstOf(input: SearchInput): number {
  return input.offset ?? (input.page - 1) * (input.limit ?? PAGE_SIZE);
}

/** The condition that leaves out the private skills that the actor may not read. */
export function visibleTo(
  actor: Actor,
  columns: { visibility: SQLiteColumn; namespace: SQLiteColumn },
): SQL | undefined {
  if (actor.kind === 'operator') return undefined;
  const isPublic = eq(columns.visibility, 'public');
  return or(isPublic, ...namespacesOf(actor).map((namespace) => eq(columns.namespace, namespace)));
}

/**
 * Words become quoted prefixes, so nothing that people type is FTS5 syntax: `pdf-tool` -> `"pdf"*`, `"tool"*`. A single
 * character stands for itself: as a prefix it would match most of the catalogue.
 */
export function ftsWords(query: string): string[] {
  return wordsOf(query).map((word) => (word.length > 1 ? `"${word}"*` : `"${word}"`));
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}]+/gu)?.slice(0, MAX_TERMS) ?? [];
}
