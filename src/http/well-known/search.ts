import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { searchHits } from '../../core/catalog/search.ts';
import { PAGE_SIZE, type SearchHit } from '../../core/catalog/search-hit.ts';
import type { Deps } from '../../core/deps.ts';
import { setCaching } from '../kit/caching.ts';
import { json, problems } from '../kit/openapi.ts';
import type { WellKnownApp } from './app.ts';
import { foundSkillsSchema, problemSchema } from './schemas.ts';

export const SEARCH_PATH = '/api/search';

const route = createRoute({
  method: 'get',
  path: SEARCH_PATH,
  tags: ['Search'],
  summary: 'Search, for `skills find`',
  request: {
    query: z.object({
      q: z.string().max(200).default(''),
      limit: z.coerce.number().int().min(1).max(100).default(PAGE_SIZE),
      owner: z.string().max(64).optional().meta({ description: 'A namespace: only its skills.' }),
    }),
  },
  responses: {
    200: json(foundSkillsSchema, `At most ${PAGE_SIZE} skills, best first.`),
    ...problems(problemSchema, 400, 401),
  },
});

export function searchEndpoint(app: WellKnownApp, deps: Deps): void {
  app.openapi(route, async (c) => {
    const { q, limit, owner } = c.req.valid('query');
    const actor = c.get('actor');
    const hits = await searchHits(deps, actor, { query: q, page: 1, namespace: owner });
    const origin = deps.settings.publicUrl ?? new URL(c.req.url).origin;
    setCaching(c, { public: actor.kind === 'anonymous', pinned: false, tags: ['search'] });
    return c.json({ skills: hits.slice(0, limit).map((hit) => toWire(hit, origin)) }, 200);
  });
}

/** The client prints `<source>@<name>` for people, and hands `source` to its own `add` when one is picked. */
function toWire({ namespace, name }: SearchHit, origin: string): z.infer<typeof foundSkillsSchema>['skills'][number] {
  return { name, id: `${namespace}/${name}`, source: `${origin}/${namespace}/${name}`, installs: 0 };
}
