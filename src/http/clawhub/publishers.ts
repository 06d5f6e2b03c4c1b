import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { createPublisher } from '../../core/accounts/create-publisher.ts';
import type { Deps } from '../../core/deps.ts';
import { requireKey } from '../kit/auth.ts';
import { json } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import { handleSchema } from './handle.ts';
import { refusals } from './refusals.ts';

const requestSchema = z
  .object({
    handle: handleSchema.meta({ description: 'Of the new namespace.' }),
    displayName: z.string().trim().max(120).nullish(),
  })
  .meta({ id: 'NewPublisher' });

const publisherSchema = z
  .object({
    ok: z.literal(true),
    publisherId: z.string(),
    handle: z.string(),
    created: z.literal(true),
    trusted: z.literal(false),
  })
  .meta({ id: 'Publisher' });

const route = createRoute({
  method: 'post',
  path: '/publishers',
  tags: ['Accounts'],
  summary: "Make a namespace that belongs to the key's own",
  security: [{ key: [] }],
  middleware: requireKey,
  request: { body: { required: true, ...json(requestSchema, 'What it is called.') } },
  responses: {
    201: json(publisherSchema, "The key's namespace acts there as it does at home."),
    ...refusals(400, 401, 403, 409, 413),
  },
});

export function publisherEndpoint(app: ClawhubApp, deps: Deps): void {
  app.openapi(route, async (c) => {
    const { handle, displayName } = c.req.valid('json');
    await createPublisher(deps, c.get('actor'), { slug: handle, displayName: displayName || undefined });
    const answer = { ok: true as const, publisherId: handle, handle, created: true as const, trusted: false as const };
    return c.json(answer, 201, { 'Cache-Control': 'no-store' });
  });
}
