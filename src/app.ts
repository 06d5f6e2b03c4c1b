import { Hono } from 'hono';
import { etag } from 'hono/etag';
import { secureHeaders } from 'hono/secure-headers';
import type { Deps } from './core/deps.ts';
import { type ResponseCache, readCache } from './http/kit/read-cache.ts';
import type { HubEnv } from './http/kit/types.ts';
import { v1 } from './http/v1/index.ts';

export type AppDeps = Deps & { cache: ResponseCache };

/** The whole hub as a function of what it stands on: every dialect under its prefix. */
export function createApp(deps: AppDeps): Hono<HubEnv> {
  const app = new Hono<HubEnv>();
  app.use(etag({ retainedHeaders: ['cache-control', 'etag', 'vary', 'date', 'expires', 'content-location'] }));
  app.use(readCache(deps.cache));
  app.use(secureHeaders({ crossOriginResourcePolicy: 'cross-origin' }));
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/', (c) => c.redirect('/v1/docs'));
  app.route('/v1', v1(deps));
  app.onError((error, c) => {
    deps.log.error('request.failed', { cause: error.message, stack: error.stack });
    return c.text('The hub could not answer this request.\n', 500);
  });
  app.all('*', (c) => c.text('Nothing here. The API is under /v1; see /v1/docs.\n', 404));
  return app;
}
