import type { Deps } from '../../core/deps.ts';
import { Problem } from '../../core/problem.ts';
import { problemJson } from '../kit/problem-json.ts';
import { adminEndpoints } from './admin/index.ts';
import { type V1App, v1Base } from './app.ts';
import { docsEndpoints } from './docs/docs.ts';
import { appealEndpoints } from './registry/appeals.ts';
import { certificateEndpoints } from './registry/certificate.ts';
import { createNamespaceEndpoint } from './registry/create-namespace.ts';
import { deprecationEndpoints } from './registry/deprecation.ts';
import { deviceLoginEndpoints } from './registry/device-login.ts';
import { diffEndpoint } from './registry/diff.ts';
import { downloadEndpoints } from './registry/download.ts';
import { downloadsEndpoint } from './registry/downloads.ts';
import { findingsEndpoint } from './registry/findings.ts';
import { healthEndpoint } from './registry/health.ts';
import { jobEndpoint } from './registry/job.ts';
import { keyEndpoints } from './registry/keys.ts';
import { linkEndpoint } from './registry/link.ts';
import { logEndpoints } from './registry/log.ts';
import { loginEndpoints } from './registry/login.ts';
import { packageEndpoints } from './registry/package.ts';
import { pgpKeyEndpoints } from './registry/pgp-keys.ts';
import { publishEndpoint } from './registry/publish.ts';
import { registryKeysEndpoint } from './registry/registry-keys.ts';
import { rotateKeyEndpoints } from './registry/rotate-key.ts';
import { searchEndpoint } from './registry/search.ts';
import { starEndpoints } from './registry/stars.ts';
import { tagEndpoints } from './registry/tags.ts';
import { transferEndpoints } from './registry/transfers.ts';
import { whoamiEndpoint } from './registry/whoami.ts';
import { yankEndpoints } from './registry/yank.ts';

/** The `/v1` dialect, to be mounted there. */
export function v1(deps: Deps): V1App {
  const app = v1Base(deps);
  createNamespaceEndpoint(app, deps);
  loginEndpoints(app, deps);
  deviceLoginEndpoints(app, deps);
  registryKeysEndpoint(app, deps);
  keyEndpoints(app, deps);
  certificateEndpoints(app, deps);
  rotateKeyEndpoints(app, deps);
  pgpKeyEndpoints(app, deps);
  whoamiEndpoint(app);
  publishEndpoint(app, deps);
  jobEndpoint(app, deps);
  appealEndpoints(app, deps);
  searchEndpoint(app, deps);
  // Before the versions of a skill: `downloads` is none.
  downloadsEndpoint(app, deps);
  // As is `diff`.
  diffEndpoint(app, deps);
  packageEndpoints(app, deps);
  findingsEndpoint(app, deps);
  downloadEndpoints(app, deps);
  yankEndpoints(app, deps);
  deprecationEndpoints(app, deps);
  tagEndpoints(app, deps);
  starEndpoints(app, deps);
  transferEndpoints(app, deps);
  logEndpoints(app, deps);
  linkEndpoint(app, deps);
  adminEndpoints(app, deps);
  healthEndpoint(app, deps);
  docsEndpoints(app);
  app.all('*', (c) =>
    problemJson(new Problem('not_found', `There is no ${c.req.method} ${c.req.path}.`, { fix: 'See /v1/docs.' })),
  );
  return app;
}
