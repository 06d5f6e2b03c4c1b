import { readFile } from '../../core/catalog/read-file.ts';
import type { Deps } from '../../core/deps.ts';
import { sha256Hex } from '../../format/digest.ts';
import { binary } from '../kit/openapi.ts';
import { pathParam } from './address.ts';
import type { WellKnownApp } from './app.ts';
import { describe } from './describe.ts';
import { cache } from './headers.ts';
import type { Scope } from './scopes.ts';

const PATH = '/.well-known/skills/:file_of/:file{.+}';

/** The files that an index of version 0.1 names. */
export function fileEndpoint(app: WellKnownApp, deps: Deps, scope: Scope): void {
  const path = `${scope.path}${PATH}`;
  describe(app, scope, path, `A file of ${scope.summary}`, binary('The file.', 'text/plain'), {
    file_of: 'The name of a skill in the index.',
    file: 'A path in its list of files.',
  });
  app.get(path, async (c) => {
    const { actor, skills, caching } = await scope.select(c, pathParam(c, 'file_of'));
    const [skill] = skills;
    if (!skill) throw new Error('a scope was asked for one skill and answered with none');
    const file = pathParam(c, 'file');
    const { bytes } = await readFile(deps, actor, skill, file);
    cache(c, caching === 'never' ? caching : { ...caching, etag: await sha256Hex(bytes) });
    return c.body(new Uint8Array(bytes), 200, { 'Content-Type': typeOf(file, bytes) });
  });
}

/** Nothing that a browser would run: what publishers upload has no place in the hub's own origin. */
function typeOf(path: string, bytes: Uint8Array): string {
  if (path.endsWith('.md')) return 'text/markdown; charset=utf-8';
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return bytes.includes(0) ? 'application/octet-stream' : 'text/plain; charset=utf-8';
  } catch {
    return 'application/octet-stream';
  }
}
