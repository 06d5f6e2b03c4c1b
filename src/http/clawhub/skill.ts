import { createRoute } from '@hono/zod-openapi';
import { findShownByRef } from '../../core/catalog/find-by-ref.ts';
import { summaryOf } from '../../core/catalog/skill-summaries.ts';
import type { Deps } from '../../core/deps.ts';
import { Problem } from '../../core/problem.ts';
import { setCaching } from '../kit/caching.ts';
import { json } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import { ownerQuery, refOf, skillCaching, slugParams } from './params.ts';
import { refusals } from './refusals.ts';
import { skillSchema } from './schemas.ts';
import { wireLatest, wireOwner, wireSkill } from './wire.ts';

const common = { method: 'get' as const, tags: ['Reading'], request: { params: slugParams, query: ownerQuery } };

const detailRoute = createRoute({
  ...common,
  path: '/skills/{slug}',
  summary: 'A skill and its latest version',
  responses: { 200: json(skillSchema, 'Named as it was asked for.'), ...refusals(400, 401, 404, 410) },
});

const moderationRoute = createRoute({
  ...common,
  path: '/skills/{slug}/moderation',
  summary: 'Moderation of a skill: there is none on this hub',
  responses: refusals(400, 401, 404),
});

const cardRoute = createRoute({
  ...common,
  path: '/skills/{slug}/card',
  summary: 'The generated card of a skill: there is none on this hub',
  responses: refusals(400, 401, 404),
});

export function skillEndpoints(app: ClawhubApp, deps: Deps): void {
  app.openapi(detailRoute, async (c) => {
    const { slug } = c.req.valid('param');
    const found = await findShownByRef(deps, c.get('actor'), refOf(slug, c.req.valid('query')));
    const skill = await summaryOf(deps, found.id);
    if (!skill) throw new Problem('not_found', `There is no skill ${slug}.`, { missing: 'skill' });
    setCaching(c, skillCaching(c, found));
    const answer = {
      skill: wireSkill(skill, slug),
      latestVersion: wireLatest(skill),
      metadata: null,
      owner: wireOwner(skill.namespace),
      moderation: null,
    };
    return c.json(answer, 200);
  });
  app.openapi(moderationRoute, () => {
    throw new Problem('not_found', 'Moderation not found');
  });
  app.openapi(cardRoute, () => {
    throw new Problem('not_found', 'Skill Card not found');
  });
}
