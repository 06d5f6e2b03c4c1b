import { createRoute } from '@hono/zod-openapi';
import type { Deps } from '../../core/deps.ts';
import { type ShownSignature, shownSignature } from '../../core/signing/shown-signature.ts';
import { type Verification, verifyVersion } from '../../core/vetting/verify-version.ts';
import { setCaching } from '../kit/caching.ts';
import { json } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import { downloadUrl, originOf, ownerQuery, refOf, slugParams, versionCaching, versionQuery } from './params.ts';
import { refusals } from './refusals.ts';
import { verificationSchema } from './schemas.ts';
import { overviewOf, reasonsOf, wireFiles, wireSecurity } from './wire.ts';

const route = createRoute({
  method: 'get',
  path: '/skills/{slug}/verify',
  tags: ['Reading'],
  summary: 'What the hub vouches for',
  request: { params: slugParams, query: ownerQuery.extend(versionQuery.shape) },
  responses: { 200: json(verificationSchema, 'Digests, vetting and signature.'), ...refusals(400, 401, 404, 410) },
});

export function verifyEndpoint(app: ClawhubApp, deps: Deps): void {
  app.openapi(route, async (c) => {
    const { slug } = c.req.valid('param');
    const { version, tag, ...owner } = c.req.valid('query');
    const found = await verifyVersion(deps, c.get('actor'), { ...refOf(slug, owner), version, tag });
    const publisher = await shownSignature(deps, found.version);
    // A version never changes, but what is thought of it may.
    setCaching(c, { ...versionCaching(found), pinned: false });
    const resolvedFrom = version !== undefined ? ('version' as const) : tag !== undefined ? ('tag' as const) : 'latest';
    return c.json({ ...toWire(found, publisher, originOf(c, deps)), slug, resolvedFrom, tag: tag ?? null }, 200);
  });
}

function toWire(found: Verification, publisher: ShownSignature | undefined, origin: string) {
  const { skill, version, verdict } = found;
  const { namespace, name } = skill;
  return {
    schema: 'clawhub.skill.verify.v1' as const,
    ok: verdict.passed,
    decision: verdict.passed ? ('pass' as const) : ('fail' as const),
    reasons: reasonsOf(verdict),
    displayName: skill.slug ?? name,
    pageUrl: `${origin}/api/v1/skills/${name}?ownerHandle=${namespace}`,
    publisherHandle: namespace,
    publisherDisplayName: namespace,
    publisherProfileUrl: null,
    version: version.version,
    createdAt: verdict.publishedAt,
    card: { available: false as const },
    artifact: artifactOf(found, origin),
    provenance: { source: 'unavailable' as const, reason: 'The publisher uploaded the files.' },
    security: { ...wireSecurity(verdict), checkedAt: verdict.checkedAt, overview: overviewOf(verdict) },
    signature: {
      status: 'signed' as const,
      algorithm: 'RS256' as const,
      keyId: version.keyId ?? '',
      signatureUrl: `${origin}/v1/download/${namespace}/${name}/${encodeURIComponent(version.version)}/sig?format=zip`,
      keysUrl: `${origin}/v1/keys/registry`,
      publisher: publisher === undefined ? null : publisherOf(found, publisher, origin),
    },
  };
}

function publisherOf({ skill, version }: Verification, signed: ShownSignature, origin: string) {
  const address = `${skill.namespace}/${skill.name}/${encodeURIComponent(version.version)}`;
  return {
    algorithm: 'OpenPGP' as const,
    keyId: signed.key,
    userId: signed.userId,
    revokedAt: signed.revokedAt,
    signatureUrl: `${origin}/v1/download/${address}/asc`,
    keysUrl: `${origin}/v1/namespaces/${signed.namespace}/pgp-keys`,
  };
}

function artifactOf({ skill, version, files, fingerprints }: Verification, origin: string) {
  const address = { slug: skill.name, owner: skill.namespace, version: version.version };
  return {
    kind: 'archive' as const,
    downloadUrl: downloadUrl(origin, address),
    sha256: version.zipSha256 ?? '',
    size: version.zipSize ?? 0,
    sourceFingerprint: fingerprints.full ?? null,
    bundleFingerprints: fingerprints.text,
    files: wireFiles(files),
  };
}
