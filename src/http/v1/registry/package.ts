import { createRoute } from '@hono/zod-openapi';
import { canRead } from '../../../core/accounts/actor.ts';
import { type FoundVersion, getVersion } from '../../../core/catalog/get-version.ts';
import { skillTag } from '../../../core/catalog/keys.ts';
import { listVersions } from '../../../core/catalog/list-versions.ts';
import { getPreview } from '../../../core/catalog/open-bundle.ts';
import { verificationOf } from '../../../core/catalog/verification.ts';
import type { Deps } from '../../../core/deps.ts';
import { type ShownSignature, shownSignature } from '../../../core/signing/shown-signature.ts';
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
    200: json(packageSchema, 'The version that the number, tag or range names, of the skill as it is called now.'),
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
    const { skill, versions, tags } = await listVersions(deps, actor, namespace, name);
    const isShared = skill.visibility === 'public' && !canRead(actor, skill.namespace);
    setCaching(c, { public: isShared, pinned: false, tags: [skillTag(skill.namespace, skill.name)] });
    const wire = versions.map(({ version, sha256, treeDigest, publishedAt, yankedAt, deprecated, changelog }) => ({
      version,
      sha256,
      tree_digest: treeDigest,
      published_at: isoTime(publishedAt),
      yanked_at: yankedAt === null ? null : isoTime(yankedAt),
      deprecated: deprecated ?? undefined,
      changelog: changelog === '' ? undefined : changelog,
    }));
    return c.json({ versions: wire, tags }, 200);
  });
  app.openapi(metadataRoute, async (c) => {
    const found = await getVersion(deps, c.get('actor'), c.req.valid('param'));
    const signature = await shownSignature(deps, found.version);
    // The files of a version never change, but its verdict, its skill's names and the state of keys may.
    setCaching(c, { ...versionCaching(found), pinned: false });
    return c.json(toWire(found, signature), 200);
  });
  app.openapi(previewRoute, async (c) => {
    const { preview, ...found } = await getPreview(deps, c.get('actor'), c.req.valid('param'));
    setCaching(c, versionCaching(found));
    const files = preview.files.map(({ path, size }) => ({ path, size }));
    return c.json({ files, skill_md: preview.skillMd, truncated: preview.truncated }, 200);
  });
}

function toWire({ skill, version }: FoundVersion, signature: ShownSignature | undefined): PackageBody {
  const { metadata } = version;
  return {
    namespace: skill.namespace,
    name: skill.name,
    version: version.version,
    slug: skill.slug,
    published_as: { namespace: metadata.namespace ?? skill.namespace, name: metadata.name },
    description: version.description,
    category: metadata.category ?? null,
    license: metadata.license ?? null,
    author: metadata.author ?? null,
    compatibility: metadata.compatibility ?? null,
    keywords: metadata.keywords,
    frameworks: metadata.frameworks,
    dependencies: metadata.dependencies,
    visibility: skill.visibility,
    deprecated: version.deprecation ?? skill.deprecation ?? undefined,
    changelog: version.changelog === '' ? undefined : version.changelog,
    published_at: isoTime(version.publishedAt ?? 0),
    sha256: version.archiveSha256,
    size: version.archiveSize,
    artifacts: {
      'tar.gz': { sha256: version.tarSha256 ?? '', size: version.tarSize ?? 0 },
      zip: { sha256: version.zipSha256 ?? '', size: version.zipSize ?? 0 },
    },
    tree_digest: version.treeDigest,
    key_id: version.keyId ?? '',
    verification: verificationOf(version.certificates),
    verdict: version.verdict,
    publisher_sig_hex: version.publisherSignature,
    cert_chain_pem: version.certificates ?? [],
    publisher_signature: signature === undefined ? null : wireSignature(signature),
  };
}

function wireSignature({ key, userId, namespace, revokedAt }: ShownSignature) {
  const revoked_at = revokedAt === null ? null : isoTime(revokedAt);
  return { kind: 'openpgp' as const, key, user_id: userId, namespace, revoked_at };
}
