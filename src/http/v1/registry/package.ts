import { createRoute } from '@hono/zod-openapi';
import { canRead } from '../../../core/accounts/actor.ts';
import { type FoundVersion, getVersion } from '../../../core/catalog/get-version.ts';
import { skillTag } from '../../../core/catalog/keys.ts';
import { listVersions } from '../../../core/catalog/list-versions.ts';
import { getPreview } from '../../../core/catalog/open-bundle.ts';
import type { Deps } from '../../../core/deps.ts';
import { setCaching } from '../../kit/caching.ts';
import { json, problems } from '../../kit/openapi.ts';
import type { V1App } from '../app.ts';
import { type PackageBody, packageSchema, previewSchema, problemSchema, versionsSchema } from '../schemas.ts';
import { isoTime } from '../wire.ts';
import { skillParams, versionCaching, versionParams } from './params.ts';

const metadataRoute = createRoute({
  method: 'get',
  path: '/packages/{namespace}/{name}/{version}',
  tags: ['Reading'],
  summary: 'Metadata of a version',
  request: { params: versionParams },
  responses: {
    200: json(packageSchema, 'The version that the number, `latest` or range names.'),
    ...problems(problemSchema, 400, 401, 404),
  },
});

const versionsRoute = createRoute({
  method: 'get',
  path: '/packages/{namespace}/{name}/versions',
  tags: ['Reading'],
  summary: 'Versions of a skill, newest first',
  request: { params: skillParams },
  responses: {
    200: json(versionsSchema, 'Yanked ones only for keys of the namespace.'),
    ...problems(problemSchema, 400, 401, 404),
  },
});

const previewRoute = createRoute({
  method: 'get',
  path: '/packages/{namespace}/{name}/{version}/preview',
  tags: ['Reading'],
  summary: 'Files of a version and the beginning of its SKILL.md',
  request: { params: versionParams },
  responses: {
    200: json(previewSchema, 'What to look at before installing.'),
    ...problems(problemSchema, 400, 401, 404),
  },
});

export function packageEndpoints(app: V1App, deps: Deps): void {
  app.openapi(versionsRoute, async (c) => {
    const { namespace, name } = c.req.valid('param');
    const actor = c.get('actor');
    const versions = await listVersions(deps, actor, namespace, name);
    setCaching(c, { public: !canRead(actor, namespace), pinned: false, tags: [skillTag(namespace, name)] });
    const wire = versions.map(({ version, sha256, publishedAt, yankedAt }) => ({
      version,
      sha256,
      published_at: isoTime(publishedAt),
      yanked_at: yankedAt === null ? null : isoTime(yankedAt),
    }));
    return c.json({ versions: wire }, 200);
  });
  app.openapi(metadataRoute, async (c) => {
    const found = await getVersion(deps, c.get('actor'), c.req.valid('param'));
    setCaching(c, versionCaching(found));
    return c.json(toWire(found), 200);
  });
  app.openapi(previewRoute, async (c) => {
    const { preview, ...found } = await getPreview(deps, c.get('actor'), c.req.valid('param'));
    setCaching(c, versionCaching(found));
    const files = preview.files.map(({ path, size }) => ({ path, size }));
    return c.json({ files, skill_md: preview.skillMd, truncated: preview.truncated }, 200);
  });
}

function toWire({ skill, version }: FoundVersion): PackageBody {
  const { metadata } = version;
  return {
    namespace: skill.namespace,
    name: skill.name,
    version: version.version,
    slug: skill.slug,
    description: version.description,
    category: metadata.category ?? null,
    license: metadata.license ?? null,
    author: metadata.author ?? null,
    compatibility: metadata.compatibility ?? null,
    keywords: metadata.keywords,
    frameworks: metadata.frameworks,
    dependencies: metadata.dependencies,
    visibility: skill.visibility,
    published_at: isoTime(version.publishedAt ?? 0),
    sha256: version.archiveSha256,
    size: version.archiveSize,
    artifacts: {
      'tar.gz': { sha256: version.tarSha256 ?? '', size: version.tarSize ?? 0 },
      zip: { sha256: version.zipSha256 ?? '', size: version.zipSize ?? 0 },
    },
    tree_digest: version.treeDigest,
    key_id: version.keyId ?? '',
    cert_chain_pem: [],
  };
}
