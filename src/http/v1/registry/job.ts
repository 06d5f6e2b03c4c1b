import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import type { Deps } from '../../../core/deps.ts';
import { readJob } from '../../../core/publishing/get-job.ts';
import { STAGES, type Stage, type StageResult } from '../../../db/schema/jobs.ts';
import { json, problems } from '../../kit/openapi.ts';
import type { V1App } from '../app.ts';
import { type JobBody, jobSchema, problemSchema } from '../schemas.ts';
import { isoTime } from '../wire.ts';

const route = createRoute({
  method: 'get',
  path: '/jobs/{id}',
  tags: ['Publishing'],
  summary: 'Follow a job, stage by stage',
  description:
    'Needs no key: the id cannot be guessed. What the examination and scanners found in a version that is not public is shown to keys of its namespace and to moderators. `pass` and `fail` are final; `quarantined` waits for a person.',
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: json(jobSchema, 'How far the job has come.'), ...problems(problemSchema, 404) },
});

export function jobEndpoint(app: V1App, deps: Deps): void {
  app.openapi(route, async (c) => {
    const { job, namespace, name, version } = await readJob(deps, c.get('actor'), c.req.valid('param').id);
    const body = {
      id: job.id,
      status: job.state,
      message: job.message,
      namespace,
      name,
      version,
      attempts: job.attempts,
      stages: stagesOf(deps, job.stages).map((stage) => stageToWire(stage, job.stages)),
      created_at: isoTime(job.createdAt),
      updated_at: isoTime(job.updatedAt),
    };
    return c.json(body, 200, { 'Cache-Control': 'no-store' });
  });
}

/** A hub without scanners has no such stage to wait for. */
function stagesOf({ scanners }: Deps, results: StageResult[]): Stage[] {
  const hasScanners = Boolean(scanners?.length) || results.some(({ stage }) => stage === 'scanners');
  return STAGES.filter((stage) => stage !== 'scanners' || hasScanners);
}

function stageToWire(stage: StageResult['stage'], results: StageResult[]): JobBody['stages'][number] {
  const result = results.find((candidate) => candidate.stage === stage);
  if (!result) return { stage, status: 'pending', ended_at: null, findings: [] };
  return { stage, status: result.status, ended_at: isoTime(result.endedAt), findings: result.findings };
}
