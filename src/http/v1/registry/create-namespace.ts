import { createRoute } from '@hono/zod-openapi';
import { createNamespace } from '../../../core/accounts/create-namespace.ts';
import type { Deps } from '../../../core/deps.ts';
import { json, problems } from '../../kit/openapi.ts';
import type { V1App } from '../app.ts';
import { issuedKeySchema, newNamespaceSchema, problemSchema } from '../schemas.ts';

const route = createRoute({
  method: 'post',
  path: '/namespaces',
  tags: ['Accounts'],
  summary: 'Claim a namespace and get its first key',
  request: {
    body: { required: true, ...json(newNamespaceSchema, 'The namespace and the address that may recover it.') },
  },
  responses: { 200: json(issuedKeySchema, 'The key, shown once.'), ...problems(problemSchema, 400, 409, 413, 422) },
});

export function createNamespaceEndpoint(app: V1App, deps: Deps): void {
  app.openapi(route, async (c) => {
    const { namespace, apiKey } = await createNamespace(deps, c.get('actor'), c.req.valid('json'));
    return c.json({ api_key: apiKey, namespace }, 200, { 'Cache-Control': 'no-store' });
  });
}
