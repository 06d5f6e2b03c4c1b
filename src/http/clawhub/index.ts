import type { Deps } from '../../core/deps.ts';
import { Problem } from '../../core/problem.ts';
import { type ClawhubApp, clawhubBase } from './app.ts';
import { deleteEndpoints } from './delete-skill.ts';
import { docsEndpoint } from './docs.ts';
import { downloadEndpoint } from './download.ts';
import { fileEndpoint } from './file.ts';
import { installEndpoints } from './install.ts';
import { listSkillsEndpoint } from './list-skills.ts';
import { packageEndpoints } from './packages.ts';
import { publishEndpoint } from './publish-skill.ts';
import { resolveEndpoint } from './resolve.ts';
import { searchEndpoint } from './search.ts';
import { skillEndpoints } from './skill.ts';
import { starEndpoints } from './stars.ts';
import { textError } from './text-error.ts';
import { trendingEndpoint } from './trending.ts';
import { uploadEndpoints } from './upload-file.ts';
import { verdictsEndpoint } from './verdicts.ts';
import { verifyEndpoint } from './verify.ts';
import { versionEndpoints } from './versions.ts';
import { whoamiEndpoint } from './whoami.ts';

/** The ClawHub dialect, to be mounted at `/api/v1`. */
export function clawhub(deps: Deps): ClawhubApp {
  const app = clawhubBase(deps);
  // What is under `/skills/-/` comes before `/skills/{slug}`: `-` is no slug.
  verdictsEndpoint(app, deps);
  uploadEndpoints(app, deps);
  whoamiEndpoint(app);
  searchEndpoint(app, deps);
  listSkillsEndpoint(app, deps);
  skillEndpoints(app, deps);
  versionEndpoints(app, deps);
  fileEndpoint(app, deps);
  downloadEndpoint(app, deps);
  resolveEndpoint(app, deps);
  installEndpoints(app, deps);
  verifyEndpoint(app, deps);
  trendingEndpoint(app, deps);
  packageEndpoints(app);
  publishEndpoint(app, deps);
  deleteEndpoints(app, deps);
  starEndpoints(app, deps);
  docsEndpoint(app);
  app.all('*', (c) => textError(new Problem('not_found', `There is no ${c.req.method} ${c.req.path} on this hub.`)));
  return app;
}
