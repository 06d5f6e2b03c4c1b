import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { type Deprecated, deprecate, undeprecate } from '../../../core/catalog/deprecate.ts';
import type { Deps } from '../../../core/deps.ts';
import { requireKey } from '../../kit/auth.ts';
import { json, problems } from '../../kit/openapi.ts';
import type { V1App } from '../app.ts';
import { deprecatedSchema, deprecationSchema, problemSchema } from '../schemas.ts';
import { skillParams } from './params.ts';

const request = {
  params: skillParams,
  query: z.object({
    range: z.string().max(256).optional().meta({
      description: 'A version or a range such as `<2`, which prereleases are in too; without, the whole skill.',
    }),
  }),
};
const common = {
  path: '/packages/{namespace}/{name}/deprecation',
  tags: ['Publishing'],
  security: [{ key: [] }],
  middleware: requireKey,
};
const errors = problems(problemSchema, 400, 401, 403, 404);

const deprecateRoute = createRoute({
  ...common,
  method: 'put',
  summary: 'Advise against a skill or some of its versions',
  description:
    'Everything can still be read and installed; metadata, lists and searches carry the message as `deprecated`, and `skills install` shows it. Of the whole skill it also counts for what is published later; what is said of a version goes before it.',
  request: { ...request, body: { required: true, ...json(deprecationSchema, 'What to use instead, or why.') } },
  responses: {
    200: json(deprecatedSchema, 'Done, whatever was said before.'),
    ...errors,
    ...problems(problemSchema, 413, 422),
  },
});

const undeprecateRoute = createRoute({
  ...common,
  method: 'delete',
  summary: 'Take such advice back',
  description: 'Without a range, of the skill and of all its versions.',
  request,
  responses: {
    200: json(deprecatedSchema, 'Done; `versions` were deprecated until now.'),
    ...errors,
    ...problems(problemSchema, 409),
  },
});

export function deprecationEndpoints(app: V1App, deps: Deps): void {
  app.openapi(deprecateRoute, async (c) => {
    const { range } = c.req.valid('query');
    const { message } = c.req.valid('json');
    const done = await deprecate(deps, c.get('actor'), { ...c.req.valid('param'), range, message });
    return c.json(toWire(done, range), 200);
  });
  app.openapi(undeprecateRoute, async (c) => {
    const { range } = c.req.valid('query');
    const done = await undeprecate(deps, c.get('actor'), { ...c.req.valid('param'), range });
    return c.json(toWire(done, range), 200);
  });
}

function toWire(done: Deprecated, range: string | undefined) {
  return { ...done, range: range ?? null };
}
