import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import type { Deps } from '../../../core/deps.ts';
import { listAudit } from '../../../core/moderation/list-audit.ts';
import { json } from '../../kit/openapi.ts';
import { auditSchema } from '../admin-schemas.ts';
import type { V1App } from '../app.ts';
import { isoTime } from '../wire.ts';
import { admin, NO_STORE, page, readErrors } from './common.ts';

const route = createRoute({
  ...admin,
  method: 'get',
  path: '/admin/audit',
  summary: 'Every privileged act, oldest first',
  request: {
    query: page.extend({
      subject: z
        .string()
        .max(256)
        .optional()
        .meta({ description: 'What it was done to, such as `@acme/pdf-tools` or `namespace:acme`.' }),
    }),
  },
  responses: { 200: json(auditSchema, 'A page; nothing in the log ever changes.'), ...readErrors },
});

export function auditEndpoint(app: V1App, deps: Deps): void {
  app.openapi(route, async (c) => {
    const { events, next } = await listAudit(deps, c.get('actor'), c.req.valid('query'));
    const wire = events.map(({ at, keyId, ...event }) => ({ ...event, at: isoTime(at), key_id: keyId }));
    return c.json({ events: wire, next }, 200, NO_STORE);
  });
}
