import type { Deps } from '../../core/deps.ts';
import { Problem } from '../../core/problem.ts';
import { problemJson } from '../kit/problem-json.ts';
import { type V1App, v1Base } from './app.ts';
import { docsEndpoints } from './docs/docs.ts';
import { createNamespaceEndpoint } from './registry/create-namespace.ts';
import { downloadEndpoints } from './registry/download.ts';
import { healthEndpoint } from './registry/health.ts';
import { jobEndpoint } from './registry/job.ts';
import { keyEndpoints } from './registry/keys.ts';
import { linkEndpoint } from './registry/link.ts';
import { loginEndpoints } from './registry/login.ts';
import { packageEndpoints } from './registry/package.ts';
import { publishEndpoint } from './registry/publish.ts';
import { registryKeysEndpoint } from './registry/registry-keys.ts';
import { searchEndpoint } from './registry/search.ts';
import { whoamiEndpoint } from './registry/whoami.ts';
import { yankEndpoints } from './registry/yank.ts';

/** The `/v1` dialect, to be mounted there. */
export function v1(deps: Deps): V1App {
  const app = v1Base(deps);
  createNamespaceEndpoint(app, deps);
  loginEndpoints(app, deps);
  registryKeysEndpoint(app, deps);
  keyEndpoints(app, deps);
  whoamiEndpoint(app);
  publishEndpoint(app, deps);
  jobEndpoint(app, deps);
  searchEndpoint(app, deps);
  packageEndpoints(app, deps);
  downloadEndpoints(app, deps);
  yankEndpoints(app, deps);
  linkEndpoint(app, deps);
  healthEndpoint(app, deps);
  docsEndpoints(app);
  app.all('*', (c) =>
    problemJson(new Problem('not_found', `There is no ${c.req.method} ${c.req.path}.`, { fix: 'See /v1/docs.' })),
  );
  return app;
}
