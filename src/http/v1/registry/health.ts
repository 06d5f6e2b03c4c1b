import { createRoute } from '@hono/zod-openapi';
import type { Deps } from '../../../core/deps.ts';
import { checkHealth, type Health } from '../../../core/health.ts';
import { json } from '../../kit/openapi.ts';
import type { V1App } from '../app.ts';
import { healthSchema } from '../schemas.ts';

const route = createRoute({
  method: 'get',
  path: '/health',
  tags: ['Reading'],
  summary: 'The state of database, bucket and queue',
  responses: {
    200: json(healthSchema, 'The hub works; `degraded` when jobs are late.'),
    503: json(healthSchema, 'Something does not answer.'),
  },
});

export function healthEndpoint(app: V1App, deps: Deps): void {
  app.openapi(route, async (c) => {
    const health = await checkHealth(deps);
    const status = summary(health);
    return c.json({ status, ...health }, status === 'failing' ? 503 : 200, { 'Cache-Control': 'no-store' });
  });
}

function summary({ database, bundles, queue }: Health): 'ok' | 'degraded' | 'failing' {
  if (database === 'failing' || bundles === 'failing') return 'failing';
  return queue === 'ok' ? 'ok' : 'degraded';
}
