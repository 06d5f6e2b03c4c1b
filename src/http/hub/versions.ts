import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { skillTag } from '../../core/catalog/keys.ts';
import { newestVersions } from '../../core/catalog/newest-versions.ts';
import { openPreview } from '../../core/catalog/open-bundle.ts';
import { publisherName } from '../../core/catalog/publisher-name.ts';
import { getVersionBySlug } from '../../core/catalog/version-by-slug.ts';
import type { Deps } from '../../core/deps.ts';
import { json } from '../kit/openapi.ts';
import type { HubApp } from './app.ts';
import { setHubCaching } from './auth.ts';
import { ok } from './envelope.ts';
import { errors, slugParams, unlessEmpty } from './params.ts';
import { versionSchema, versionsSchema } from './schemas.ts';

const listRoute = createRoute({
  method: 'get',
  path: '/versions/{slug}',
  summary: 'Versions of a skill',
  description: 'The first is the one that a download without a version gives: releases newest first, then prereleases.',
  request: {
    params: slugParams,
    query: z.object({
      limit: unlessEmpty(z.coerce.number().int().min(1).max(200)).meta({ description: 'Default 100.' }),
    }),
  },
  responses: { 200: json(versionsSchema, 'Those that can be downloaded.'), ...errors(400, 401, 403, 404) },
});

const oneRoute = createRoute({
  method: 'get',
  path: '/versions/{slug}/{version}',
  summary: 'A version of a skill',
  request: { params: slugParams.extend({ version: z.string().max(128) }) },
  responses: { 200: json(versionSchema, 'With the list of its files.'), ...errors(400, 401, 403, 404) },
});

export function versionsEndpoints(app: HubApp, deps: Deps): void {
  app.openapi(listRoute, async (c) => {
    const { limit = 100 } = c.req.valid('query');
    const { slug } = c.req.valid('param');
    const { versions, visibility, namespace, name } = await newestVersions(deps, c.get('actor'), slug, limit);
    const tags = [skillTag(namespace, name)];
    setHubCaching(c, deps.settings.skillHub, { public: visibility === 'public', pinned: false, tags });
    const items = versions.map(({ publishedAt, ...rest }) => ({ ...rest, createdAt: publishedAt }));
    return c.json(ok({ items }), 200);
  });
  app.openapi(oneRoute, async (c) => {
    const actor = c.get('actor');
    const { slug, version: wanted } = c.req.valid('param');
    const found = await getVersionBySlug(deps, actor, slug, wanted);
    const { version } = found;
    const { namespace, name, visibility } = found.skill;
    const [{ files }, publisher] = await Promise.all([openPreview(deps, found), publisherName(deps, actor, namespace)]);
    const tags = [skillTag(namespace, name)];
    // A version never changes, but the address of its publisher may.
    setHubCaching(c, deps.settings.skillHub, { public: visibility === 'public', pinned: false, tags });
    const body = {
      version: version.version,
      changelog: version.changelog,
      publishedAt: version.publishedAt ?? 0,
      publisher,
      files: files.map(({ path, size }) => ({ path, size })),
    };
    return c.json(ok({ version: body }), 200);
  });
}
