import { createRoute } from '@hono/zod-openapi';
import { starSkill, unstarSkill } from '../../core/catalog/star-skill.ts';
import type { Deps } from '../../core/deps.ts';
import { requireKey } from '../kit/auth.ts';
import { json } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import { ownerQuery, refOf, slugParams } from './params.ts';
import { starredSchema, unstarredSchema } from './publish-schemas.ts';
import { refusals } from './refusals.ts';

const common = {
  path: '/stars/{slug}',
  tags: ['Stars'],
  security: [{ key: [] }],
  middleware: requireKey,
  request: { params: slugParams, query: ownerQuery },
};
const errors = refusals(400, 401, 403, 404, 410);

const starRoute = createRoute({
  ...common,
  method: 'post',
  summary: 'Star a skill',
  responses: { 200: json(starredSchema, 'Starred, now or before.'), ...errors },
});
const unstarRoute = createRoute({
  ...common,
  method: 'delete',
  summary: 'Take a star back',
  responses: { 200: json(unstarredSchema, 'Not starred any more.'), ...errors },
});

export function starEndpoints(app: ClawhubApp, deps: Deps): void {
  app.openapi(starRoute, async (c) => {
    const ref = refOf(c.req.valid('param').slug, c.req.valid('query'));
    const added = await starSkill(deps, c.get('actor'), ref);
    return c.json({ ok: true as const, starred: true, alreadyStarred: !added }, 200, NO_STORE);
  });
  app.openapi(unstarRoute, async (c) => {
    const ref = refOf(c.req.valid('param').slug, c.req.valid('query'));
    const removed = await unstarSkill(deps, c.get('actor'), ref);
    return c.json({ ok: true as const, unstarred: true, alreadyUnstarred: !removed }, 200, NO_STORE);
  });
}

const NO_STORE = { 'Cache-Control': 'no-store' };
