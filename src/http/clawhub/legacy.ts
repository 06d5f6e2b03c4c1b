import type { Deps } from '../../core/deps.ts';
import { Problem } from '../../core/problem.ts';
import { requireKey } from '../kit/auth.ts';
import { type ClawhubApp, clawhubBase } from './app.ts';
import { deviceEndpoints } from './device.ts';
import { downloadEndpoint } from './download.ts';
import { textError } from './text-error.ts';
import { userOf } from './whoami.ts';

/**
 * The paths from before `/api/v1`, to be mounted at `/api` after every other dialect there. Of those clients still ask
 * for the login by device code, and send reports of what was installed, which are taken and forgotten.
 */
export function clawhubLegacy(deps: Deps): ClawhubApp {
  const app = clawhubBase(deps);
  downloadEndpoint(app, deps);
  app.get('/cli/whoami', requireKey, (c) => c.json({ user: userOf(c.get('actor')) }, 200, NEVER_KEPT));
  app.on('POST', ['/cli/telemetry/install', '/cli/telemetry/sync'], (c) => c.json({ ok: true }, 200, NEVER_KEPT));
  deviceEndpoints(app, deps);
  app.all('*', (c) => textError(new Problem('not_found', `There is no ${c.req.method} ${c.req.path} on this hub.`)));
  return app;
}

const NEVER_KEPT = { 'Cache-Control': 'no-store' };
