import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { findByRef } from '../../core/catalog/find-by-ref.ts';
import { skillTag } from '../../core/catalog/keys.ts';
import { getVersionByRef } from '../../core/catalog/version-by-ref.ts';
import { yankVersion } from '../../core/catalog/yank-version.ts';
import type { Deps } from '../../core/deps.ts';
import { Problem } from '../../core/problem.ts';
import { requireKey } from '../kit/auth.ts';
import { setCaching } from '../kit/caching.ts';
import { json } from '../kit/openapi.ts';
import { hubOrigin } from '../kit/origin.ts';
import { invalidInput, type SpmApp, VERSION_PATH } from './app.ts';
import { ok } from './envelope.ts';
import { errors } from './errors.ts';
import { unpublishedSchema, versionSchema } from './schemas.ts';
import { wireId, wireVersion } from './wire.ts';

const params = z.object({ name: z.string().max(200).toLowerCase(), version: z.string().max(128) });
const query = z.object({
  owner: z
    .string()
    .max(200)
    .toLowerCase()
    .transform((owner) => owner.replace(/^@+/, '') || undefined)
    .optional()
    .meta({ description: 'The namespace, where the flat name alone does not say it.' }),
});

const common = { path: '/skills/{name}/{version}', request: { params, query } };

const readRoute = createRoute({
  ...common,
  method: 'get',
  tags: ['Reading'],
  summary: 'A version, and where to get it',
  description: 'A version is a number, a range that begins with a digit, or `latest`.',
  responses: { 200: json(versionSchema, 'The version.'), ...errors(400, 401, 404) },
});

const unpublishRoute = createRoute({
  ...common,
  method: 'delete',
  tags: ['Publishing'],
  summary: 'Unpublish a version',
  description: 'Nobody can download it any more, and its number stays taken.',
  security: [{ key: [] }],
  responses: { 200: json(unpublishedSchema, 'Unpublished, now or before.'), ...errors(400, 401, 403, 404) },
});

/** The router of these documents knows no pattern within a path, so the routes are described and served apart. */
export function versionEndpoints(app: SpmApp, deps: Deps): void {
  app.openAPIRegistry.registerPath(readRoute);
  app.openAPIRegistry.registerPath(unpublishRoute);
  app.get(VERSION_PATH, async (c) => {
    const { name, version, owner } = parse(c.req.param(), c.req.query());
    const actor = c.get('actor');
    const found = await getVersionByRef(deps, actor, { slug: name, owner, version });
    const { skill } = found;
    // The name and the addresses in it are those that the skill has today.
    const tags = [skillTag(skill.namespace, skill.name)];
    setCaching(c, { public: skill.visibility === 'public', pinned: false, tags });
    const { archiveSha256: sha256, archiveSize: size, publishedAt, ...said } = found.version;
    const wire = wireVersion({ ...said, sha256, size, publishedAt: publishedAt ?? 0 }, skill.namespace);
    const downloadUrl = `${hubOrigin(c, deps.settings)}/v1/download/${wireId(skill)}/${found.version.version}`;
    const signatureUrl = `${downloadUrl}/sig`;
    return c.json(ok({ id: wireId(skill), name: skill.slug ?? name, ...wire, downloadUrl, signatureUrl }), 200);
  });
  app.delete(VERSION_PATH, requireKey, async (c) => {
    const { name, version, owner } = parse(c.req.param(), c.req.query());
    if (version === 'latest') {
      throw new Problem('invalid_request', 'A version is unpublished by its number.', { fix: 'Name the number.' });
    }
    const skill = await findByRef(deps, c.get('actor'), { slug: name, owner });
    const changed = await yankVersion(deps, c.get('actor'), { namespace: skill.namespace, name: skill.name, version });
    const message = changed ? 'Unpublished. The number stays taken.' : 'It was unpublished before.';
    return c.json(ok({ name: skill.slug ?? name, version, message }), 200, { 'Cache-Control': 'no-store' });
  });
}

function parse(path: Record<string, string>, search: Record<string, string>) {
  const named = params.safeParse(path);
  if (!named.success) throw invalidInput('path', named.error);
  const asked = query.safeParse(search);
  if (!asked.success) throw invalidInput('query', asked.error);
  return { ...named.data, ...asked.data };
}
