import { Hono } from 'hono';
import type { Deps } from '../../core/deps.ts';
import { openToAll } from '../kit/cors.ts';
import type { HubEnv } from '../kit/types.ts';
import { originOf } from './params.ts';

/** What the clients ask a site for when they are told no registry: to be mounted at the root. */
export function clawhubDiscovery(deps: Deps): Hono<HubEnv> {
  const app = new Hono<HubEnv>();
  const readable = openToAll();
  app.on('GET', ['/.well-known/clawhub.json', '/.well-known/clawdhub.json'], readable, (c) => {
    const origin = originOf(c, deps);
    return c.json({ apiBase: origin, authBase: origin, minCliVersion: '0.1.0' }, 200, {
      'Cache-Control': 'public, max-age=30',
    });
  });
  return app;
}
