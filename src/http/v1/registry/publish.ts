import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import type { Deps } from '../../../core/deps.ts';
import { Problem } from '../../../core/problem.ts';
import { acceptBundle } from '../../../core/publishing/accept-bundle.ts';
import { VISIBILITIES } from '../../../db/schema/catalog.ts';
import { requireKey } from '../../kit/auth.ts';
import { json, problems } from '../../kit/openapi.ts';
import { readArchiveUpload } from '../../kit/upload.ts';
import type { V1App } from '../app.ts';
import { problemSchema, publishedSchema } from '../schemas.ts';

const archive = { schema: { type: 'string', format: 'binary' } } as const;

const route = createRoute({
  method: 'post',
  path: '/publish',
  tags: ['Publishing'],
  summary: 'Upload a version',
  description:
    'The body is the .skill archive (tar.gz or zip) itself, or a form with the archive as its one file. A `Content-Digest: sha-256=:…:` header (RFC 9530), if sent, is checked.',
  security: [{ key: [] }],
  middleware: requireKey,
  request: {
    query: z.object({
      namespace: z.string().optional().meta({ description: 'For operators, and for bundles that do not name it.' }),
      version: z.string().optional().meta({ description: 'For bundles that do not name it.' }),
      visibility: z.enum(VISIBILITIES).optional().meta({ description: 'Of a new skill; default public.' }),
    }),
    body: {
      required: true,
      content: {
        'application/octet-stream': archive,
        'application/gzip': archive,
        'application/zip': archive,
        'multipart/form-data': {
          schema: { type: 'object', properties: { bundle: archive.schema }, required: ['bundle'] },
        },
      },
    },
  },
  responses: {
    202: json(publishedSchema, 'Accepted; follow the job.'),
    ...problems(problemSchema, 400, 401, 403, 404, 409, 413, 422, 503),
  },
});

export function publishEndpoint(app: V1App, deps: Deps): void {
  app.openapi(route, async (c) => {
    const sha256 = declaredDigest(c.req.header('content-digest'));
    const bytes = await readArchiveUpload(c.req.raw, deps.settings.limits.maxArchiveBytes);
    const accepted = await acceptBundle(deps, c.get('actor'), { bytes, sha256, ...c.req.valid('query') });
    const { jobId, ...identity } = accepted;
    const message = `@${identity.namespace}/${identity.name}@${identity.version} is being vetted.`;
    return c.json({ job_id: jobId, message, ...identity }, 202, { Location: `/v1/jobs/${jobId}` });
  });
}

/** The SHA-256 of a `Content-Digest` header as hex; other algorithms are passed over, as RFC 9530 says. */
function declaredDigest(header: string | undefined): string | undefined {
  const member = header?.split(',').find((candidate) => /^\s*sha-256\b(?!-)/i.test(candidate));
  if (member === undefined) return undefined;
  const [, base64] = /^\s*sha-256=:([A-Za-z0-9+/]{43}=):\s*$/.exec(member) ?? [];
  if (base64 === undefined) {
    throw new Problem('digest_mismatch', 'The sha-256 in Content-Digest is not 32 bytes of base64.', {
      fix: 'Send it as sha-256=:<base64>:, or not at all.',
    });
  }
  return Array.from(atob(base64), (character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}
