import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { listTags } from '../../core/catalog/list-tags.ts';
import type { Deps } from '../../core/deps.ts';
import { setCaching } from '../kit/caching.ts';
import { json } from '../kit/openapi.ts';
import type { SpmApp } from './app.ts';
import { ok } from './envelope.ts';
import { errors } from './errors.ts';
import { tagsSchema } from './schemas.ts';

const route = createRoute({
  method: 'get',
  path: '/tags',
  tags: ['Reading'],
  summary: 'The tags of public skills',
  request: { query: z.object({ sort: z.enum(['alpha', 'count']).default('alpha') }) },
  responses: { 200: json(tagsSchema, 'The first 1,000 in that order.'), ...errors(400) },
});

export function tagsEndpoint(app: SpmApp, deps: Deps): void {
  app.openapi(route, async (c) => {
    const { sort } = c.req.valid('query');
    const tags = await listTags(deps, sort === 'count' ? 'count' : 'name');
    setCaching(c, { public: true, pinned: false, tags: ['search'] });
    return c.json(ok({ tags: tags.map((tag) => ({ ...tag, description: null })), total: tags.length }), 200);
  });
}
