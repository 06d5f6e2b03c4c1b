import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import type { Actor } from '../../core/accounts/actor.ts';
import { countSkills, listSkills } from '../../core/catalog/list-skills.ts';
import type { SearchOrder } from '../../core/catalog/search-hit.ts';
import { searchMeant } from '../../core/catalog/search-similar.ts';
import { type ScoredSummary, searchSummaries } from '../../core/catalog/search-summaries.ts';
import { type FacetFilter, isNarrow } from '../../core/catalog/skill-facets.ts';
import { summariesOf } from '../../core/catalog/skill-summaries.ts';
import type { Deps } from '../../core/deps.ts';
import { setCaching } from '../kit/caching.ts';
import { json } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import type { Extras } from './extras.ts';
import { facetsOf, limitOf, sliceQuery } from './params.ts';
import { refusals } from './refusals.ts';
import { searchSchema } from './schemas.ts';
import { installReference, shorten, wireOwner } from './wire.ts';

const route = createRoute({
  method: 'get',
  path: '/search',
  tags: ['Reading'],
  summary: 'Search skills',
  request: {
    query: z.object({
      q: z.string().trim().max(200).default(''),
      limit: limitOf(25, 100),
      mode: z
        .enum(['exact'], { error: 'Invalid search mode' })
        .optional()
        .meta({ description: '`exact`: skills of exactly this name.' }),
      sort: z.enum(['relevant', 'recent', 'downloads', 'rating']).default('relevant'),
      ...sliceQuery.shape,
    }),
  },
  responses: {
    200: json(
      searchSchema,
      'Best first; what is close when nothing matches, with a score of 0; nothing without `q` and without anything to filter by.',
    ),
    ...refusals(400, 401),
  },
});

/** An order by rating is one by stars: nobody rates skills here. */
const ORDERS = { relevant: 'relevance', recent: 'updated', downloads: 'downloads', rating: 'stars' } as const;

export function searchEndpoint(app: ClawhubApp, deps: Deps, extras: Extras): void {
  app.openapi(route, async (c) => {
    const { mode, sort, ...query } = c.req.valid('query');
    const { q, limit, offset } = query;
    const actor = c.get('actor');
    const asked = { q, limit, offset, facets: facetsOf(query), order: ORDERS[sort] };
    const { found, ...counted } =
      mode === 'exact' ? await searchExact(deps, actor, asked) : await searchSkills(deps, actor, asked);
    setCaching(c, { public: actor.kind === 'anonymous', pinned: false, tags: ['search'] });
    return c.json({ results: found.map(toRow), ...extras.search(found, { limit, offset, ...counted }, query) }, 200);
  });
}

interface Asked {
  q: string;
  limit: number;
  offset: number;
  facets: FacetFilter;
  order: SearchOrder;
}

interface Found {
  found: ScoredSummary[];
  total: number;
  hasMore: boolean;
}

/** What a search finds, best first; nothing when nothing is asked. */
export async function searchSkills(deps: Pick<Deps, 'db'>, actor: Actor, asked: Asked): Promise<Found> {
  const { q, limit, order, ...rest } = asked;
  if (q === '') {
    return isNarrow(asked.facets) ? listFound(deps, actor, asked) : { found: [], total: 0, hasMore: false };
  }
  const { found, total } = await searchSummaries(deps, actor, { ...rest, query: q, page: 1, limit: limit + 1, order });
  if (total === 0) return findMeant(deps, actor, asked);
  return { found: found.slice(0, limit), total, hasMore: found.length > limit };
}

/** What is close, where nothing matches: without a score, since it is none of what was asked for. */
async function findMeant(deps: Pick<Deps, 'db'>, actor: Actor, { q, limit, offset, facets }: Asked): Promise<Found> {
  const similar = await searchMeant(deps, actor, { query: q, page: 1, facets });
  const page = similar.slice(offset, offset + limit).map(({ id }) => id);
  const skills = await summariesOf(deps, page);
  return {
    found: skills.map((skill) => ({ skill, score: 0 })),
    total: similar.length,
    hasMore: similar.length > offset + limit,
  };
}

function searchExact(deps: Pick<Deps, 'db'>, actor: Actor, asked: Asked): Promise<Found> {
  return listFound(deps, actor, asked, asked.q.toLowerCase());
}

async function listFound(deps: Pick<Deps, 'db'>, actor: Actor, asked: Asked, name?: string): Promise<Found> {
  const { limit, offset, facets, order } = asked;
  const sort = order === 'relevance' ? 'updated' : order;
  const [{ skills, nextCursor }, total] = await Promise.all([
    listSkills(deps, actor, { sort, name, limit, offset, facets }),
    countSkills(deps, actor, { name, facets }),
  ]);
  return { found: skills.map((skill) => ({ skill, score: 1 })), total, hasMore: nextCursor !== null };
}

function toRow({ skill, score }: ScoredSummary) {
  return {
    id: String(skill.id),
    score,
    slug: skill.name,
    displayName: skill.displayName,
    summary: shorten(skill.summary),
    version: skill.latest.version,
    downloads: skill.downloads,
    updatedAt: skill.updatedAt,
    source: 'clawhub' as const,
    ownerHandle: skill.namespace,
    owner: wireOwner(skill.namespace),
    install: installReference(skill),
  };
}
