import { Hono } from 'hono';
import type { Deps } from './core/deps.ts';
import { describeFault } from './core/fault.ts';
import { clawhubDiscovery } from './http/clawhub/discovery.ts';
import { clawhub } from './http/clawhub/index.ts';
import { clawhubLegacy } from './http/clawhub/legacy.ts';
import { credentialHeaders } from './http/hub/auth.ts';
import { hub } from './http/hub/index.ts';
import { withReadCache } from './http/kit/read-cache.ts';
import type { ResponseCache } from './http/kit/response-cache.ts';
import type { HubEnv } from './http/kit/types.ts';
import { v1 } from './http/v1/index.ts';
import { wellKnown } from './http/well-known/index.ts';

export type AppDeps = Deps & { cache: ResponseCache };
export type App = (request: Request) => Response | Promise<Response>;

/** The whole hub as a function of what it stands on: every dialect under its prefix, behind the cache in memory. */
export function createApp(deps: AppDeps): App {
  const app = new Hono<HubEnv>();
  app.use(async (c, next) => {
    await next();
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Referrer-Policy', 'no-referrer');
  });
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/', (c) => c.redirect('/v1/docs'));
  app.route('/v1', v1(deps));
  app.route(deps.settings.skillHub.apiPrefix, hub(deps, 'keyed'));
  app.route(deps.settings.skillHub.legacyApiPrefix, hub(deps, 'open'));
  app.route('/', wellKnown(deps));
  app.route('/', clawhubDiscovery(deps));
  // After every other dialect under /api: these answer whatever they leave.
  app.route('/api/v1', clawhub(deps));
  app.route('/api', clawhubLegacy(deps));
  app.onError((error, c) => {
    deps.log.error('request.failed', { ...describeFault(error) });
    return c.text('The hub could not answer this request.\n', 500);
  });
  app.all('*', (c) => c.text('Nothing here. The API is under /v1; see /v1/docs.\n', 404));
  return withReadCache(deps.cache, (request) => app.fetch(request), credentialHeaders(deps.settings.skillHub));
}
