import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { CARD_SOURCES, FACETS } from '../../core/catalog/card.ts';
import { type CardQuery, searchCards } from '../../core/catalog/search-cards.ts';
import type { Deps } from '../../core/deps.ts';
import { json } from '../kit/openapi.ts';
import type { HubApp } from './app.ts';
import { setHubCaching } from './auth.ts';
import { toRecord } from './card-wire.ts';
import { ok } from './envelope.ts';
import { errors, unlessEmpty } from './params.ts';
import { searchSchema } from './schemas.ts';

const page = unlessEmpty(z.coerce.number().int().min(1).max(100_000));

const values = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((given) => [given ?? []].flat().flatMap((part) => part.split(',')))
  .transform((parts) => parts.map((part) => part.trim()).filter((part) => part !== ''))
  .refine((parts) => parts.length <= 20, 'at most 20 values')
  .meta({ type: 'string', description: 'One of these values; repeated, or separated by commas.' });

const query = z.object({
  page: page.meta({ description: 'Default 1.' }),
  current: page.meta({ description: 'The same, as older clients say it.' }),
  size: unlessEmpty(z.coerce.number().int().min(1).max(200)).meta({ description: 'Default 100.' }),
  keyword: z.string().max(200).default(''),
  author: unlessEmpty(z.string().max(254)).meta({ description: 'A namespace.' }),
  source: unlessEmpty(z.enum(CARD_SOURCES)),
  orderBy: unlessEmpty(z.enum(['updatedAt'])).meta({ description: 'Without it a keyword ranks the best match first.' }),
  order: unlessEmpty(z.enum(['asc', 'desc'])),
  tags: values,
  scene: values,
  applicablePosition: values,
  businessDomain: values,
  business: values,
  platform: values,
});

const route = createRoute({
  method: 'get',
  path: '/search',
  summary: 'Search or list skills',
  description:
    'Every word of the keyword has to begin a word of the name, namespace, keywords, summary or display name.',
  request: { query },
  responses: { 200: json(searchSchema, 'A page.'), ...errors(400, 401) },
});

export function searchEndpoint(app: HubApp, deps: Deps): void {
  app.openapi(route, async (c) => {
    const actor = c.get('actor');
    const { cards, total } = await searchCards(deps, actor, toQuery(c.req.valid('query')));
    setHubCaching(c, deps.settings.skillHub, { public: true, pinned: false, tags: ['search'] });
    return c.json(ok({ records: cards.map(toRecord), total }), 200);
  });
}

function toQuery(sent: z.infer<typeof query>): CardQuery {
  const ordered = sent.orderBy !== undefined || sent.order !== undefined;
  return {
    keyword: sent.keyword,
    author: sent.author,
    source: sent.source,
    facets: Object.fromEntries(FACETS.flatMap((facet) => (sent[facet].length > 0 ? [[facet, sent[facet]]] : []))),
    order: ordered ? (sent.order === 'asc' ? 'oldest' : 'newest') : undefined,
    page: sent.page ?? sent.current ?? 1,
    size: sent.size ?? 100,
  };
}
