import type { Deps } from '../../core/deps.ts';
import { Problem } from '../../core/problem.ts';
import { type ClawhubApp, clawhubBase } from './app.ts';
import { deleteEndpoints } from './delete-skill.ts';
import { docsEndpoint } from './docs.ts';
import { downloadEndpoint } from './download.ts';
import { type Extras, NO_EXTRAS } from './extras.ts';
import { fileEndpoint } from './file.ts';
import { installEndpoints } from './install.ts';
import { listSkillsEndpoint } from './list-skills.ts';
import { moderationEndpoint } from './moderation.ts';
import { packageEndpoints } from './packages.ts';
import { publishEndpoint } from './publish-skill.ts';
import { publisherEndpoint } from './publishers.ts';
import { renameEndpoints } from './rename.ts';
import { reportEndpoints } from './reports.ts';
import { resolveEndpoint } from './resolve.ts';
import { scanEndpoints } from './scan.ts';
import { searchEndpoint } from './search.ts';
import { skillEndpoints } from './skill.ts';
import { starEndpoints } from './stars.ts';
import { tagEndpoints } from './tags.ts';
import { textError } from './text-error.ts';
import { transferEndpoints } from './transfers.ts';
import { trendingEndpoint } from './trending.ts';
import { uploadEndpoints } from './upload-file.ts';
import { verdictsEndpoint } from './verdicts.ts';
import { verifyEndpoint } from './verify.ts';
import { versionEndpoints } from './versions.ts';
import { whoamiEndpoint } from './whoami.ts';

/**
 * The ClawHub dialect, to be mounted at `/api/v1`.
 *
 * @param extras what another dialect adds to answers on paths that both have
 */
export function clawhub(deps: Deps, extras: Extras = NO_EXTRAS): ClawhubApp {
  const app = clawhubBase(deps);
  // What is under `/skills/-/` comes before `/skills/{slug}`: `-` is no slug.
  verdictsEndpoint(app, deps);
  uploadEndpoints(app, deps);
  reportEndpoints(app, deps);
  scanEndpoints(app, deps);
  whoamiEndpoint(app);
  searchEndpoint(app, deps, extras);
  listSkillsEndpoint(app, deps, extras);
  skillEndpoints(app, deps, extras);
  moderationEndpoint(app, deps);
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
  renameEndpoints(app, deps);
  tagEndpoints(app, deps);
  transferEndpoints(app, deps);
  publisherEndpoint(app, deps);
  docsEndpoint(app);
  app.all('*', (c) => textError(new Problem('not_found', `There is no ${c.req.method} ${c.req.path} on this hub.`)));
  return app;
}
