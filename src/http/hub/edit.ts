import type * as z from 'zod';
import { editCard } from '../../core/catalog/edit-card.ts';
import { findAnyoneBySlug } from '../../core/catalog/find-by-slug.ts';
import { getCard } from '../../core/catalog/get-card.ts';
import type { Deps } from '../../core/deps.ts';
import { Problem } from '../../core/problem.ts';
import { decodeUtf8 } from '../../format/text.ts';
import { requireKey } from '../kit/auth.ts';
import { json } from '../kit/openapi.ts';
import { readBody } from '../kit/read-body.ts';
import { type HubApp, invalid } from './app.ts';
import { toSnapshot } from './card-wire.ts';
import { ok } from './envelope.ts';
import { errors, slugParams } from './params.ts';
import { cardAnswerSchema, patchSchema } from './schemas.ts';

const BODY_LIMIT = 64 * 1024;
const PATH = '/edit/:slug';

/**
 * `PUT edit`, which with `{}` only reads. A slug that leads nowhere is told before a key is asked for: clients probe
 * with one. The body is read by hand, since it is JSON whatever its type says and is looked at last.
 */
export function editEndpoint(app: HubApp, deps: Deps, keyed: boolean): void {
  describe(app);
  app.put(PATH, async (c, next) => {
    await findAnyoneBySlug(deps, c.req.param('slug'));
    await next();
  });
  if (keyed) app.put(PATH, requireKey);
  app.put(PATH, async (c) => {
    const slug = c.req.param('slug');
    const actor = c.get('actor');
    const patch = readPatch(await readBody(deps, c.req.raw, BODY_LIMIT));
    if (Object.keys(patch).length > 0) await editCard(deps, actor, slug, patch);
    const card = await getCard(deps, actor, slug);
    return c.json(ok(toSnapshot(card)), 200, { 'Cache-Control': 'no-store' });
  });
}

function readPatch(body: Uint8Array): z.infer<typeof patchSchema> {
  const parsed = patchSchema.safeParse(body.length === 0 ? {} : parseJson(body));
  if (parsed.success) return parsed.data;
  throw invalid('json', parsed.error);
}

function parseJson(body: Uint8Array): unknown {
  const text = decodeUtf8(body);
  if (text === undefined) throw new Problem('invalid_body', 'The body is not UTF-8.', { fix: 'Send JSON in UTF-8.' });
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem('invalid_body', 'The body is not JSON.', { fix: 'Send an object.' }, { cause });
  }
}

function describe(app: HubApp): void {
  app.openAPIRegistry.registerPath({
    method: 'put',
    path: '/edit/{slug}',
    summary: 'Read or change the card of a skill',
    description: 'With `{}` it reads. What is not sent stays as it is; what is sent is kept word for word.',
    request: { params: slugParams, body: json(patchSchema, 'The fields to change.') },
    responses: { 200: json(cardAnswerSchema, 'The card as it is now.'), ...errors(401, 403, 404, 413, 422) },
  });
}
