import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import type { Deps } from '../../../core/deps.ts';
import { triageReport } from '../../../core/moderation/triage-report.ts';
import { json } from '../../kit/openapi.ts';
import { reasonSchema, triagedSchema } from '../admin-schemas.ts';
import type { V1App } from '../app.ts';
import { admin, changeErrors } from './common.ts';

const request = {
  params: z.object({ id: z.string().max(64) }),
  body: { required: true, ...json(reasonSchema, 'Why.') },
};
const responses = { 200: json(triagedSchema, 'Done, now or before.'), ...changeErrors };

const confirmRoute = createRoute({
  ...admin,
  method: 'post',
  path: '/admin/reports/{id}/confirm',
  summary: 'Confirm a report',
  description: 'A skill that reports have hidden stays hidden. To hide any other, hide it.',
  request,
  responses,
});

const dismissRoute = createRoute({
  ...admin,
  method: 'post',
  path: '/admin/reports/{id}/dismiss',
  summary: 'Dismiss a report',
  description: 'A skill that reports have hidden is shown again as soon as too few of them are left.',
  request,
  responses,
});

export function triageEndpoints(app: V1App, deps: Deps): void {
  app.openapi(confirmRoute, async (c) => {
    const decision = { ...c.req.valid('param'), note: c.req.valid('json').reason, verdict: 'confirmed' as const };
    return c.json(await triageReport(deps, c.get('actor'), decision), 200);
  });
  app.openapi(dismissRoute, async (c) => {
    const decision = { ...c.req.valid('param'), note: c.req.valid('json').reason, verdict: 'dismissed' as const };
    return c.json(await triageReport(deps, c.get('actor'), decision), 200);
  });
}
