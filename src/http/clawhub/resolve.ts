import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { matchFolder } from '../../core/catalog/match-folder.ts';
import type { Deps } from '../../core/deps.ts';
import { setCaching } from '../kit/caching.ts';
import { json } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import { refOf, skillCaching, slugQuery } from './params.ts';
import { refusals } from './refusals.ts';
import { resolveSchema } from './schemas.ts';

const route = createRoute({
  method: 'get',
  path: '/resolve',
  tags: ['Reading'],
  summary: 'Tell which version an installed folder is',
  request: {
    query: slugQuery.extend({
      hash: z
        .string()
        .toLowerCase()
        .regex(/^[0-9a-f]{64}$/, '64 hex digits')
        .meta({ description: 'The fingerprint of the folder.' }),
    }),
  },
  responses: {
    200: json(resolveSchema, 'The version with this fingerprint, if there is one, and the latest.'),
    ...refusals(400, 401, 404, 410),
  },
});

export function resolveEndpoint(app: ClawhubApp, deps: Deps): void {
  app.openapi(route, async (c) => {
    const { slug, hash, ...owner } = c.req.valid('query');
    const actor = c.get('actor');
    const { skill, match, latest } = await matchFolder(deps, actor, refOf(slug, owner), hash);
    setCaching(c, skillCaching(c, skill));
    return c.json({ slug, match: match === null ? null : { version: match }, latestVersion: { version: latest } }, 200);
  });
}
