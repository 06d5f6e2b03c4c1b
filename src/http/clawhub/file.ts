import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { openFile } from '../../core/catalog/open-file.ts';
import type { Deps } from '../../core/deps.ts';
import { setCaching } from '../kit/caching.ts';
import { binary } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import { ownerQuery, refOf, slugParams, versionCaching, versionQuery } from './params.ts';
import { refusals } from './refusals.ts';

const route = createRoute({
  method: 'get',
  path: '/skills/{slug}/file',
  tags: ['Reading'],
  summary: 'One file of a version',
  request: {
    params: slugParams,
    query: ownerQuery.extend({ ...versionQuery.shape, path: z.string().min(1).max(1000) }),
  },
  responses: { 200: binary('The bytes of the file.', 'application/octet-stream'), ...refusals(400, 401, 404, 410) },
});

export function fileEndpoint(app: ClawhubApp, deps: Deps): void {
  app.openapi(route, async (c) => {
    const { path, version, tag, ...owner } = c.req.valid('query');
    const wanted = { ...refOf(c.req.valid('param').slug, owner), version, tag };
    const opened = await openFile(deps, c.get('actor'), wanted, path);
    const name = encodeURIComponent(opened.path.slice(opened.path.lastIndexOf('/') + 1));
    setCaching(c, versionCaching(opened, opened.sha256));
    c.header('Content-Type', 'application/octet-stream');
    c.header('Content-Disposition', `attachment; filename*=UTF-8''${name}`);
    c.header('Content-Security-Policy', "default-src 'none'; sandbox");
    c.header('X-Content-SHA256', opened.sha256);
    c.header('X-Content-Size', String(opened.bytes.length));
    return c.body(Uint8Array.from(opened.bytes));
  });
}
