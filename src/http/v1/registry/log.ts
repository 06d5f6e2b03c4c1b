import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import type { Deps } from '../../../core/deps.ts';
import { proveVersion } from '../../../core/log/prove-version.ts';
import { showCheckpoint } from '../../../core/log/show-checkpoint.ts';
import { json, problems } from '../../kit/openapi.ts';
import type { V1App } from '../app.ts';
import { logCheckpointSchema, logProofSchema, problemSchema } from '../schemas.ts';
import { versionParams } from './params.ts';

const query = z.object({
  from: z.coerce
    .number()
    .int()
    .min(0)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .meta({ description: 'The size of the tree that you saw last: to prove that this one begins with it.' }),
});

const proofRoute = createRoute({
  method: 'get',
  path: '/log/proof/{namespace}/{name}/{version}',
  tags: ['Transparency log'],
  summary: 'Prove that a version is in the log',
  request: { params: versionParams, query },
  responses: {
    200: json(logProofSchema, 'The entry, a signed checkpoint, and what proves that the one holds the other.'),
    ...problems(problemSchema, 400, 401, 404),
  },
});

const checkpointRoute = createRoute({
  method: 'get',
  path: '/log/checkpoint',
  tags: ['Transparency log'],
  summary: 'The newest checkpoint of the log',
  description: 'The log itself is under `/log/`, in the form of C2SP tlog-tiles.',
  request: { query },
  responses: {
    200: json(logCheckpointSchema, 'At most ten minutes old.'),
    ...problems(problemSchema, 400, 404),
  },
});

export function logEndpoints(app: V1App, deps: Deps): void {
  app.openapi(proofRoute, async (c) => {
    const proof = await proveVersion(deps, c.get('actor'), c.req.valid('param'), c.req.valid('query').from);
    return c.json(proof, 200, { 'Cache-Control': 'private, no-store' });
  });
  app.openapi(checkpointRoute, async (c) => {
    return c.json(await showCheckpoint(deps, c.req.valid('query').from), 200, { 'Cache-Control': 'no-store' });
  });
}
