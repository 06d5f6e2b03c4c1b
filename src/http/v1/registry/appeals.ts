import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import type { Deps } from '../../../core/deps.ts';
import { appealJob, appealSkill } from '../../../core/moderation/appeal.ts';
import { listAppeals } from '../../../core/moderation/list-appeals.ts';
import { requireKey } from '../../kit/auth.ts';
import { json, problems } from '../../kit/openapi.ts';
import { changeErrors, NO_STORE, page } from '../admin/common.ts';
import { appealedSchema, appealSchema, appealsSchema } from '../admin-schemas.ts';
import type { V1App } from '../app.ts';
import { problemSchema } from '../schemas.ts';
import { isoTime } from '../wire.ts';
import { skillParams } from './params.ts';

const common = { tags: ['Publishing'], security: [{ key: [] }], middleware: requireKey };
const body = { required: true, ...json(appealSchema, 'Why the decision is wrong.') };
const responses = { 201: json(appealedSchema, 'A person will look at it; the answer is mailed.'), ...changeErrors };

const jobRoute = createRoute({
  ...common,
  method: 'post',
  path: '/jobs/{id}/appeal',
  summary: 'Appeal against a quarantine or a rejection',
  request: { params: z.object({ id: z.string().max(64) }), body },
  responses,
});

const skillRoute = createRoute({
  ...common,
  method: 'post',
  path: '/packages/{namespace}/{name}/appeal',
  summary: 'Appeal against the hiding of a skill',
  request: { params: skillParams, body },
  responses,
});

const listRoute = createRoute({
  ...common,
  method: 'get',
  path: '/appeals',
  summary: 'The appeals of your namespaces, with their answers',
  request: { query: page },
  responses: { 200: json(appealsSchema, 'A page, oldest first.'), ...problems(problemSchema, 400, 401, 403) },
});

export function appealEndpoints(app: V1App, deps: Deps): void {
  app.openapi(jobRoute, async (c) => {
    const id = await appealJob(deps, c.get('actor'), { ...c.req.valid('param'), ...c.req.valid('json') });
    return c.json({ id, state: 'open' as const }, 201);
  });
  app.openapi(skillRoute, async (c) => {
    const id = await appealSkill(deps, c.get('actor'), { ...c.req.valid('param'), ...c.req.valid('json') });
    return c.json({ id, state: 'open' as const }, 201);
  });
  app.openapi(listRoute, async (c) => {
    const { appeals, next } = await listAppeals(deps, c.get('actor'), c.req.valid('query'));
    return c.json({ appeals: appeals.map(toWire), next }, 200, NO_STORE);
  });
}

type Row = Awaited<ReturnType<typeof listAppeals>>['appeals'][number];

function toWire({ appeal, name, version }: Row) {
  const { id, namespace, jobId, text, state, answer, createdAt, decidedAt } = appeal;
  return {
    id,
    namespace,
    name,
    version,
    job_id: jobId,
    text,
    state,
    answer,
    created_at: isoTime(createdAt),
    decided_at: decidedAt === null ? null : isoTime(decidedAt),
  };
}
