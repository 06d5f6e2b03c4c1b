import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { PAGE_SIZE, type SearchHit, search } from '../../../core/catalog/search.ts';
import type { Deps } from '../../../core/deps.ts';
import { setCaching } from '../../kit/caching.ts';
import { json, problems } from '../../kit/openapi.ts';
import type { V1App } from '../app.ts';
import { problemSchema, type searchHitSchema, searchSchema } from '../schemas.ts';
import { isoTime } from '../wire.ts';

const route = createRoute({
  method: 'get',
  path: '/search',
  tags: ['Reading'],
  summary: 'Search skills',
  description:
    'Every word has to match the beginning of a word in the name, namespace, keywords or description. Without `q`: all skills, newest first.',
  request: {
    query: z.object({
      q: z.string().max(200).default(''),
      category: z.string().max(64).optional(),
      page: z.coerce.number().int().min(1).max(1_000).default(1),
      verified: z
        .enum(['true', 'false'])
        .optional()
        .meta({ description: '`true` keeps skills that their publishers signed with a certificate of this registry.' }),
    }),
  },
  responses: {
    200: json(searchSchema, `At most ${PAGE_SIZE} skills a page, best first.`),
    ...problems(problemSchema, 400),
  },
});

export function searchEndpoint(app: V1App, deps: Deps): void {
  app.openapi(route, async (c) => {
    const { q, page, category, verified } = c.req.valid('query');
    const actor = c.get('actor');
    const found = await search(deps, actor, { query: q, page, category, verified: verified === 'true' });
    setCaching(c, { public: actor.kind === 'anonymous', pinned: false, tags: ['search'] });
    return c.json({ packages: found.hits.map(toWire), total: found.total, page, page_size: PAGE_SIZE }, 200);
  });
}

function toWire(hit: SearchHit): z.infer<typeof searchHitSchema> {
  return {
    id: String(hit.id),
    namespace: hit.namespace,
    name: hit.name,
    description: hit.description,
    category: hit.category,
    visibility: hit.visibility,
    created_at: isoTime(hit.createdAt),
    latest_version: hit.latestVersion,
    downloads: hit.downloads,
    verification: hit.verification,
  };
}
