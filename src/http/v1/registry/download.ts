import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { getVersion } from '../../../core/catalog/get-version.ts';
import { ARCHIVE_FORMS, openBundle, openSignature } from '../../../core/catalog/open-bundle.ts';
import type { Deps } from '../../../core/deps.ts';
import { Problem } from '../../../core/problem.ts';
import { setCaching } from '../../kit/caching.ts';
import { countDownload } from '../../kit/count-download.ts';
import { binary, problems } from '../../kit/openapi.ts';
import type { V1App } from '../app.ts';
import { problemSchema } from '../schemas.ts';
import { versionCaching, versionParams } from './params.ts';

const query = z.object({
  format: z.enum(ARCHIVE_FORMS).default('skill').meta({
    description:
      '`skill`: the archive whose SHA-256 the metadata gives. `tar.gz` and `zip`: the canonical archives of the same files.',
  }),
});

const SIGNATURE_TYPE = 'application/pgp-signature';

const bundleRoute = createRoute({
  method: 'get',
  path: '/download/{namespace}/{name}/{version}',
  tags: ['Reading'],
  summary: 'Download a version',
  request: { params: versionParams, query },
  responses: { 200: binary('The archive.', 'application/gzip'), ...problems(problemSchema, 400, 401, 404) },
});

const signatureRoute = createRoute({
  method: 'get',
  path: '/download/{namespace}/{name}/{version}/sig',
  tags: ['Reading'],
  summary: "Download the registry's signature over a version",
  description:
    'RSASSA-PKCS1-v1_5 with SHA-256 over the archive: `openssl dgst -sha256 -verify registry.pem -signature x.sig x.skill`.',
  request: { params: versionParams, query },
  responses: { 200: binary('512 raw bytes.', 'application/octet-stream'), ...problems(problemSchema, 400, 401, 404) },
});

const publisherSignatureRoute = createRoute({
  method: 'get',
  path: '/download/{namespace}/{name}/{version}/asc',
  tags: ['Reading'],
  summary: "Download the publisher's OpenPGP signature over a version",
  description:
    'Over the archive that `/v1/download` serves: `gpg --verify x.asc x.skill`, with the keys of /v1/namespaces/{namespace}/pgp-keys.',
  request: { params: versionParams },
  responses: { 200: binary('In ASCII armour.', SIGNATURE_TYPE), ...problems(problemSchema, 400, 401, 404) },
});

export function downloadEndpoints(app: V1App, deps: Deps): void {
  app.openapi(bundleRoute, async (c) => {
    const { format } = c.req.valid('query');
    const opened = await openBundle(deps, c.get('actor'), c.req.valid('param'), format);
    setCaching(c, versionCaching(opened, opened.sha256));
    countDownload(c, opened.version);
    c.header('Content-Type', opened.kind === 'zip' ? 'application/zip' : 'application/gzip');
    c.header('Content-Length', String(opened.stored.size));
    const extension = format === 'skill' ? 'skill' : opened.kind;
    c.header(
      'Content-Disposition',
      `attachment; filename="${opened.skill.name}-${opened.version.version}.${extension}"`,
    );
    return c.body(opened.stored.body);
  });
  app.openapi(signatureRoute, async (c) => {
    const opened = await openSignature(deps, c.get('actor'), c.req.valid('param'), c.req.valid('query').format);
    // The bytes never change, but another key may sign them anew when the one that did is revoked.
    setCaching(c, { ...versionCaching(opened, `${opened.sha256}.${opened.keyId}.sig`), pinned: false });
    c.header('Content-Type', 'application/octet-stream');
    c.header('Content-Length', String(opened.stored.size));
    c.header('X-Key-Id', opened.keyId);
    return c.body(opened.stored.body);
  });
  app.openapi(publisherSignatureRoute, async (c) => {
    const found = await getVersion(deps, c.get('actor'), c.req.valid('param'));
    const { pgpSignature, pgpKeyId, archiveSha256, version } = found.version;
    if (pgpSignature === null || pgpKeyId === null) {
      const label = `@${found.skill.namespace}/${found.skill.name}@${version}`;
      throw new Problem('not_found', `${label} was published without an OpenPGP signature.`, {
        fix: "The registry's own signature is at /sig.",
      });
    }
    setCaching(c, versionCaching(found, `${archiveSha256}.asc`));
    c.header('Content-Type', SIGNATURE_TYPE);
    c.header('X-Key-Id', pgpKeyId);
    return c.body(pgpSignature);
  });
}
