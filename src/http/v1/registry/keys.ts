import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { createKey, type KeySummary, listKeys, revokeKey } from '../../../core/accounts/manage-keys.ts';
import type { Deps } from '../../../core/deps.ts';
import { requireKey } from '../../kit/auth.ts';
import { json, problems } from '../../kit/openapi.ts';
import type { V1App } from '../app.ts';
import { createdKeySchema, keysSchema, newKeySchema, problemSchema } from '../schemas.ts';
import { isoTime } from '../wire.ts';

const security = [{ key: [] }];
const middleware = requireKey;
const query = z.object({
  namespace: z
    .string()
    .optional()
    .meta({ description: 'Another one that the key counts in; operators have to name one.' }),
});

const listRoute = createRoute({
  method: 'get',
  path: '/keys',
  tags: ['Accounts'],
  summary: 'List the keys of a namespace',
  security,
  middleware,
  request: { query },
  responses: { 200: json(keysSchema, 'Without their secrets.'), ...problems(problemSchema, 400, 401, 403) },
});

const createKeyRoute = createRoute({
  method: 'post',
  path: '/keys',
  tags: ['Accounts'],
  summary: 'Create a further key',
  security,
  middleware,
  request: { query, body: { required: true, ...json(newKeySchema, 'What the key is for.') } },
  responses: {
    201: json(createdKeySchema, 'The key, shown once.'),
    ...problems(problemSchema, 400, 401, 403, 404, 413, 422),
  },
});

const revokeRoute = createRoute({
  method: 'delete',
  path: '/keys/{id}',
  tags: ['Accounts'],
  summary: 'Revoke a key',
  security,
  middleware,
  request: { params: z.object({ id: z.string() }) },
  responses: { 204: { description: 'Revoked.' }, ...problems(problemSchema, 401, 403, 404) },
});

export function keyEndpoints(app: V1App, deps: Deps): void {
  app.openapi(listRoute, async (c) => {
    const keys = await listKeys(deps, c.get('actor'), c.req.valid('query').namespace);
    return c.json({ keys: keys.map(toWire) }, 200, { 'Cache-Control': 'no-store' });
  });
  app.openapi(createKeyRoute, async (c) => {
    const { namespace } = c.req.valid('query');
    const { label, scopes, expires_in: seconds } = c.req.valid('json');
    const created = await createKey(deps, c.get('actor'), { namespace, label, scopes, seconds });
    const { id, apiKey: api_key, expiresAt } = created;
    return c.json({ id, api_key, namespace: created.namespace, expires_at: timeOrNull(expiresAt) }, 201, {
      'Cache-Control': 'no-store',
    });
  });
  app.openapi(revokeRoute, async (c) => {
    await revokeKey(deps, c.get('actor'), c.req.valid('param').id);
    return c.body(null, 204);
  });
}

function toWire({ createdAt, lastUsedAt, expiresAt, ...key }: KeySummary) {
  const times = { last_used_at: timeOrNull(lastUsedAt), expires_at: timeOrNull(expiresAt) };
  return { ...key, created_at: isoTime(createdAt), ...times };
}

function timeOrNull(milliseconds: number | null): string | null {
  return milliseconds === null ? null : isoTime(milliseconds);
}
