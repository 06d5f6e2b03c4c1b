import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { listSkills } from '../../core/catalog/list-skills.ts';
import type { SkillSummary } from '../../core/catalog/skill-summaries.ts';
import type { Deps } from '../../core/deps.ts';
import { setCaching } from '../kit/caching.ts';
import { json } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import { limitOf } from './params.ts';
import { refusals } from './refusals.ts';
import { trendingSchema } from './schemas.ts';
import { installReference, shorten, wireOwner } from './wire.ts';

const route = createRoute({
  method: 'get',
  path: '/trending',
  tags: ['Reading'],
  summary: 'The most downloaded skills of the last seven days',
  request: { query: z.object({ kind: z.enum(['skills']).default('skills'), limit: limitOf(25, 100) }) },
  responses: { 200: json(trendingSchema, 'Of skills with as many downloads the newest first.'), ...refusals(400, 401) },
});

export function trendingEndpoint(app: ClawhubApp, deps: Deps): void {
  app.openapi(route, async (c) => {
    const actor = c.get('actor');
    const { skills } = await listSkills(deps, actor, { sort: 'trending', limit: c.req.valid('query').limit });
    setCaching(c, { public: actor.kind === 'anonymous', pinned: false, tags: ['search'] });
    return c.json({ items: skills.map(toItem) }, 200);
  });
}

function toItem(skill: SkillSummary) {
  return {
    slug: skill.name,
    displayName: skill.displayName,
    summary: shorten(skill.summary),
    source: 'clawhub' as const,
    install: installReference(skill),
    publisher: { kind: 'org' as const, ...wireOwner(skill.namespace), official: false as const },
    metrics: { rolling60DayInstalls: null, bookmarks: skill.stars, updatedAt: skill.updatedAt },
  };
}
