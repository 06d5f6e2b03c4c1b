import { and, desc, eq, type SQL, sql } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { skillSearch } from '../../db/skill-search.ts';
import { countOf, upTo } from '../../db/up-to.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import {
  firstOf,
  HIT_COLUMNS,
  ORDERS,
  PAGE_SIZE,
  type SearchHit,
  type SearchInput,
  type SearchPage,
  visibleTo,
} from './search-hit.ts';
import { listMatching } from './search-listing.ts';
import { hasFacets, indexedValues, isNarrow } from './skill-facets.ts';
import { isCertified, isVerified } from './verification.ts';

const MAX_TERMS = 8;
/** How many matches of a query are ranked: so many by name, and so many by any column. */
export const CANDIDATES = 500;

/**
 * Skills that match every word of the query as a prefix of some word in their name, namespace, keywords or
 * description, best first; a match in the name weighs most. Without a query: see `listMatching`. Private skills appear to
 * those who may read them.
 */
export async function search(deps: Pick<Deps, 'db'>, actor: Actor, input: SearchInput): Promise<SearchPage> {
  const isListing = input.query.trim() === '' && input.category === undefined;
  if (isListing) return listMatching(deps, actor, input);
  const match = matchOf(deps, actor, input);
  if (!match) return { hits: [], total: 0 };
  const rows = await hitsOf(deps, match, input, { from: match.counted, more: { total: match.total } });
  return { hits: rows.map(({ total: _, ...hit }) => hit), total: await totalOf(rows, firstOf(input), match.count) };
}

/**
 * The total that comes with every row of a page.
 *
 * @param skipped rows before the page
 * @param count is asked where the page lies behind the end, so that no row tells it
 */
export async function totalOf(
  page: readonly { total: number }[],
  skipped: number,
  count: () => Promise<{ total: number }[]>,
): Promise<number> {
  const [first] = page.length > 0 || skipped === 0 ? page : await count();
  return first?.total ?? 0;
}

/** What `search` finds, for those who do not ask how many there are. */
export async function searchHits(deps: Pick<Deps, 'db'>, actor: Actor, input: SearchInput): Promise<SearchHit[]> {
  if (input.query.trim() === '') return (await search(deps, actor, input)).hits;
  const match = matchOf(deps, actor, input);
  return match ? hitsOf(deps, match, input, { from: match.ranked, where: match.asked, more: {} }) : [];
}

type Hits<More> = { from: SQL; where?: SQL; more: More };

function hitsOf<More extends Record<string, SQL>>(
  { db }: Pick<Deps, 'db'>,
  match: Match,
  input: SearchInput,
  { from, where, more }: Hits<More>,
) {
  return db
    .select({ ...HIT_COLUMNS, score: match.score, ...more })
    .from(from)
    .innerJoin(skills, match.isCandidate)
    .innerJoin(versions, eq(versions.id, skills.latestVersionId))
    .where(where)
    .orderBy(...match.order)
    .limit(upTo(input.limit ?? PAGE_SIZE))
    .offset(firstOf(input));
}

type Match = NonNullable<ReturnType<typeof matchOf>>;

/** The parts of a statement that finds what a query or a category matches; nothing where no word is in them. */
export function matchOf({ db }: Pick<Deps, 'db'>, actor: Actor, input: SearchInput) {
  const words = ftsWords(input.query);
  const category = input.category === undefined ? [] : wordsOf(input.category);
  const isEmpty = words.length === 0 && (input.query.trim() !== '' || category.length === 0);
  if (isEmpty || (input.category !== undefined && category.length === 0)) return undefined;
  const narrowed = and(
    // The match is by words; the filter is by the whole text.
    input.category === undefined ? undefined : eq(skillSearch.category, input.category),
    input.namespace === undefined ? undefined : eq(skillSearch.namespace, input.namespace),
    input.verified ? isCertified(sql`${skillSearch.namespace}`) : undefined,
  );
  const ofCategory = category.length > 0 ? `category : (${category.map((word) => `"${word}"`).join(' ')})` : '';
  const { facets = {} } = input;
  const filter = [ofCategory, ...indexedValues(facets).map(asKeywords)].filter(Boolean).join(' AND ');
  const rowid = sql<number>`candidates.rowid`;
  const rank = sql<number>`candidates.rank`;
  const asked = and(
    isNarrow(facets) ? hasFacets(facets, rowid) : undefined,
    input.verified ? isVerified(rowid) : undefined,
  );
  const ranked = sql`(${rankedMatches(actor, words, narrowed, filter)}) as candidates`;
  const which = asked ? sql`where ${asked}` : sql``;
  return {
    /** Candidates without their number; what is `asked` is for the statement around them. */
    ranked,
    asked,
    counted: sql`(select ${rowid}, ${rank}, count(*) over () as total from ${ranked} ${which}) as candidates`,
    isCandidate: eq(skills.id, rowid),
    score: sql<number>`-${rank}`.as('score'),
    /** How many candidates there are, in the row of each. */
    total: sql<number>`candidates.total`,
    order: [...ORDERS[input.order ?? 'relevance'], ...(words.length > 0 ? [rank, rowid] : [desc(rowid)])],
    /** Counts them where there is no row to tell it. */
    count: async () => db.select({ total: sql<number>`count(*)` }).from(ranked).where(asked),
  };
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
  return sql`select rowid, rank from ${skillSearch} where ${matching} order by rowid desc limit ${countOf(CANDIDATES)}`;
}

/**
 * Words become quoted prefixes, so nothing that people type is FTS5 syntax: `pdf-tool` -> `"pdf"*`, `"tool"*`. A single
 * character stands for itself: as a prefix it would match most of the catalogue.
 */
export function ftsWords(query: string): string[] {
  return wordsOf(query).map((word) => (word.length > 1 ? `"${word}"*` : `"${word}"`));
}

export function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}]+/gu)?.slice(0, MAX_TERMS) ?? [];
}
