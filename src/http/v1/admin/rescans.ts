import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import type { Deps } from '../../../core/deps.ts';
import { getRescan, type Rescan, startRescan } from '../../../core/moderation/start-rescan.ts';
import { json, problems } from '../../kit/openapi.ts';
import { rescanSchema } from '../admin-schemas.ts';
import type { V1App } from '../app.ts';
import { problemSchema } from '../schemas.ts';
import { isoTime } from '../wire.ts';
import { admin, NO_STORE } from './common.ts';

const startRoute = createRoute({
  ...admin,
  method: 'post',
  path: '/admin/rescans',
  summary: 'Examine every public version again that older rules have judged',
  description: 'In steps, behind what is being published. The hub does so by itself when its rules have changed.',
  responses: {
    200: json(rescanSchema, 'One runs already.'),
    202: json(rescanSchema, 'Started.'),
    ...problems(problemSchema, 401, 403, 409),
  },
});

const statusRoute = createRoute({
  ...admin,
  method: 'get',
  path: '/admin/rescans/{id}',
  summary: 'How far a rescan has come',
  request: { params: z.object({ id: z.string().max(64) }) },
  responses: { 200: json(rescanSchema, 'What was asked for so far.'), ...problems(problemSchema, 401, 403, 404) },
});

export function rescanEndpoints(app: V1App, deps: Deps): void {
  app.openapi(startRoute, async (c) => {
    const { rescan, started } = await startRescan(deps, c.get('actor'));
    return c.json(toWire(rescan), started ? 202 : 200);
  });
  app.openapi(statusRoute, async (c) => {
    const rescan = await getRescan(deps, c.get('actor'), c.req.valid('param').id);
    return c.json(toWire(rescan), 200, NO_STORE);
  });
}

function toWire({ id, engineVersion, state, queued, createdAt, updatedAt }: Rescan) {
  return {
    id,
    state,
    engine_version: engineVersion,
    queued,
    created_at: isoTime(createdAt),
    updated_at: isoTime(updatedAt),
  };
}
