import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { mergeSkills } from '../../core/catalog/merge-skills.ts';
import { renameSkill } from '../../core/catalog/rename-skill.ts';
import type { Deps } from '../../core/deps.ts';
import { requireKey } from '../kit/auth.ts';
import { json } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import { slugParams } from './params.ts';
import { ownerSchema } from './publish-schemas.ts';
import { refusals } from './refusals.ts';

const slug = z.string().trim().toLowerCase().min(1).max(200);
const answered = z.string().meta({ description: 'The name within its namespace.' });

const common = { method: 'post' as const, tags: ['Names'], security: [{ key: [] }], middleware: requireKey };
const errors = refusals(400, 401, 403, 404, 409, 410, 413);

const renameRoute = createRoute({
  ...common,
  path: '/skills/{slug}/rename',
  summary: 'Give a skill another name; the old one leads to it for good',
  request: {
    params: slugParams,
    body: { required: true, ...json(z.object({ newSlug: slug, ownerHandle: ownerSchema }), 'The new name.') },
  },
  responses: {
    200: json(
      z.object({ ok: z.literal(true), slug: answered, previousSlug: answered }).meta({ id: 'Renamed' }),
      'Done.',
    ),
    ...errors,
  },
});

const mergeBody = z.object({
  targetSlug: slug,
  ownerHandle: ownerSchema.meta({ description: 'The namespace of either skill whose own is not named.' }),
  sourceOwnerHandle: ownerSchema,
  targetOwnerHandle: ownerSchema,
});

const mergeRoute = createRoute({
  ...common,
  path: '/skills/{slug}/merge',
  summary: 'Let another skill take the place of this one',
  request: { params: slugParams, body: { required: true, ...json(mergeBody, 'Which one.') } },
  responses: {
    200: json(
      z.object({ ok: z.literal(true), sourceSlug: answered, targetSlug: answered }).meta({ id: 'Merged' }),
      'Done.',
    ),
    ...errors,
  },
});

export function renameEndpoints(app: ClawhubApp, deps: Deps): void {
  app.openapi(renameRoute, async (c) => {
    const { newSlug, ownerHandle } = c.req.valid('json');
    const ref = { ...c.req.valid('param'), owner: ownerHandle, newName: newSlug };
    const { name, previousName } = await renameSkill(deps, c.get('actor'), ref);
    return c.json({ ok: true as const, slug: name, previousSlug: previousName }, 200, NO_STORE);
  });
  app.openapi(mergeRoute, async (c) => {
    const { targetSlug, ownerHandle, sourceOwnerHandle, targetOwnerHandle } = c.req.valid('json');
    const { source, target } = await mergeSkills(deps, c.get('actor'), {
      source: { ...c.req.valid('param'), owner: sourceOwnerHandle ?? ownerHandle },
      target: { slug: targetSlug, owner: targetOwnerHandle ?? ownerHandle },
    });
    return c.json({ ok: true as const, sourceSlug: source.name, targetSlug: target.name }, 200, NO_STORE);
  });
}

const NO_STORE = { 'Cache-Control': 'no-store' };
