import { createRoute } from '@hono/zod-openapi';
import { createReadLink } from '../../../core/catalog/read-link.ts';
import type { Deps } from '../../../core/deps.ts';
import { requireKey } from '../../kit/auth.ts';
import { json, problems } from '../../kit/openapi.ts';
import type { V1App } from '../app.ts';
import { linkSchema, newLinkSchema, problemSchema } from '../schemas.ts';
import { isoTime } from '../wire.ts';
import { skillParams } from './params.ts';

const route = createRoute({
  method: 'post',
  path: '/packages/{namespace}/{name}/link',
  tags: ['Reading'],
  summary: 'Make a link that reads this skill without a key',
  description:
    'For clients that send no key, such as `npx skills add <url>`. Whoever has the URL can read the skill, and nothing else, until it expires, at the latest with the key or token that asks; it cannot be taken back.',
  security: [{ key: [] }],
  middleware: requireKey,
  request: { params: skillParams, body: { required: false, ...json(newLinkSchema, 'How long the link lives.') } },
  responses: {
    200: json(linkSchema, 'The link, shown once.'),
    ...problems(problemSchema, 400, 401, 403, 404, 413, 422),
  },
});

export function linkEndpoint(app: V1App, deps: Deps): void {
  app.openapi(route, async (c) => {
    const { expires_in } = c.req.valid('json');
    const link = await createReadLink(deps, c.get('actor'), c.req.valid('param'), expires_in);
    const { namespace, name, token, expiresAt } = link;
    const origin = deps.settings.publicUrl ?? new URL(c.req.url).origin;
    const url = `${origin}/t/${token}/${namespace}/${name}`;
    return c.json({ url, expires_at: isoTime(expiresAt) }, 200, { 'Cache-Control': 'no-store' });
  });
}
