import { Hono } from 'hono';
import type { Deps } from './core/deps.ts';
import { describeFault } from './core/fault.ts';
import { clawhubDiscovery } from './http/clawhub/discovery.ts';
import { clawhub } from './http/clawhub/index.ts';
import { clawhubLegacy } from './http/clawhub/legacy.ts';
import { credentialHeaders } from './http/hub/auth.ts';
import { hub } from './http/hub/index.ts';
import { downloadNoter } from './http/kit/count-download.ts';
import { withRateLimits } from './http/kit/rate-limit.ts';
import { withReadCache } from './http/kit/read-cache.ts';
import type { ResponseCache } from './http/kit/response-cache.ts';
import type { HubEnv } from './http/kit/types.ts';
import { log } from './http/log/index.ts';
import { spmExtras } from './http/spm/extras.ts';
import { spm } from './http/spm/index.ts';
import { v1 } from './http/v1/index.ts';
import { wellKnown } from './http/well-known/index.ts';
import { ui } from './ui/index.ts';

export type AppDeps = Deps & { cache: ResponseCache };
export type App = (request: Request) => Response | Promise<Response>;

/** Every dialect under its prefix; `routes` of the answer lists all that the hub answers to. */
export function createRouter(deps: Deps): Hono<HubEnv> {
  const app = new Hono<HubEnv>();
  app.use(async (c, next) => {
    await next();
    // Each `c.header` would make a new answer of this one by now.
    const { headers } = c.res;
    headers.set('X-Content-Type-Options', 'nosniff');
    headers.set('Referrer-Policy', 'no-referrer');
    // Other sites may ask by CORS where a dialect lets them; as their image, script or style nothing of the hub is of use.
    headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  });
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/', (c) => c.redirect('/v1/docs'));
  app.route('/v1', v1(deps));
  app.route('/log', log(deps));
  app.route(deps.settings.skillHub.apiPrefix, hub(deps, 'keyed'));
  app.route(deps.settings.skillHub.legacyApiPrefix, hub(deps, 'open'));
  app.route('/', ui(deps));
  app.route('/', wellKnown(deps));
  app.route('/', clawhubDiscovery(deps));
  // After every other dialect under /api: these answer whatever they leave.
  app.route('/api/v1', spm(deps, deps.clock.now()));
  app.route('/api/v1', clawhub(deps, spmExtras));
  app.route('/api', clawhubLegacy(deps));
  app.onError((error, c) => {
    deps.log.error('request.failed', { ...describeFault(error) });
    return c.text('The hub could not answer this request.\n', 500);
  });
  app.all('*', (c) => c.text('Nothing here. The API is under /v1; see /v1/docs.\n', 404));
  return app;
}

/** The whole hub as a function of what it stands on: its router, behind limits and a cache in memory. */
export function createApp(deps: AppDeps): App {
  const app = createRouter(deps);
  const credentials = credentialHeaders(deps.settings.skillHub);
  const router = (request: Request, env: HubEnv['Bindings']) => app.fetch(request, env);
  const cached = withReadCache(deps.cache, router, credentials, downloadNoter(deps));
  return withRateLimits(deps, cached, router, credentials);
}
