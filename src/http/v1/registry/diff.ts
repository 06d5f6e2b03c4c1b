import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { diffVersions } from '../../../core/catalog/diff-versions.ts';
import type { Deps } from '../../../core/deps.ts';
import type { FileDiff } from '../../../format/file-diff.ts';
import { setCaching } from '../../kit/caching.ts';
import { json, problems } from '../../kit/openapi.ts';
import type { V1App } from '../app.ts';
import { diffSchema, problemSchema } from '../schemas.ts';
import { skillParams, versionCaching } from './params.ts';

const version = z.string().max(128).optional();

const route = createRoute({
  method: 'get',
  path: '/packages/{namespace}/{name}/diff',
  tags: ['Reading'],
  summary: 'What changed from one version to another',
  request: {
    params: skillParams,
    query: z.object({
      from: version.meta({ description: 'A version, tag or range; default the one before `to`.' }),
      to: version.meta({ description: 'The same; default the newest.' }),
    }),
  },
  responses: {
    200: json(diffSchema, 'The files that differ, `SKILL.md` first; `manifest.json` is never among them.'),
    ...problems(problemSchema, 400, 401, 404),
  },
});

export function diffEndpoint(app: V1App, deps: Deps): void {
  app.openapi(route, async (c) => {
    const diff = await diffVersions(deps, c.get('actor'), { ...c.req.valid('param'), ...c.req.valid('query') });
    const { from, to } = diff;
    const { from: named, to: alsoNamed } = c.req.valid('query');
    const pinned = named === from.version.version && alsoNamed === to.version.version;
    setCaching(c, versionCaching({ ...to, pinned }));
    return c.json({ from: from.version.version, to: to.version.version, files: diff.files.map(toWire) }, 200);
  });
}

function toWire({ path, status, binary, hunks }: FileDiff): z.infer<typeof diffSchema>['files'][number] {
  const wire = hunks.map(({ oldStart, oldLines, newStart, newLines, lines }) => ({
    old_start: oldStart,
    old_lines: oldLines,
    new_start: newStart,
    new_lines: newLines,
    lines,
  }));
  return { path, status, binary, hunks: wire };
}
