import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import type { Deps } from '../../../core/deps.ts';
import { revokeRegistryKey } from '../../../core/signing/revoke-registry-key.ts';
import { json } from '../../kit/openapi.ts';
import { reasonSchema, revokedRegistryKeySchema } from '../admin-schemas.ts';
import type { V1App } from '../app.ts';
import { admin, changeErrors } from './common.ts';

const route = createRoute({
  ...admin,
  method: 'post',
  path: '/admin/registry-keys/{kid}/revoke',
  summary: 'Revoke an earlier key of the registry; for operators',
  description:
    'Clients refuse what it signed from then on, until the current key has signed it anew, which begins at once. The key that signs now has to be rotated first.',
  request: {
    params: z.object({ kid: z.string().max(128) }),
    body: { required: true, ...json(reasonSchema, 'Why; everybody is told.') },
  },
  responses: { 200: json(revokedRegistryKeySchema, 'Done, now or before.'), ...changeErrors },
});

export function registryKeyEndpoint(app: V1App, deps: Deps): void {
  app.openapi(route, async (c) => {
    const { kid } = c.req.valid('param');
    const changed = await revokeRegistryKey(deps, c.get('actor'), { id: kid, ...c.req.valid('json') });
    return c.json({ kid, changed }, 200);
  });
}
