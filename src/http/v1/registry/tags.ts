import { createRoute } from '@hono/zod-openapi';
import { removeTag, setTag } from '../../../core/catalog/tag-version.ts';
import type { Deps } from '../../../core/deps.ts';
import { requireKey } from '../../kit/auth.ts';
import { json, problems } from '../../kit/openapi.ts';
import type { V1App } from '../app.ts';
import { problemSchema, taggedSchema, taggingSchema } from '../schemas.ts';
import { tagParams } from './params.ts';

const common = {
  path: '/packages/{namespace}/{name}/tags/{tag}',
  tags: ['Publishing'],
  security: [{ key: [] }],
  middleware: requireKey,
};
const errors = problems(problemSchema, 400, 401, 403, 404, 409);

const setRoute = createRoute({
  ...common,
  method: 'put',
  summary: 'Tag a version',
  description: 'Moves the tag if the skill has it already. `latest` holds until the next version is published.',
  request: { params: tagParams, body: { required: true, ...json(taggingSchema, 'The version, by its number.') } },
  responses: { 200: json(taggedSchema, 'Done.'), ...errors, ...problems(problemSchema, 413, 422) },
});

const removeRoute = createRoute({
  ...common,
  method: 'delete',
  summary: 'Remove a tag',
  request: { params: tagParams },
  responses: { 204: { description: 'Gone.' }, ...errors },
});

export function tagEndpoints(app: V1App, deps: Deps): void {
  app.openapi(setRoute, async (c) => {
    const { namespace, name, tag } = c.req.valid('param');
    const { version } = c.req.valid('json');
    const skill = await setTag(deps, c.get('actor'), { slug: name, owner: namespace, tag, version });
    return c.json({ namespace: skill.namespace, name: skill.name, tag, version }, 200);
  });
  app.openapi(removeRoute, async (c) => {
    const { namespace, name, tag } = c.req.valid('param');
    await removeTag(deps, c.get('actor'), { slug: name, owner: namespace, tag });
    return c.body(null, 204);
  });
}
