import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import type { Actor } from '../../core/accounts/actor.ts';
import { countSkills, listSkills, type SkillSort } from '../../core/catalog/list-skills.ts';
import type { SkillSummary } from '../../core/catalog/skill-summaries.ts';
import type { Deps } from '../../core/deps.ts';
import { setCaching } from '../kit/caching.ts';
import { json } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import type { Extras } from './extras.ts';
import { facetsOf, limitOf, sliceQuery } from './params.ts';
import { refusals } from './refusals.ts';
import { skillListSchema } from './schemas.ts';
import { searchSkills } from './search.ts';
import { wireLatest, wireSkill } from './wire.ts';

const SORT_NAMES = [
  'updated',
  'recent',
  'relevant',
  'recommended',
  'default',
  'createdAt',
  'newest',
  'name',
  'stars',
  'rating',
  'downloads',
  'trending',
  'installs',
  'installsCurrent',
  'installsAllTime',
] as const;

type SortName = (typeof SORT_NAMES)[number];

/** An install is a download here. What is not listed means the order by update. */
const SORTS: Partial<Record<SortName, SkillSort>> = {
  createdAt: 'created',
  newest: 'created',
  name: 'name',
  stars: 'stars',
  rating: 'stars',
  downloads: 'downloads',
  installs: 'downloads',
  installsCurrent: 'downloads',
  installsAllTime: 'downloads',
  trending: 'trending',
};

const query = z.object({
  limit: limitOf(25, 200),
  sort: z
    .enum(SORT_NAMES)
    .default('updated')
    .meta({ description: '`installs` is `downloads`; instead of `trending`, ask for `/trending`.' }),
  prefix: z.string().toLowerCase().max(96).optional().meta({ description: 'Only names that begin so, by name.' }),
  q: z.string().trim().max(200).optional().meta({ description: 'Searches instead, best first.' }),
  search: z.string().trim().max(200).optional().meta({ description: 'The same as `q`.' }),
  cursor: z.string().max(200).optional(),
  ...sliceQuery.shape,
});

type ListQuery = z.output<typeof query>;

const route = createRoute({
  method: 'get',
  path: '/skills',
  tags: ['Reading'],
  summary: 'List skills',
  request: { query },
  responses: { 200: json(skillListSchema, 'A page; `nextCursor` opens the next one.'), ...refusals(400, 401) },
});

export function listSkillsEndpoint(app: ClawhubApp, deps: Deps, extras: Extras): void {
  app.openapi(route, async (c) => {
    const query = c.req.valid('query');
    const { sort, limit, offset } = query;
    const actor = c.get('actor');
    const page = await readPage(deps, actor, query);
    setCaching(c, { public: actor.kind === 'anonymous', pinned: false, tags: ['search'] });
    if (sort === 'trending') {
      c.header('Deprecation', 'true');
      c.header('Link', '</api/v1/trending>; rel="successor-version"');
    }
    const { skills, nextCursor, total, hasMore } = page;
    const others = extras.list(skills, { limit, offset, total, hasMore });
    return c.json({ items: skills.map(toItem), nextCursor, ...others }, 200);
  });
}

async function readPage(deps: Pick<Deps, 'db'>, actor: Actor, query: ListQuery) {
  const { sort, q, search, ...rest } = query;
  const facets = facetsOf(query);
  const words = q || search;
  if (!words) {
    const listing = { ...rest, facets, sort: SORTS[sort] ?? 'updated' };
    const [page, total] = await Promise.all([listSkills(deps, actor, listing), countSkills(deps, actor, listing)]);
    return { ...page, total, hasMore: page.nextCursor !== null };
  }
  const { limit, offset } = query;
  const { found, ...counted } = await searchSkills(deps, actor, {
    q: words,
    limit,
    offset,
    facets,
    order: 'relevance',
  });
  return { skills: found.map(({ skill }) => skill), nextCursor: null, ...counted };
}

/** Lists name no owner on the screen of any client, so the slug has to be the hub-wide one. */
function toItem(skill: SkillSummary) {
  return { ...wireSkill(skill), ownerHandle: skill.namespace, latestVersion: wireLatest(skill) };
}
