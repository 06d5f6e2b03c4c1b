import { skillTag } from '../../core/catalog/keys.ts';
import { openBundle } from '../../core/catalog/open-bundle.ts';
import type { Deps } from '../../core/deps.ts';
import { countDownload } from '../kit/count-download.ts';
import { binary } from '../kit/openapi.ts';
import { pathParam } from './address.ts';
import type { WellKnownApp } from './app.ts';
import { describe } from './describe.ts';
import { cache } from './headers.ts';
import type { SkillScope } from './scopes.ts';

/** The canonical archive of a version: what the digest in an index of version 0.2 speaks of. */
export function artifactEndpoint(app: WellKnownApp, deps: Deps, scope: SkillScope): void {
  const path = `${scope.path}/.well-known/agent-skills/:archive{.+\\.tar\\.gz}`;
  describe(app, scope, path, `An archive of ${scope.summary}`, binary('The archive.', 'application/gzip'), {
    archive: '`<version>.tar.gz`.',
  });
  app.get(path, async (c) => {
    const { actor, address, isLink } = await scope.open(c);
    const version = pathParam(c, 'archive').replace(/\.tar\.gz$/, '');
    const opened = await openBundle(deps, actor, { ...address, version }, 'tar.gz');
    const { stored, sha256, skill, pinned } = opened;
    const tags = [skillTag(skill.namespace, skill.name)];
    cache(c, isLink ? 'never' : { public: skill.visibility === 'public', pinned, tags, etag: sha256 });
    countDownload(c, opened.version);
    c.header('Content-Type', 'application/gzip');
    c.header('Content-Length', String(stored.size));
    return c.body(stored.body);
  });
}
