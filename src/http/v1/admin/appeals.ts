import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import type { Deps } from '../../../core/deps.ts';
import { denyAppeal, grantAppeal } from '../../../core/moderation/decide-appeal.ts';
import { json } from '../../kit/openapi.ts';
import { answerSchema, decidedSchema } from '../admin-schemas.ts';
import type { V1App } from '../app.ts';
import { admin, changeErrors } from './common.ts';

const request = {
  params: z.object({ id: z.string().max(64) }),
  body: { required: true, ...json(answerSchema, 'What its author is told.') },
};
const responses = { 200: json(decidedSchema, 'Done, now or before.'), ...changeErrors };

const grantRoute = createRoute({
  ...admin,
  method: 'post',
  path: '/admin/appeals/{id}/grant',
  summary: 'Grant an appeal: approve its version, or show its skill',
  request,
  responses,
});

const denyRoute = createRoute({
  ...admin,
  method: 'post',
  path: '/admin/appeals/{id}/deny',
  summary: 'Deny an appeal: everything stays as it is',
  request,
  responses,
});

export function decideAppealEndpoints(app: V1App, deps: Deps): void {
  app.openapi(grantRoute, async (c) => {
    const decision = { ...c.req.valid('param'), ...c.req.valid('json') };
    return c.json({ changed: await grantAppeal(deps, c.get('actor'), decision) }, 200);
  });
  app.openapi(denyRoute, async (c) => {
    const decision = { ...c.req.valid('param'), ...c.req.valid('json') };
    return c.json({ changed: await denyAppeal(deps, c.get('actor'), decision) }, 200);
  });
}
