import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { removeTag, setTag } from '../../core/catalog/tag-version.ts';
import type { Deps } from '../../core/deps.ts';
import { requireKey } from '../kit/auth.ts';
import { json } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import { slugParams } from './params.ts';
import { ownerSchema } from './publish-schemas.ts';
import { refusals } from './refusals.ts';

const common = {
  path: '/skills/{slug}/tags/{tag}',
  tags: ['Names'],
  security: [{ key: [] }],
  middleware: requireKey,
};
const params = slugParams.extend({ tag: z.string().max(128) });
const errors = refusals(400, 401, 403, 404, 409, 410, 413);
const tagged = { ok: z.literal(true), slug: z.string(), tag: z.string() };

const setRoute = createRoute({
  ...common,
  method: 'post',
  summary: 'Point a tag at a version',
  request: {
    params,
    body: { required: true, ...json(z.object({ version: z.string(), ownerHandle: ownerSchema }), 'Which version.') },
  },
  responses: { 200: json(z.object({ ...tagged, version: z.string() }).meta({ id: 'Tagged' }), 'Done.'), ...errors },
});

const removeRoute = createRoute({
  ...common,
  method: 'delete',
  summary: 'Take a tag away',
  request: { params, body: { required: false, ...json(z.object({ ownerHandle: ownerSchema }), 'Whose skill it is.') } },
  responses: { 200: json(z.object(tagged).meta({ id: 'Untagged' }), 'Done.'), ...errors },
});

export function tagEndpoints(app: ClawhubApp, deps: Deps): void {
  app.openapi(setRoute, async (c) => {
    const { slug, tag } = c.req.valid('param');
    const { version, ownerHandle } = c.req.valid('json');
    await setTag(deps, c.get('actor'), { slug, owner: ownerHandle, tag, version });
    return c.json({ ok: true as const, slug, tag, version }, 200, NO_STORE);
  });
  app.openapi(removeRoute, async (c) => {
    const { slug, tag } = c.req.valid('param');
    await removeTag(deps, c.get('actor'), { slug, owner: c.req.valid('json')?.ownerHandle, tag });
    return c.json({ ok: true as const, slug, tag }, 200, NO_STORE);
  });
}

const NO_STORE = { 'Cache-Control': 'no-store' };
