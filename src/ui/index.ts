import type { Hono } from 'hono';
import type { Deps } from '../core/deps.ts';
import type { HubEnv } from '../http/kit/types.ts';
import { devicePages } from './device/index.tsx';
import { pages } from './guard.tsx';
import { loopbackPages } from './loopback/index.tsx';

/** The hub's pages for people, to be mounted at the root before whatever takes any path there. */
export function ui(deps: Deps): Hono<HubEnv> {
  const app = pages(deps, ['/cli/device', '/cli/auth']);
  devicePages(app, deps);
  loopbackPages(app, deps);
  return app;
}
