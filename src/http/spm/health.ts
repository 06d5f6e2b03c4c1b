import { createRoute } from '@hono/zod-openapi';
import type { Deps } from '../../core/deps.ts';
import { checkHealth } from '../../core/health.ts';
import { json } from '../kit/openapi.ts';
import type { SpmApp } from './app.ts';
import { ok } from './envelope.ts';
import { apiVersionSchema, healthSchema } from './schemas.ts';
import { isoTime } from './wire.ts';

/** Of the contract that this dialect follows. */
export const API_VERSION = '1.0.0';

const healthRoute = createRoute({
  method: 'get',
  path: '/health',
  tags: ['About'],
  summary: 'Whether the hub works',
  responses: { 200: json(healthSchema, 'It does.'), 503: json(healthSchema, 'Something does not answer.') },
});

const versionRoute = createRoute({
  method: 'get',
  path: '/version',
  tags: ['About'],
  summary: 'The version of this API',
  responses: { 200: json(apiVersionSchema, 'The version.') },
});

/** @param startedAt when the hub began to answer, in milliseconds since the epoch */
export function aboutEndpoints(app: SpmApp, deps: Deps, startedAt: number): void {
  app.openapi(healthRoute, async (c) => {
    const { database, bundles } = await checkHealth(deps);
    const healthy = database === 'ok' && bundles === 'ok';
    const now = deps.clock.now();
    const uptime = Math.max(0, Math.floor((now - startedAt) / 1000));
    const data = { api: 'ok' as const, database, storage: bundles, timestamp: isoTime(now), uptime };
    const status = healthy ? ('healthy' as const) : ('degraded' as const);
    return c.json({ success: healthy, status, data }, healthy ? 200 : 503, { 'Cache-Control': 'no-store' });
  });
  app.openapi(versionRoute, (c) => c.json(ok({ api: API_VERSION, status: 'stable' as const }), 200));
}
