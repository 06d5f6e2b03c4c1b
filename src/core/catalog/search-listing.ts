import { and, asc, desc, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { countOf, upTo } from '../../db/up-to.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import {
  COUNTED_SKILLS,
  firstOf,
  HIT_COLUMNS,
  ORDERS,
  PAGE_SIZE,
  type SearchInput,
  type SearchPage,
  visibleTo,
} from './search-hit.ts';
import { facetMembers, hasFacets, isNarrow } from './skill-facets.ts';
import { isNewestCertified, isVerified } from './verification.ts';

/**
 * Skills without a query, newest first or in the order asked for. Without a filter it walks an index up to the end of the
 * page. A filter sorts a bounded number of candidates: the newest skills of the namespace, else those with the rarest facet,
 * else of namespaces with a certificate.
 */
export async function listMatching({ db }: Pick<Deps, 'db'>, actor: Actor, input: SearchInput): Promise<SearchPage> {
  const candidates = candidatesOf(input);
  const isMember = candidates && sql`${skills.id} in (${candidates})`;
  const listed = and(isMember, isListed(actor, input));
  const counted = db
    .select({ one: sql`1`.as('one') })
    .from(skills)
    .where(listed)
    .limit(upTo(COUNTED_SKILLS))
    .as('counted');
  // The plus sign keeps SQLite from walking the whole index of an order where a few candidates have to be sorted.
  const byOrder = ORDERS[input.order ?? 'relevance'].map((order) => (candidates ? sql`+${order}` : order));
  const [hits, total] = await db.batch([
    db
      .select({ ...HIT_COLUMNS, score: sql<number>`0`.as('score') })
      .from(skills)
      .innerJoin(versions, eq(versions.id, skills.latestVersionId))
      .where(listed)
      .orderBy(...byOrder, input.order === 'name' ? asc(skills.id) : desc(skills.id))
      .limit(upTo(input.limit ?? PAGE_SIZE))
      .offset(firstOf(input)),
    db.select({ total: sql<number>`count(*)` }).from(counted),
  ]);
  return { hits, total: total[0]?.total ?? 0 };
}

function isListed(actor: Actor, { namespace, verified, facets = {} }: SearchInput): SQL | undefined {
  return and(
    isNotNull(skills.latestVersionId),
    isNull(skills.hiddenAt),
    visibleTo(actor, skills),
    verified ? isVerified(sql`${skills.id}`) : undefined,
    namespace !== undefined && isNarrow(facets) ? hasFacets(facets, sql`${skills.id}`) : undefined,
  );
}

/** A select of ids; undefined where an index leads through all that is listed. */
function candidatesOf({ facets = {}, verified, namespace }: SearchInput): SQL | undefined {
  if (namespace !== undefined)
    return sql`select own.id from ${skills} as own where own.namespace = ${namespace} order by +own.id desc limit ${countOf(COUNTED_SKILLS)}`;
  if (isNarrow(facets)) return facetMembers(facets);
  return verified
    ? sql`select id from ${skills} where ${isNewestCertified(sql`${skills.id}`, COUNTED_SKILLS)}`
    : undefined;
}
