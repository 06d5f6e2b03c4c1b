import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { openPreview } from '../../core/catalog/open-bundle.ts';
import { pageVersions } from '../../core/catalog/page-versions.ts';
import type { Deps } from '../../core/deps.ts';
import { getVettedByRef } from '../../core/vetting/vetted-version.ts';
import { setCaching } from '../kit/caching.ts';
import { json } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import { limitOf, ownerQuery, refOf, skillCaching, slugParams, versionCaching } from './params.ts';
import { refusals } from './refusals.ts';
import { versionListSchema, versionSchema } from './schemas.ts';
import { wireFiles, wireLicense, wireSecurity, wireVersion } from './wire.ts';

const listRoute = createRoute({
  method: 'get',
  path: '/skills/{slug}/versions',
  tags: ['Reading'],
  summary: 'Versions of a skill, newest first',
  request: {
    params: slugParams,
    query: ownerQuery.extend({ limit: limitOf(25, 200), cursor: z.string().max(128).optional() }),
  },
  responses: {
    200: json(versionListSchema, 'A page; `nextCursor` opens the next one.'),
    ...refusals(400, 401, 404, 410),
  },
});

const versionRoute = createRoute({
  method: 'get',
  path: '/skills/{slug}/versions/{version}',
  tags: ['Reading'],
  summary: 'A version and its files',
  request: { params: slugParams.extend({ version: z.string().max(128) }), query: ownerQuery },
  responses: { 200: json(versionSchema, 'The version.'), ...refusals(400, 401, 404, 410) },
});

export function versionEndpoints(app: ClawhubApp, deps: Deps): void {
  app.openapi(listRoute, async (c) => {
    const { limit, cursor, ...owner } = c.req.valid('query');
    const ref = refOf(c.req.valid('param').slug, owner);
    const { skill, versions, next } = await pageVersions(deps, c.get('actor'), ref, { limit, after: cursor });
    setCaching(c, skillCaching(c, skill));
    return c.json({ items: versions.map(wireVersion), nextCursor: next }, 200);
  });
  app.openapi(versionRoute, async (c) => {
    const { slug, version } = c.req.valid('param');
    const found = await getVettedByRef(deps, c.get('actor'), { ...refOf(slug, c.req.valid('query')), version });
    const { verdict } = found;
    const { files } = await openPreview(deps, found);
    // A version never changes, but what is thought of it may.
    setCaching(c, { ...versionCaching(found), pinned: false });
    const hasWarnings = verdict.findings.some(({ severity }) => severity !== 'info');
    const answer = {
      version: {
        ...wireVersion(found.version),
        license: wireLicense(found.version.metadata.license),
        files: wireFiles(files),
        security: { status: wireSecurity(verdict).status, hasWarnings, checkedAt: verdict.checkedAt },
      },
      skill: { slug, displayName: found.skill.slug ?? found.skill.name },
    };
    return c.json(answer, 200);
  });
}
