import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { canRead } from '../../../core/accounts/actor.ts';
import { skillTag } from '../../../core/catalog/keys.ts';
import type { Deps } from '../../../core/deps.ts';
import { DOWNLOAD_DAYS, listDownloads } from '../../../core/downloads/list-downloads.ts';
import { setCaching } from '../../kit/caching.ts';
import { json, problems } from '../../kit/openapi.ts';
import type { V1App } from '../app.ts';
import { downloadsSchema, problemSchema } from '../schemas.ts';
import { skillParams } from './params.ts';

const route = createRoute({
  method: 'get',
  path: '/packages/{namespace}/{name}/downloads',
  tags: ['Reading'],
  summary: 'Downloads of a skill, by day and version',
  description:
    'One client (a key, or else an address) counts once a day for each version. Counts come some seconds late.',
  request: {
    params: skillParams,
    query: z.object({
      days: z.coerce
        .number()
        .int()
        .min(1)
        .max(DOWNLOAD_DAYS.max)
        .default(DOWNLOAD_DAYS.default)
        .meta({ description: 'How many days, today included.' }),
    }),
  },
  responses: {
    200: json(downloadsSchema, 'Yanked versions are listed only for keys of the namespace.'),
    ...problems(problemSchema, 400, 401, 404),
  },
});

export function downloadsEndpoint(app: V1App, deps: Deps): void {
  app.openapi(route, async (c) => {
    const { namespace, name } = c.req.valid('param');
    const actor = c.get('actor');
    const found = await listDownloads(deps, actor, { namespace, name, days: c.req.valid('query').days });
    setCaching(c, { public: !canRead(actor, namespace), pinned: false, tags: [skillTag(namespace, name)] });
    return c.json({ total: found.total, last_7_days: found.trending, days: found.days }, 200);
  });
}
