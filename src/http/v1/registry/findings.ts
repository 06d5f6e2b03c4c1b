import { createRoute } from '@hono/zod-openapi';
import type { Deps } from '../../../core/deps.ts';
import { getVetted } from '../../../core/vetting/vetted-version.ts';
import { setCaching } from '../../kit/caching.ts';
import { json, problems } from '../../kit/openapi.ts';
import type { V1App } from '../app.ts';
import { problemSchema, verdictSchema } from '../schemas.ts';
import { isoTime } from '../wire.ts';
import { versionCaching, versionParams } from './params.ts';

const route = createRoute({
  method: 'get',
  path: '/packages/{namespace}/{name}/{version}/findings',
  tags: ['Reading'],
  summary: 'What vetting found in a version, with its evidence',
  request: { params: versionParams },
  responses: {
    200: json(verdictSchema, 'Of its newest scan, else of its publication.'),
    ...problems(problemSchema, 400, 401, 404),
  },
});

export function findingsEndpoint(app: V1App, deps: Deps): void {
  app.openapi(route, async (c) => {
    const found = await getVetted(deps, c.get('actor'), c.req.valid('param'));
    const { namespace, name } = found.skill;
    // A version never changes, but what is thought of it may.
    setCaching(c, { ...versionCaching(found), pinned: false });
    const { verdict, version, passed, checkedAt, findings } = found.verdict;
    const body = {
      namespace,
      name,
      version,
      verdict,
      passed,
      checked_at: isoTime(checkedAt),
      findings,
    };
    return c.json(body, 200);
  });
}
