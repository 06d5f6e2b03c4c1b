import type { Deps } from '../../core/deps.ts';
import { OWN_PATHS, type SpmApp, spmBase } from './app.ts';
import { documentEndpoint } from './document.ts';
import { errorAnswer, noSuchEndpoint } from './envelope.ts';
import { aboutEndpoints } from './health.ts';
import { publishEndpoint } from './publish.ts';
import { describeSharedPaths } from './shared-paths.ts';
import { tagsEndpoint } from './tags.ts';
import { tokenEndpoints } from './tokens.ts';
import { versionEndpoints } from './version.ts';

/**
 * The dialect of the Skills Package Manager, to be mounted at `/api/v1` before the one that has the rest of that prefix.
 *
 * @param startedAt when the hub began to answer, in milliseconds since the epoch
 */
export function spm(deps: Deps, startedAt: number): SpmApp {
  const app = spmBase(deps);
  describeSharedPaths(app);
  versionEndpoints(app, deps);
  publishEndpoint(app, deps);
  tagsEndpoint(app, deps);
  tokenEndpoints(app, deps);
  aboutEndpoints(app, deps, startedAt);
  documentEndpoint(app);
  for (const path of OWN_PATHS) app.all(path, (c) => errorAnswer(deps, noSuchEndpoint(c.req.method, c.req.path)));
  return app;
}
