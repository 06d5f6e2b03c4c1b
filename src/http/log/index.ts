import { Hono } from 'hono';
import type { Deps } from '../../core/deps.ts';
import { describeFault } from '../../core/fault.ts';
import { openTile } from '../../core/log/open-tile.ts';
import { showCheckpoint } from '../../core/log/show-checkpoint.ts';
import { Problem } from '../../core/problem.ts';
import type { HubEnv } from '../kit/types.ts';

const TEXT = 'text/plain; charset=utf-8';

/** The transparency log as C2SP tlog-tiles, to be mounted at `/log`. */
export function log(deps: Deps): Hono<HubEnv> {
  const app = new Hono<HubEnv>();
  app.get('/checkpoint', async (c) => {
    const { checkpoint } = await showCheckpoint(deps);
    return c.body(checkpoint, 200, { 'Content-Type': TEXT, 'Cache-Control': 'no-cache' });
  });
  app.get('/tile/*', async (c) => {
    const stored = await openTile(deps, c.req.path.slice(c.req.path.indexOf('/tile/') + 1));
    if (!stored) return c.body('There is no such tile.\n', 404, { 'Content-Type': TEXT });
    return c.body(stored.body, 200, {
      'Content-Type': 'application/octet-stream',
      'Content-Length': String(stored.size),
      'Cache-Control': 'public, max-age=31536000, immutable',
    });
  });
  app.all('*', (c) =>
    c.body('Only GET of `checkpoint` and `tile/…` is answered here.\n', 404, { 'Content-Type': TEXT }),
  );
  app.onError((error, c) => {
    if (error instanceof Problem) return c.body(`${error.message}\n`, error.status, { 'Content-Type': TEXT });
    deps.log.error('request.failed', { ...describeFault(error) });
    return c.body('The hub could not answer this request.\n', 500, { 'Content-Type': TEXT });
  });
  return app;
}
