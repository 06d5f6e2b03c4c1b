import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import type { Deps } from '../../../core/deps.ts';
import { openHeldBundle } from '../../../core/moderation/open-held-bundle.ts';
import { approveJob, rejectJob } from '../../../core/moderation/review-job.ts';
import { binary, json, problems } from '../../kit/openapi.ts';
import { noteSchema, reasonSchema, reviewedSchema } from '../admin-schemas.ts';
import type { V1App } from '../app.ts';
import { problemSchema } from '../schemas.ts';
import { admin, changeErrors, NO_STORE, readErrors } from './common.ts';

const params = z.object({ id: z.string().max(64) });
const responses = { 200: json(reviewedSchema, 'Done, now or before.'), ...changeErrors };

const approveRoute = createRoute({
  ...admin,
  method: 'post',
  path: '/admin/jobs/{id}/approve',
  summary: 'Let a quarantined version be published',
  description:
    'Its job goes on: rules that block still block it, what the examination says does not. A version that is public and was found malicious leaves the queue.',
  request: { params, body: { required: true, ...json(noteSchema, 'Why.') } },
  responses,
});

const rejectRoute = createRoute({
  ...admin,
  method: 'post',
  path: '/admin/jobs/{id}/reject',
  summary: 'Refuse a quarantined version',
  description: 'Its number is free again.',
  request: { params, body: { required: true, ...json(reasonSchema, 'Why.') } },
  responses,
});

const bundleRoute = createRoute({
  ...admin,
  method: 'get',
  path: '/admin/jobs/{id}/bundle',
  summary: 'Download what was held or refused',
  description: 'The archive as it was uploaded, tar.gz or zip. It may do harm: look at it, run nothing. Audit-logged.',
  request: { params },
  responses: {
    200: binary('The archive.', 'application/octet-stream'),
    ...readErrors,
    ...problems(problemSchema, 404),
  },
});

export function reviewEndpoints(app: V1App, deps: Deps): void {
  app.openapi(approveRoute, async (c) => {
    const decision = { ...c.req.valid('param'), ...c.req.valid('json') };
    return c.json(await approveJob(deps, c.get('actor'), decision), 200);
  });
  app.openapi(rejectRoute, async (c) => {
    const decision = { ...c.req.valid('param'), ...c.req.valid('json') };
    return c.json(await rejectJob(deps, c.get('actor'), decision), 200);
  });
  app.openapi(bundleRoute, async (c) => {
    const { namespace, name, version, stored } = await openHeldBundle(deps, c.get('actor'), c.req.valid('param').id);
    return c.body(stored.body, 200, {
      ...NO_STORE,
      'Content-Type': 'application/octet-stream',
      'Content-Length': String(stored.size),
      'Content-Disposition': `attachment; filename="${namespace}-${name}-${version}.skill"`,
      'X-Content-Type-Options': 'nosniff',
    });
  });
}
