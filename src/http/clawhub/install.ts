import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { getVersionByRef } from '../../core/catalog/version-by-ref.ts';
import type { Deps } from '../../core/deps.ts';
import { Problem } from '../../core/problem.ts';
import { setCaching } from '../kit/caching.ts';
import { json } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import { downloadUrl, originOf, ownerQuery, refOf, slugParams, versionCaching } from './params.ts';
import { refusals } from './refusals.ts';
import { installSchema } from './schemas.ts';

const installRoute = createRoute({
  method: 'get',
  path: '/skills/{slug}/install',
  tags: ['Reading'],
  summary: 'Where to get the latest version',
  request: { params: slugParams, query: ownerQuery },
  responses: { 200: json(installSchema, 'Always an archive on this hub.'), ...refusals(400, 401, 404, 410) },
});

const foreignRoute = createRoute({
  method: 'get',
  path: '/skills-sh/{owner}/{repo}/{slug}/install',
  tags: ['Reading'],
  summary: 'Skills of other catalogues: none on this hub',
  request: { params: z.object({ owner: z.string(), repo: z.string(), slug: z.string() }) },
  responses: refusals(401, 404),
});

export function installEndpoints(app: ClawhubApp, deps: Deps): void {
  app.openapi(installRoute, async (c) => {
    const { slug } = c.req.valid('param');
    const actor = c.get('actor');
    const found = await getVersionByRef(deps, actor, refOf(slug, c.req.valid('query')));
    const { version } = found.version;
    setCaching(c, versionCaching(found));
    const url = downloadUrl(originOf(c, deps), { slug: found.skill.name, owner: found.skill.namespace, version });
    return c.json(
      { ok: true as const, slug, installKind: 'archive' as const, archive: { version, downloadUrl: url } },
      200,
    );
  });
  app.openapi(foreignRoute, () => {
    throw new Problem('not_found', 'This hub mirrors no other catalogue.', { missing: 'skill' });
  });
}
