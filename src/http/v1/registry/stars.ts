import { createRoute } from '@hono/zod-openapi';
import { listStars, type StarredSkill } from '../../../core/catalog/list-stars.ts';
import { starSkill, unstarSkill } from '../../../core/catalog/star-skill.ts';
import type { Deps } from '../../../core/deps.ts';
import { requireKey } from '../../kit/auth.ts';
import { json, problems } from '../../kit/openapi.ts';
import { NO_STORE, page } from '../admin/common.ts';
import type { V1App } from '../app.ts';
import { problemSchema, starredSchema, starsSchema } from '../schemas.ts';
import { isoTime } from '../wire.ts';
import { skillParams } from './params.ts';

const common = { tags: ['Stars'], security: [{ key: [] }], middleware: requireKey };
const change = {
  ...common,
  path: '/packages/{namespace}/{name}/star',
  request: { params: skillParams },
  responses: {
    200: json(starredSchema, 'Done, now or before.'),
    ...problems(problemSchema, 401, 403, 404),
  },
};

const starRoute = createRoute({
  ...change,
  method: 'put',
  summary: 'Star a skill in the name of your namespace',
});

const unstarRoute = createRoute({ ...change, method: 'delete', summary: 'Take a star back' });

const listRoute = createRoute({
  ...common,
  method: 'get',
  path: '/stars',
  summary: 'The skills that your namespace has starred',
  request: { query: page },
  responses: { 200: json(starsSchema, 'A page, the latest star first.'), ...problems(problemSchema, 400, 401, 403) },
});

export function starEndpoints(app: V1App, deps: Deps): void {
  app.openapi(starRoute, async (c) => {
    const { namespace, name } = c.req.valid('param');
    const changed = await starSkill(deps, c.get('actor'), { slug: name, owner: namespace });
    return c.json({ starred: true, changed }, 200);
  });
  app.openapi(unstarRoute, async (c) => {
    const { namespace, name } = c.req.valid('param');
    const changed = await unstarSkill(deps, c.get('actor'), { slug: name, owner: namespace });
    return c.json({ starred: false, changed }, 200);
  });
  app.openapi(listRoute, async (c) => {
    const { stars, next } = await listStars(deps, c.get('actor'), c.req.valid('query'));
    return c.json({ stars: stars.map(toWire), next }, 200, NO_STORE);
  });
}

function toWire({ latestVersion, deprecated, starredAt, ...skill }: StarredSkill) {
  const starred_at = isoTime(starredAt);
  return { ...skill, latest_version: latestVersion, deprecated: deprecated ?? undefined, starred_at };
}
