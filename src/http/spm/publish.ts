import { createRoute } from '@hono/zod-openapi';
import type { Deps } from '../../core/deps.ts';
import { publishDescribed } from '../../core/publishing/publish-described.ts';
import type { Publication } from '../../core/publishing/publish-now.ts';
import { identify, requireKey } from '../kit/auth.ts';
import { json } from '../kit/openapi.ts';
import { hubOrigin } from '../kit/origin.ts';
import { anyOrigin, invalidInput, type SpmApp } from './app.ts';
import { describedBody } from './described-body.ts';
import { ok } from './envelope.ts';
import { errors } from './errors.ts';
import { describedSchema, toDescribed } from './publish-schema.ts';
import { publishedSchema } from './schemas.ts';
import { isoTime, wireId } from './wire.ts';

const route = createRoute({
  method: 'post',
  path: '/skills',
  tags: ['Publishing'],
  summary: 'Publish a version by its description',
  description:
    'JSON without `slug` and `files`; any other body is for the ClawHub dialect. SKILL.md and skill.yaml are taken from the body, fetched, or written from the description. Waits up to ten seconds for the vetting.',
  security: [{ key: [] }],
  request: { body: { required: true, ...json(describedSchema, 'The description.') } },
  responses: {
    201: json(publishedSchema, 'Published, or still being vetted.'),
    ...errors(400, 401, 403, 409, 429, 503),
  },
});

/** The path is another dialect's too, so nothing is done before the body has told whose request it is. */
export function publishEndpoint(app: SpmApp, deps: Deps): void {
  const known = identify(deps);
  app.openAPIRegistry.registerPath(route);
  app.post(route.path, async (c, next) => {
    const sent = await describedBody(deps, c);
    if (sent === undefined) return next();
    await anyOrigin(c, NOTHING_MORE);
    await known(c, NOTHING_MORE);
    await requireKey(c, NOTHING_MORE);
    const parsed = describedSchema.safeParse(sent);
    if (!parsed.success) throw invalidInput('body', parsed.error);
    const publication = await publishDescribed(deps, c.get('actor'), toDescribed(parsed.data));
    const about = { origin: hubOrigin(c, deps.settings), now: deps.clock.now(), ...parsed.data };
    return c.json(ok(toWire(publication, about)), 201, { 'Cache-Control': 'no-store' });
  });
}

const NOTHING_MORE = async () => undefined;

interface About {
  origin: string;
  now: number;
  npmPackage?: string;
  signature?: string;
}

function toWire(publication: Publication, { origin, now, npmPackage, signature }: About) {
  const { namespace, name, version, status, jobId, warnings } = publication;
  const url = `${origin}/api/v1/skills/${name}?owner=${namespace}`;
  const published = status === 'published';
  return {
    id: wireId(publication),
    name,
    version,
    message: published ? 'Published.' : `Still being vetted; see /v1/jobs/${jobId}.`,
    url,
    npmUrl: npmPackage === undefined ? null : `https://www.npmjs.com/package/${npmPackage}`,
    publishedAt: published ? isoTime(now) : null,
    jobId,
    warnings: [
      ...warnings.map(({ message, fix }) => `${message}. ${fix}`),
      ...(signature === undefined ? [] : ['The signature was not verified: this hub does not check GPG signatures.']),
    ],
  };
}
