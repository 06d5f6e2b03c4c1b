import { createRoute } from '@hono/zod-openapi';
import { getCard } from '../../core/catalog/get-card.ts';
import { skillTag } from '../../core/catalog/keys.ts';
import type { Deps } from '../../core/deps.ts';
import { json } from '../kit/openapi.ts';
import type { HubApp } from './app.ts';
import { setHubCaching } from './auth.ts';
import { toSnapshot } from './card-wire.ts';
import { ok } from './envelope.ts';
import { errors, slugParams } from './params.ts';
import { detailSchema } from './schemas.ts';

const route = createRoute({
  method: 'get',
  path: '/detail/{slug}',
  summary: 'The card of a skill',
  request: { params: slugParams },
  responses: { 200: json(detailSchema, 'What PUT edit answers, read in another way.'), ...errors(401, 403, 404) },
});

export function detailEndpoint(app: HubApp, deps: Deps): void {
  app.openapi(route, async (c) => {
    const card = await getCard(deps, c.get('actor'), c.req.valid('param').slug);
    const tags = [skillTag(card.namespace, card.name)];
    setHubCaching(c, deps.settings.skillHub, { public: card.visibility === 'public', pinned: false, tags });
    return c.json(ok({ skill: toSnapshot(card) }), 200);
  });
}
