import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { search } from '../../../core/catalog/search.ts';
import { PAGE_SIZE, type SearchHit } from '../../../core/catalog/search-hit.ts';
import { searchMeant } from '../../../core/catalog/search-similar.ts';
import type { Deps } from '../../../core/deps.ts';
import { Problem } from '../../../core/problem.ts';
import { setCaching } from '../../kit/caching.ts';
import { json, problems } from '../../kit/openapi.ts';
import type { V1App } from '../app.ts';
import { problemSchema, type searchHitSchema, searchSchema } from '../schemas.ts';
import { isoTime } from '../wire.ts';

/** Pages further on would pass as many rows. */
const MAX_ROW = 20_000;
const SORTS = ['relevance', 'downloads', 'trending', 'updated', 'name'] as const;

const words = z
  .string()
  .max(200)
  .transform((text) => text.split(',').filter((word) => word.trim() !== ''))
  .optional();

const route = createRoute({
  method: 'get',
  path: '/search',
  tags: ['Reading'],
  summary: 'Search skills',
  description: [
    'Every word has to match the beginning of a word in the name, namespace, keywords or description. Without `q`: all skills, newest first.',
    'When nothing matches, the answer has skills whose words differ by a few letters after the third, or whose name does by two, and says so: `approximate`.',
    '`tag`, `framework` and `author` are compared as wholes, without regard to case, and find public skills only. Filters and orders go through the newest 500 matches of a query and the newest 500 by name, or the newest 1000 skills with the rarest of what is asked.',
  ].join('\n\n'),
  request: {
    query: z.object({
      q: z.string().max(200).default(''),
      category: z.string().max(64).optional(),
      namespace: z.string().max(64).optional(),
      tag: words.meta({ description: 'A keyword; several with commas between, which each skill has all of.' }),
      framework: words.meta({ description: 'The same of frameworks.' }),
      author: z.string().max(200).optional(),
      sort: z.enum(SORTS).default('relevance'),
      page: z.coerce.number().int().min(1).max(1_000).default(1),
      limit: z.coerce.number().int().min(1).max(100).default(PAGE_SIZE).meta({ description: 'Skills a page.' }),
      verified: z
        .enum(['true', 'false'])
        .optional()
        .meta({ description: '`true` keeps skills that their publishers signed with a certificate of this registry.' }),
    }),
  },
  responses: {
    200: json(searchSchema, 'A page of skills, best first.'),
    ...problems(problemSchema, 400),
  },
});

export function searchEndpoint(app: V1App, deps: Deps): void {
  app.openapi(route, async (c) => {
    const { q, page, limit, sort, verified, tag, framework, author, ...rest } = c.req.valid('query');
    if (page * limit > MAX_ROW)
      throw new Problem('invalid_request', `Searches end at row ${MAX_ROW}.`, { fix: 'Narrow the search.' });
    const actor = c.get('actor');
    const facets = { tag, framework, author: author === undefined ? undefined : [author] };
    const asked = { ...rest, query: q, page, limit, order: sort, facets, verified: verified === 'true' };
    const found = await search(deps, actor, asked);
    setCaching(c, { public: actor.kind === 'anonymous', pinned: false, tags: ['search'] });
    const similar = found.total > 0 ? [] : await searchMeant(deps, actor, asked);
    if (similar.length === 0)
      return c.json({ packages: found.hits.map(toWire), total: found.total, page, page_size: limit }, 200);
    const packages = similar.slice((page - 1) * limit, page * limit).map(toWire);
    return c.json({ packages, total: similar.length, page, page_size: limit, approximate: true }, 200);
  });
}

function toWire(hit: SearchHit): z.infer<typeof searchHitSchema> {
  return {
    id: String(hit.id),
    namespace: hit.namespace,
    name: hit.name,
    description: hit.description,
    category: hit.category,
    author: hit.author,
    keywords: hit.keywords,
    frameworks: hit.frameworks,
    visibility: hit.visibility,
    created_at: isoTime(hit.createdAt),
    updated_at: isoTime(hit.updatedAt),
    latest_version: hit.latestVersion,
    downloads: hit.downloads,
    verification: hit.verification,
    verdict: hit.verdict,
    deprecated: hit.deprecated ?? undefined,
  };
}
