import { createRoute } from '@hono/zod-openapi';
import { setVisibility } from '../../../core/catalog/set-visibility.ts';
import { yankAll } from '../../../core/catalog/yank-all.ts';
import { unyankVersion, yankVersion } from '../../../core/catalog/yank-version.ts';
import type { Deps } from '../../../core/deps.ts';
import { requireKey } from '../../kit/auth.ts';
import { json, problems } from '../../kit/openapi.ts';
import type { V1App } from '../app.ts';
import { problemSchema, unyankedSchema, visibilitySchema, yankedSchema } from '../schemas.ts';
import { skillParams, versionParams } from './params.ts';

const common = { tags: ['Publishing'], security: [{ key: [] }], middleware: requireKey };
const errors = problems(problemSchema, 400, 401, 403, 404);

const yankRoute = createRoute({
  ...common,
  method: 'post',
  path: '/packages/{namespace}/{name}/{version}/yank',
  summary: 'Withdraw a version',
  request: { params: versionParams },
  responses: { 200: json(yankedSchema, 'Nobody can download it any more; its number stays taken.'), ...errors },
});

const yankAllRoute = createRoute({
  ...common,
  method: 'post',
  path: '/packages/{namespace}/{name}/yank',
  summary: 'Withdraw all versions',
  request: { params: skillParams },
  responses: { 200: json(yankedSchema, 'Nobody can see or download the skill any more.'), ...errors },
});

const unyankRoute = createRoute({
  ...common,
  method: 'post',
  path: '/packages/{namespace}/{name}/{version}/unyank',
  summary: 'Bring a yanked version back',
  request: { params: versionParams },
  responses: { 200: json(unyankedSchema, 'It can be downloaded again.'), ...errors },
});

const visibilityRoute = createRoute({
  ...common,
  method: 'put',
  path: '/packages/{namespace}/{name}/visibility',
  summary: 'Make a skill public or private',
  request: { params: skillParams, body: { required: true, ...json(visibilitySchema, 'The new visibility.') } },
  responses: { 200: json(visibilitySchema, 'Done.'), ...errors, ...problems(problemSchema, 413, 422) },
});

export function yankEndpoints(app: V1App, deps: Deps): void {
  app.openapi(yankRoute, async (c) => {
    const changed = await yankVersion(deps, c.get('actor'), c.req.valid('param'));
    return c.json({ yanked: Number(changed) }, 200);
  });
  app.openapi(yankAllRoute, async (c) => {
    const yanked = await yankAll(deps, c.get('actor'), c.req.valid('param'));
    return c.json({ yanked }, 200);
  });
  app.openapi(unyankRoute, async (c) => {
    const changed = await unyankVersion(deps, c.get('actor'), c.req.valid('param'));
    return c.json({ unyanked: Number(changed) }, 200);
  });
  app.openapi(visibilityRoute, async (c) => {
    const { visibility } = c.req.valid('json');
    await setVisibility(deps, c.get('actor'), { ...c.req.valid('param'), visibility });
    return c.json({ visibility }, 200);
  });
}
