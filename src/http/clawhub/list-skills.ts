import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { listSkills, type SkillSort } from '../../core/catalog/list-skills.ts';
import type { SkillSummary } from '../../core/catalog/skill-summaries.ts';
import type { Deps } from '../../core/deps.ts';
import { setCaching } from '../kit/caching.ts';
import { json } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import { limitOf } from './params.ts';
import { refusals } from './refusals.ts';
import { skillListSchema } from './schemas.ts';
import { searchSkills } from './search.ts';
import { wireLatest, wireSkill } from './wire.ts';

const SORT_NAMES = [
  'updated',
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

/** Nothing is known of downloads, so the orders by them are that by update. */
const SORTS: Partial<Record<(typeof SORT_NAMES)[number], SkillSort>> = {
  createdAt: 'created',
  newest: 'created',
  name: 'name',
  stars: 'stars',
  rating: 'stars',
};

const query = z.object({
  limit: limitOf(25, 200),
  sort: z
    .enum(SORT_NAMES)
    .default('updated')
    .meta({ description: 'The orders by downloads and installs are that by update.' }),
  prefix: z.string().toLowerCase().max(96).optional().meta({ description: 'Only names that begin so, by name.' }),
  q: z.string().trim().max(200).optional().meta({ description: 'Searches instead, best first.' }),
  search: z.string().trim().max(200).optional().meta({ description: 'The same as `q`.' }),
  cursor: z.string().max(200).optional(),
});

const route = createRoute({
  method: 'get',
  path: '/skills',
  tags: ['Reading'],
  summary: 'List skills',
  request: { query },
  responses: { 200: json(skillListSchema, 'A page; `nextCursor` opens the next one.'), ...refusals(400, 401) },
});

export function listSkillsEndpoint(app: ClawhubApp, deps: Deps): void {
  app.openapi(route, async (c) => {
    const { sort, q, search, limit, ...rest } = c.req.valid('query');
    const actor = c.get('actor');
    const words = q || search;
    const page = words
      ? { skills: (await searchSkills(deps, actor, words, limit)).map(({ skill }) => skill), nextCursor: null }
      : await listSkills(deps, actor, { ...rest, sort: SORTS[sort] ?? 'updated', limit });
    setCaching(c, { public: actor.kind === 'anonymous', pinned: false, tags: ['search'] });
    return c.json({ items: page.skills.map(toItem), nextCursor: page.nextCursor }, 200);
  });
}

/** Lists name no owner on the screen of any client, so the slug has to be the hub-wide one. */
function toItem(skill: SkillSummary) {
  return { ...wireSkill(skill), ownerHandle: skill.namespace, latestVersion: wireLatest(skill) };
}
