import { createRoute } from '@hono/zod-openapi';
import type { Deps } from '../../../core/deps.ts';
import { hideByModerator, showByModerator } from '../../../core/moderation/moderate-skill.ts';
import { json } from '../../kit/openapi.ts';
import { moderatedSchema, reasonSchema } from '../admin-schemas.ts';
import type { V1App } from '../app.ts';
import { skillParams } from '../registry/params.ts';
import { admin, changeErrors } from './common.ts';

const request = { params: skillParams, body: { required: true, ...json(reasonSchema, 'Why.') } };
const responses = { 200: json(moderatedSchema, 'Done, now or before.'), ...changeErrors };

const hideRoute = createRoute({
  ...admin,
  method: 'post',
  path: '/admin/skills/{namespace}/{name}/hide',
  summary: 'Hide a skill',
  description: 'Nobody can see or download it, and its owner cannot show it again, but appeal.',
  request,
  responses,
});

const showRoute = createRoute({
  ...admin,
  method: 'post',
  path: '/admin/skills/{namespace}/{name}/show',
  summary: 'Show a skill again that a moderator or reports have hidden',
  description: 'Its open reports are dismissed.',
  request,
  responses,
});

export function skillEndpoints(app: V1App, deps: Deps): void {
  app.openapi(hideRoute, async (c) => {
    const decision = { ...c.req.valid('param'), ...c.req.valid('json') };
    return c.json(await hideByModerator(deps, c.get('actor'), decision), 200);
  });
  app.openapi(showRoute, async (c) => {
    const decision = { ...c.req.valid('param'), ...c.req.valid('json') };
    return c.json(await showByModerator(deps, c.get('actor'), decision), 200);
  });
}
