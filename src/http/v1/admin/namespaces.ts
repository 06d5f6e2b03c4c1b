import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { banNamespace, unbanNamespace } from '../../../core/accounts/ban-namespace.ts';
import { setModerator } from '../../../core/accounts/set-moderator.ts';
import type { Deps } from '../../../core/deps.ts';
import { json } from '../../kit/openapi.ts';
import { bannedSchema, banSchema, moderatorSchema, reasonSchema, unbannedSchema } from '../admin-schemas.ts';
import type { V1App } from '../app.ts';
import { admin, changeErrors } from './common.ts';

const params = z.object({ namespace: z.string() });

const banRoute = createRoute({
  ...admin,
  method: 'post',
  path: '/admin/namespaces/{namespace}/ban',
  summary: 'Ban a namespace',
  description:
    'Nothing can be published or changed in it and in the namespaces that it made, nor by their keys elsewhere; they can still read.',
  request: { params, body: { required: true, ...json(banSchema, 'Why.') } },
  responses: { 200: json(bannedSchema, 'Done, now or before.'), ...changeErrors },
});

const unbanRoute = createRoute({
  ...admin,
  method: 'post',
  path: '/admin/namespaces/{namespace}/unban',
  summary: 'End a ban',
  description: 'Skills that the ban hid stay hidden until they are shown one by one.',
  request: { params, body: { required: true, ...json(reasonSchema, 'Why.') } },
  responses: { 200: json(unbannedSchema, 'Done, now or before.'), ...changeErrors },
});

const moderatorRoute = createRoute({
  ...admin,
  method: 'put',
  path: '/admin/namespaces/{namespace}/moderator',
  summary: 'Make a namespace a moderator, or end that; for operators',
  request: { params, body: { required: true, ...json(moderatorSchema, 'What it is to be.') } },
  responses: { 200: json(moderatorSchema, 'Done.'), ...changeErrors },
});

export function namespaceEndpoints(app: V1App, deps: Deps): void {
  app.openapi(banRoute, async (c) => {
    const ban = await banNamespace(deps, c.get('actor'), { ...c.req.valid('param'), ...c.req.valid('json') });
    return c.json(ban, 200);
  });
  app.openapi(unbanRoute, async (c) => {
    const ended = await unbanNamespace(deps, c.get('actor'), { ...c.req.valid('param'), ...c.req.valid('json') });
    return c.json(ended, 200);
  });
  app.openapi(moderatorRoute, async (c) => {
    const { moderator } = c.req.valid('json');
    await setModerator(deps, c.get('actor'), { ...c.req.valid('param'), moderator });
    return c.json({ moderator }, 200);
  });
}
