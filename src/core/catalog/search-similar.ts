import { and, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import { nameSegments, skills, versions } from '../../db/schema/catalog.ts';
import { countOf, upTo } from '../../db/up-to.ts';
import { fuzzySearch } from '../../format/fuzzy-search.ts';
import { editDistance, similarNameProbes } from '../../vetting/edit-distance.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { rankedMatches, wordsOf } from './search.ts';
import { HIT_COLUMNS, type SearchHit, type SearchInput, visibleTo } from './search-hit.ts';
import { isNarrow } from './skill-facets.ts';

/**
 * How many skills are compared with a query letter by letter, how much of their descriptions, and how many of them are given. The work grows with the product of these, the words of the query and their letters.
 */
const COMPARED = 60;
const COMPARED_LETTERS = 200;
export const MOST_SIMILAR = 20;
/** What is longer was not mistyped: nobody is asked to pay for the comparison. */
const MAX_LETTERS = 32;
const MAX_WORDS = 4;
/** Shorter words are no more than the beginning of others. */
const MIN_LETTERS = 4;
const STEM_LETTERS = 3;
const MAX_NAME_LETTERS = 64;
const MAX_DISTANCE = 2;

/** What somebody may have meant by a search that found nothing; nothing where more than words was asked for. */
export async function searchMeant(deps: Pick<Deps, 'db'>, actor: Actor, input: SearchInput): Promise<SearchHit[]> {
  const { query, category, namespace, verified, facets = {} } = input;
  const isNarrowed = category !== undefined || namespace !== undefined || verified || isNarrow(facets);
  return isNarrowed ? [] : searchSimilar(deps, actor, query);
}

/**
 * What somebody may have meant whose words no skill has: skills in which every word is found give or take a few letters,
 * best first. Candidates are names within two letters of the query, by their segments, and skills whose words have the same
 * first three letters as those of the query. Nothing for more than four words of four letters, or a word of more than 32.
 */
export async function searchSimilar({ db }: Pick<Deps, 'db'>, actor: Actor, query: string): Promise<SearchHit[]> {
  const words = wordsOf(query.toLowerCase());
  if (!isComparable(words)) return [];
  const from = (candidates: SQL) =>
    db
      .select({ ...HIT_COLUMNS, score: sql<number>`0`.as('score') })
      .from(sql`(${candidates}) as candidates`)
      .innerJoin(skills, eq(skills.id, sql`candidates.id`))
      .innerJoin(versions, eq(versions.id, skills.latestVersionId))
      .where(and(isNull(skills.hiddenAt), visibleTo(actor, skills)))
      .limit(upTo(COMPARED));
  const name = words.join('-').slice(0, MAX_NAME_LETTERS);
  const [named, alike] = await db.batch([from(closeNames(name)), from(sameBeginnings(actor, words))]);
  const close = named.filter((hit) => editDistance(hit.name, name, MAX_DISTANCE) <= MAX_DISTANCE);
  const found = new Map([...close, ...alike].map((hit) => [hit.id, hit]));
  const compared = [...found.values()].slice(0, COMPARED).map((hit) => ({
    ...hit,
    description: hit.description.slice(0, COMPARED_LETTERS),
    hit,
  }));
  return fuzzySearch(compared, words.join(' '), MOST_SIMILAR).map(({ hit }) => hit);
}

function isComparable(words: readonly string[]): boolean {
  const long = words.filter((word) => word.length >= MIN_LETTERS);
  return long.length > 0 && long.length <= MAX_WORDS && long.every((word) => word.length <= MAX_LETTERS);
}

/** Public names that may lie within edit distance 2. */
function closeNames(name: string): SQL {
  const probes = JSON.stringify(similarNameProbes(name).map(({ length, index, text }) => [length, index, text]));
  return sql`select distinct named.id as id from json_each(${probes}) as probe
    inner join ${nameSegments} as part on part.length = probe.value ->> 0 and part.segment = probe.value ->> 1
      and part.text = probe.value ->> 2
    inner join ${skills} as named on named.name = part.name
    where ${isNotNull(sql`named.latest_version_id`)} limit ${countOf(COMPARED)}`;
}

function sameBeginnings(actor: Actor, words: readonly string[]): SQL {
  const stems = words.map((word) => (word.length < MIN_LETTERS ? `"${word}"` : `"${word.slice(0, STEM_LETTERS)}"*`));
  return sql`select rowid as id from (${rankedMatches(actor, stems)}) order by rank limit ${countOf(COMPARED)}`;
}
