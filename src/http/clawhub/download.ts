import { createRoute } from '@hono/zod-openapi';
import { openArchive } from '../../core/catalog/open-bundle.ts';
import { getVersionByRef } from '../../core/catalog/version-by-ref.ts';
import type { Deps } from '../../core/deps.ts';
import { setCaching } from '../kit/caching.ts';
import { countDownload } from '../kit/count-download.ts';
import { binary } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import { refOf, slugQuery, versionCaching, versionQuery } from './params.ts';
import { refusals } from './refusals.ts';

const route = createRoute({
  method: 'get',
  path: '/download',
  tags: ['Reading'],
  summary: 'Download a version as a zip',
  request: { query: slugQuery.extend(versionQuery.shape) },
  responses: {
    200: binary('The canonical zip: files at its root, and nothing but the files.', 'application/zip'),
    ...refusals(400, 401, 404, 410),
  },
});

export function downloadEndpoint(app: ClawhubApp, deps: Deps): void {
  app.openapi(route, async (c) => {
    const { slug, version, tag, ...owner } = c.req.valid('query');
    const actor = c.get('actor');
    const found = await getVersionByRef(deps, actor, { ...refOf(slug, owner), version, tag });
    const opened = await openArchive(deps, found, 'zip');
    setCaching(c, versionCaching(opened, opened.sha256));
    countDownload(c, opened.version);
    c.header('Content-Type', 'application/zip');
    c.header('Content-Length', String(opened.stored.size));
    c.header('Content-Disposition', `attachment; filename="${opened.skill.name}-${opened.version.version}.zip"`);
    return c.body(opened.stored.body);
  });
}
