import type { MiddlewareHandler } from 'hono';
import type { Deps } from '../../core/deps.ts';
import { Problem } from '../../core/problem.ts';
import { identify } from '../kit/auth.ts';
import { openToAll } from '../kit/cors.ts';
import { problemJson } from '../kit/problem-json.ts';
import { admit } from '../kit/rate-meter.ts';
import type { HubEnv } from '../kit/types.ts';
import { type WellKnownApp, wellKnownBase } from './app.ts';
import { artifactEndpoint } from './artifact.ts';
import { fileEndpoint } from './file.ts';
import { indexEndpoints } from './index-files.ts';
import { linkScope, ownerScope, rootScope, skillScope } from './scopes.ts';
import { SEARCH_PATH, searchEndpoint } from './search.ts';

const OWN_PATHS = [
  '/.well-known/agent-skills/*',
  '/.well-known/skills/*',
  '/:owner/.well-known/agent-skills/*',
  '/:owner/.well-known/skills/*',
  '/:namespace/:skill/.well-known/agent-skills/*',
  '/:namespace/:skill/.well-known/skills/*',
  SEARCH_PATH,
];
const LINKS = '/t/*';

/** Discovery and `/api/search`, to be mounted at the root before the dialects under `/api`: it takes its own paths only. */
export function wellKnown(deps: Deps): WellKnownApp {
  const app = wellKnownBase(deps);
  const readable = openToAll({ allowMethods: ['GET', 'HEAD'], exposeHeaders: ['ETag'] });
  // Links come first: `/t` would pass for a namespace.
  const link = linkScope(deps);
  app.use(LINKS, readable, throughLink);
  indexEndpoints(app, deps, link);
  artifactEndpoint(app, deps, link);
  fileEndpoint(app, deps, link);
  app.all(LINKS, ({ req }) => problemJson(nothingAt(req)));

  for (const path of OWN_PATHS) app.use(path, readable, identify(deps));
  const skill = skillScope(deps);
  for (const scope of [rootScope(deps), ownerScope(deps), skill]) {
    indexEndpoints(app, deps, scope);
    fileEndpoint(app, deps, scope);
  }
  artifactEndpoint(app, deps, skill);
  searchEndpoint(app, deps);
  for (const path of OWN_PATHS) app.all(path, ({ req }) => problemJson(nothingAt(req)));
  return app;
}

/** The link is the only right that counts, and nobody keeps what it opens. */
const throughLink: MiddlewareHandler<HubEnv> = async (c, next) => {
  c.set('actor', await admit(c.env.meter));
  await next();
  c.header('Cache-Control', 'private, no-store');
};

function nothingAt({ method, path }: { method: string; path: string }): Problem {
  return new Problem('not_found', `There is no ${method} ${path}.`, { fix: 'See docs/clients/skills.md.' });
}
