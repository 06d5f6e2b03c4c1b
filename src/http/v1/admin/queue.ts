import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import type { Deps } from '../../../core/deps.ts';
import { listQueue, QUEUE_KINDS } from '../../../core/moderation/list-queue.ts';
import { json } from '../../kit/openapi.ts';
import { queueSchema } from '../admin-schemas.ts';
import type { V1App } from '../app.ts';
import { isoTime } from '../wire.ts';
import { admin, NO_STORE, page, readErrors } from './common.ts';

const route = createRoute({
  ...admin,
  method: 'get',
  path: '/admin/queue',
  summary: 'What waits for a person, oldest first',
  description: 'Quarantined versions, public ones that were found malicious since, open appeals and open reports.',
  request: { query: page.extend({ kind: z.enum(QUEUE_KINDS).optional() }) },
  responses: { 200: json(queueSchema, 'A page. GET /v1/jobs/{id} has the findings of a job.'), ...readErrors },
});

export function queueEndpoint(app: V1App, deps: Deps): void {
  app.openapi(route, async (c) => {
    const { items, next } = await listQueue(deps, c.get('actor'), c.req.valid('query'));
    const wire = items.map(({ jobId, createdAt, ...item }) => ({
      ...item,
      job_id: jobId,
      created_at: isoTime(createdAt),
    }));
    return c.json({ items: wire, next }, 200, NO_STORE);
  });
}
