import { createRoute } from '@hono/zod-openapi';
import type { Actor } from '../../../core/accounts/actor.ts';
import { SCOPES } from '../../../db/schema/accounts.ts';
import { requireKey } from '../../kit/auth.ts';
import { json, problems } from '../../kit/openapi.ts';
import type { V1App } from '../app.ts';
import { problemSchema, whoamiSchema } from '../schemas.ts';
import { isoTime } from '../wire.ts';

const route = createRoute({
  method: 'get',
  path: '/whoami',
  tags: ['Accounts'],
  summary: 'Tell whose key this is',
  security: [{ key: [] }],
  middleware: requireKey,
  responses: { 200: json(whoamiSchema, 'The key, its namespace and its scopes.'), ...problems(problemSchema, 401) },
});

export function whoamiEndpoint(app: V1App): void {
  app.openapi(route, (c) => {
    return c.json(describe(c.get('actor')), 200, { 'Cache-Control': 'no-store' });
  });
}

function describe(actor: Actor) {
  if (actor.kind !== 'key') return { kind: 'operator' as const, namespace: null, scopes: [...SCOPES] };
  const { namespace, scopes, owned, expiresAt } = actor;
  return {
    kind: 'key' as const,
    namespace,
    scopes,
    publishers: owned.length > 0 ? owned : undefined,
    expires_at: expiresAt === undefined ? undefined : isoTime(expiresAt),
  };
}
