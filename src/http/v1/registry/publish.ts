import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import type { Deps } from '../../../core/deps.ts';
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
    'The body is the .skill archive (tar.gz or zip) itself, or a form with the archive as its one file. A `Content-Digest: sha-256=:…:` header (RFC 9530), if sent, is checked. So is a detached OpenPGP signature by a registered key of the namespace: in the form field `signature` in ASCII armour, or in the header `X-Publisher-Signature` in base64. What is new may be told in the form field `changelog`, up to 20,000 characters.',
  security: [{ key: [] }],
  middleware: requireKey,
  request: {
    query: z.object({
      namespace: z.string().optional().meta({ description: 'For operators, and for bundles that do not name it.' }),
      version: z.string().optional().meta({ description: 'For bundles that do not name it.' }),
      tag: z
        .string()
        .max(2000)
        .optional()
        .meta({ description: 'Tags that the version gets when it is published; several with commas between.' }),
      visibility: z.enum(VISIBILITIES).optional().meta({ description: 'Of a new skill; default public.' }),
    }),
    body: {
      required: true,
      content: {
        'application/octet-stream': archive,
        'application/gzip': archive,
        'application/zip': archive,
        'multipart/form-data': {
          schema: {
            type: 'object',
            properties: { bundle: archive.schema, signature: { type: 'string' }, changelog: { type: 'string' } },
            required: ['bundle'],
          },
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
    const sent = await readArchiveUpload(deps, c.req.raw, deps.settings.limits.maxArchiveBytes);
    const { tag, ...stated } = c.req.valid('query');
    const tags = tag === undefined ? [] : tag.split(',').map((each) => each.trim());
    const accepted = await acceptBundle(deps, c.get('actor'), { ...sent, ...stated, tags });
    const { jobId, ...identity } = accepted;
    const message = `@${identity.namespace}/${identity.name}@${identity.version} is being vetted.`;
    return c.json({ job_id: jobId, message, ...identity }, 202, { Location: `/v1/jobs/${jobId}` });
  });
}
