import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { hideSkill, showSkill } from '../../core/catalog/hide-skill.ts';
import { restoreVersion, withdrawVersion } from '../../core/catalog/withdraw-version.ts';
import type { Deps } from '../../core/deps.ts';
import { Problem } from '../../core/problem.ts';
import { requireKey } from '../kit/auth.ts';
import { json } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import { slugParams } from './params.ts';
import { okSchema, ownerSchema } from './publish-schemas.ts';
import { refusals } from './refusals.ts';

/** Characters; what is longer is cut, since clients know no limit. */
const MAX_REASON = 2000;

const skillBody = z.object({ ownerHandle: ownerSchema, reason: z.string().nullish() });
const versionBody = z.object({ ownerHandle: ownerSchema, version: z.string().nullish() });
const versionParams = slugParams.extend({ version: z.string() });

const common = { tags: ['Publishing'], security: [{ key: [] }], middleware: requireKey };
const skillRequest = {
  params: slugParams,
  body: { required: false, ...json(skillBody, 'Whose skill it is; a reason is kept where an operator hides it.') },
};
const versionRequest = {
  params: versionParams,
  body: { required: false, ...json(versionBody, 'Whose skill it is, and the version once more.') },
};
const answers = { 200: json(okSchema, 'Done, now or before.'), ...refusals(400, 401, 403, 404, 410) };

const deleteRoute = createRoute({
  ...common,
  method: 'delete',
  path: '/skills/{slug}',
  summary: 'Hide a skill',
  request: skillRequest,
  responses: answers,
});
const undeleteRoute = createRoute({
  ...common,
  method: 'post',
  path: '/skills/{slug}/undelete',
  summary: 'Show a hidden skill again',
  request: skillRequest,
  responses: answers,
});
const withdrawRoute = createRoute({
  ...common,
  method: 'delete',
  path: '/skills/{slug}/versions/{version}',
  summary: 'Withdraw a version that is not the latest',
  request: versionRequest,
  responses: { ...answers, ...refusals(409) },
});
const restoreRoute = createRoute({
  ...common,
  method: 'post',
  path: '/skills/{slug}/versions/{version}/restore',
  summary: 'Bring a withdrawn version back',
  request: versionRequest,
  responses: answers,
});

export function deleteEndpoints(app: ClawhubApp, deps: Deps): void {
  app.openapi(deleteRoute, async (c) => {
    const { ownerHandle: owner, reason } = c.req.valid('json') ?? {};
    await hideSkill(deps, c.get('actor'), { ...c.req.valid('param'), owner, reason: reason?.slice(0, MAX_REASON) });
    return c.json(OK, 200, NO_STORE);
  });
  app.openapi(undeleteRoute, async (c) => {
    await showSkill(deps, c.get('actor'), { ...c.req.valid('param'), owner: c.req.valid('json')?.ownerHandle });
    return c.json(OK, 200, NO_STORE);
  });
  app.openapi(withdrawRoute, async (c) => {
    await withdrawVersion(deps, c.get('actor'), versionRef(c.req.valid('param'), c.req.valid('json')));
    return c.json(OK, 200, NO_STORE);
  });
  app.openapi(restoreRoute, async (c) => {
    await restoreVersion(deps, c.get('actor'), versionRef(c.req.valid('param'), c.req.valid('json')));
    return c.json(OK, 200, NO_STORE);
  });
}

const OK = { ok: true as const };
const NO_STORE = { 'Cache-Control': 'no-store' };

function versionRef(params: z.output<typeof versionParams>, body: z.output<typeof versionBody> | undefined) {
  const { version, ownerHandle } = body ?? {};
  if (version !== undefined && version !== null && version !== params.version) {
    throw new Problem('invalid_request', `The path names version ${params.version}, the body ${version}.`, {
      fix: 'Make them agree.',
    });
  }
  return { ...params, owner: ownerHandle };
}
