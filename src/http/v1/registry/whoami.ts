import { createRoute } from '@hono/zod-openapi';
import { SCOPES } from '../../../db/schema/accounts.ts';
import { requireKey } from '../../kit/auth.ts';
import { json, problems } from '../../kit/openapi.ts';
import type { V1App } from '../app.ts';
import { problemSchema, whoamiSchema } from '../schemas.ts';

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
    const actor = c.get('actor');
    const who =
      actor.kind === 'key'
        ? { kind: 'key' as const, namespace: actor.namespace, scopes: actor.scopes }
        : { kind: 'operator' as const, namespace: null, scopes: [...SCOPES] };
    return c.json(who, 200, { 'Cache-Control': 'no-store' });
  });
}
