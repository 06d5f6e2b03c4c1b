import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { skillTag } from '../../core/catalog/keys.ts';
import { openArchive } from '../../core/catalog/open-bundle.ts';
import { getVersionBySlug } from '../../core/catalog/version-by-slug.ts';
import type { Deps } from '../../core/deps.ts';
import { countDownload } from '../kit/count-download.ts';
import { binary } from '../kit/openapi.ts';
import type { HubApp } from './app.ts';
import { setHubCaching } from './auth.ts';
import { errors, slugParams, unlessEmpty } from './params.ts';

const route = createRoute({
  method: 'get',
  path: '/download/{slug}',
  summary: 'Download a version as a zip',
  request: {
    params: slugParams,
    query: z.object({
      version: unlessEmpty(z.string().max(128)).meta({ description: 'A version or a semver range; else the latest.' }),
      track: z.string().optional().meta({ description: 'Taken and ignored.' }),
    }),
  },
  responses: {
    200: binary('The canonical zip, with SKILL.md at its top.', 'application/zip'),
    ...errors(400, 401, 403, 404),
  },
});

export function downloadEndpoint(app: HubApp, deps: Deps): void {
  app.openapi(route, async (c) => {
    const actor = c.get('actor');
    const { slug } = c.req.valid('param');
    const found = await getVersionBySlug(deps, actor, slug, c.req.valid('query').version ?? 'latest');
    const opened = await openArchive(deps, found, 'zip');
    const { namespace, name, visibility } = opened.skill;
    setHubCaching(c, deps.settings.skillHub, {
      public: visibility === 'public',
      pinned: opened.pinned,
      etag: opened.sha256,
      tags: [skillTag(namespace, name)],
    });
    countDownload(c, opened.version);
    c.header('Content-Type', 'application/zip');
    c.header('Content-Length', String(opened.stored.size));
    c.header('Content-Disposition', `attachment; filename="${slug}-${opened.version.version}.zip"`);
    return c.body(opened.stored.body);
  });
}
