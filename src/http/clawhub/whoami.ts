import { createRoute } from '@hono/zod-openapi';
import type { Actor } from '../../core/accounts/actor.ts';
import { requireKey } from '../kit/auth.ts';
import { json } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import { refusals } from './refusals.ts';
import { whoamiSchema } from './schemas.ts';

const route = createRoute({
  method: 'get',
  path: '/whoami',
  tags: ['Accounts'],
  summary: 'Tell whose key this is',
  security: [{ key: [] }],
  middleware: requireKey,
  responses: { 200: json(whoamiSchema, 'The namespace of the key, as a user.'), ...refusals(401) },
});

export function whoamiEndpoint(app: ClawhubApp): void {
  app.openapi(route, (c) => c.json({ user: userOf(c.get('actor')) }, 200, { 'Cache-Control': 'no-store' }));
}

/** The operator has no namespace to publish under, and clients that need one say so when there is no handle. */
export function userOf(actor: Actor) {
  const handle = actor.kind === 'key' ? actor.namespace : null;
  const role: 'admin' | 'user' = actor.kind === 'operator' ? 'admin' : 'user';
  return { handle, displayName: handle ?? 'operator', image: null, role };
}
