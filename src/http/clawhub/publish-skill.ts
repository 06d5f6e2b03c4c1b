import { createRoute } from '@hono/zod-openapi';
import type * as z from 'zod';
import type { Actor } from '../../core/accounts/actor.ts';
import type { Deps } from '../../core/deps.ts';
import { Problem } from '../../core/problem.ts';
import { type Publication, publishNow, publishSentFiles } from '../../core/publishing/publish-now.ts';
import { requireKey } from '../kit/auth.ts';
import { json } from '../kit/openapi.ts';
import { readBody } from '../kit/read-body.ts';
import { type ClawhubApp, invalidInput } from './app.ts';
import { readPublishForm } from './publish-form.ts';
import { type Payload, payloadSchema, publishedSchema, publishSchema } from './publish-schemas.ts';
import { refusals } from './refusals.ts';

/** A list of 512 files with long paths is about half of that. */
const JSON_BYTES = 1024 * 1024;

const route = createRoute({
  method: 'post',
  path: '/skills',
  tags: ['Publishing'],
  summary: 'Publish a version',
  description:
    'Either JSON that names files sent before through `/skills/-/upload-url`, or a form with a field `payload` (the same JSON without `files`) and a field `files` for each file. Waits up to ten seconds for the vetting.',
  security: [{ key: [] }],
  request: {
    body: {
      required: true,
      content: {
        ...json(publishSchema, '').content,
        'multipart/form-data': {
          schema: {
            type: 'object' as const,
            properties: {
              payload: { type: 'string' as const },
              files: { type: 'array' as const, items: { type: 'string' as const, format: 'binary' } },
            },
            required: ['payload', 'files'],
          },
        },
      },
    },
  },
  responses: {
    200: json(publishedSchema, 'The version is public, or is still being vetted.'),
    ...refusals(400, 401, 403, 404, 409, 413, 415, 503),
  },
});

export function publishEndpoint(app: ClawhubApp, deps: Deps): void {
  // The body is either of two kinds and bounded while it is read, so it is read here and not by the router.
  app.openAPIRegistry.registerPath(route);
  app.post(route.path, requireKey, async (c) => {
    const type = (c.req.header('content-type') ?? '').toLowerCase();
    const publication = type.startsWith('multipart/form-data')
      ? await publishForm(deps, c.get('actor'), c.req.raw)
      : await publishJson(deps, c.get('actor'), c.req.raw, type);
    return c.json(toWire(publication), 200, { 'Cache-Control': 'no-store' });
  });
}

async function publishJson(deps: Deps, actor: Actor, request: Request, type: string): Promise<Publication> {
  if (!/^application\/json\s*(;|$)/.test(type)) {
    throw new Problem('unsupported_media_type', 'A publish is sent as application/json or multipart/form-data.', {
      fix: 'Set Content-Type accordingly.',
    });
  }
  const text = new TextDecoder().decode(await readBody(deps, request, JSON_BYTES));
  const { files, ...payload } = parse(publishSchema, text);
  const sent = files.map(({ uploadTicket, ...file }) => ({ ...file, secret: uploadTicket }));
  return publishSentFiles(deps, actor, { ...submission(payload), sent });
}

async function publishForm(deps: Deps, actor: Actor, request: Request): Promise<Publication> {
  const { payload, files } = await readPublishForm(deps, request, deps.settings.limits);
  return publishNow(deps, actor, { ...submission(parse(payloadSchema, payload)), files });
}

function parse<T extends z.ZodType>(schema: T, text: string): z.output<T> {
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) throw invalidInput('json', parsed.error);
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem('invalid_body', 'The payload is not JSON.', { fix: 'Send well-formed JSON.' }, { cause });
  }
}

/** These clients count versions themselves, so the number in SKILL.md does not matter. */
function submission({ slug, version, ownerHandle, sourceOwnerHandle, migrateOwner, changelog, tags }: Payload) {
  if (migrateOwner && sourceOwnerHandle !== ownerHandle) {
    throw new Problem('invalid_request', 'Publishing does not move a skill between owners.', {
      fix: 'Publish without --migrate-owner, and give the skill away with `clawhub transfer request`.',
    });
  }
  return { slug, version, renumber: true, namespace: ownerHandle, changelog: changelog ?? '', tags: tags ?? [] };
}

function toWire({ jobId, namespace, name, version, status }: Publication): z.infer<typeof publishedSchema> {
  return {
    ok: true,
    skillId: `${namespace}/${name}`,
    versionId: `${namespace}/${name}@${version}`,
    status,
    publicationStatus: status,
    slug: name,
    version,
    attemptId: jobId,
  };
}
