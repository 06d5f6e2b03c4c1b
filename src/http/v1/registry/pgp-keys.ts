import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import type { Deps } from '../../../core/deps.ts';
import { listPgpKeys, type RegisteredPgpKey } from '../../../core/signing/list-pgp-keys.ts';
import { registerPgpKey } from '../../../core/signing/register-pgp-key.ts';
import { revokePgpKey } from '../../../core/signing/revoke-pgp-key.ts';
import { MAX_PGP_KEY_BYTES } from '../../../format/openpgp/read-key.ts';
import { requireKey } from '../../kit/auth.ts';
import { json, problems } from '../../kit/openapi.ts';
import { readBody } from '../../kit/read-body.ts';
import type { V1App } from '../app.ts';
import { pgpKeysSchema, problemSchema, registeredPgpKeySchema } from '../schemas.ts';
import { isoTime } from '../wire.ts';

const tags = ['Signing'];
const path = '/namespaces/{namespace}/pgp-keys';
const params = z.object({ namespace: z.string() });
const changing = { tags, security: [{ key: [] }], middleware: requireKey };

const listRoute = createRoute({
  tags,
  path,
  method: 'get',
  summary: 'The OpenPGP keys that a namespace signs with',
  request: { params },
  responses: { 200: json(pgpKeysSchema, 'Oldest first; revoked ones too.'), ...problems(problemSchema, 400, 404) },
});

const registerRoute = createRoute({
  ...changing,
  path,
  method: 'post',
  summary: 'Register an OpenPGP key',
  description:
    'The body is one public key in ASCII armour, at most 64 KiB, that can sign: not expired or revoked, RSA of 2048 bits or more, no SHA-1. A key that is registered is replaced, for a later expiry. At most 20. Needs `admin`.',
  request: { params, body: { required: true, content: { 'application/pgp-keys': { schema: { type: 'string' } } } } },
  responses: {
    201: json(registeredPgpKeySchema, 'Archives can be signed with it from now on.'),
    ...problems(problemSchema, 400, 401, 403, 404, 409, 413),
  },
});

const revokeRoute = createRoute({
  ...changing,
  path: `${path}/{fingerprint}`,
  method: 'delete',
  summary: 'Revoke an OpenPGP key',
  description: 'For good. What was published with it stays, and is shown as signed with a revoked key. Needs `admin`.',
  request: { params: params.extend({ fingerprint: z.string().max(64) }) },
  responses: { 204: { description: 'Revoked.' }, ...problems(problemSchema, 400, 401, 403, 404) },
});

export function pgpKeyEndpoints(app: V1App, deps: Deps): void {
  app.openapi(listRoute, async (c) => {
    const keys = await listPgpKeys(deps, c.req.valid('param').namespace);
    return c.json({ keys: keys.map(toWire) }, 200, { 'Cache-Control': 'public, max-age=30' });
  });
  app.openapi(registerRoute, async (c) => {
    const armored = new TextDecoder().decode(await readBody(deps, c.req.raw, MAX_PGP_KEY_BYTES));
    const { fingerprint, userId } = await registerPgpKey(deps, c.get('actor'), { ...c.req.valid('param'), armored });
    return c.json({ fingerprint, user_id: userId }, 201);
  });
  app.openapi(revokeRoute, async (c) => {
    await revokePgpKey(deps, c.get('actor'), c.req.valid('param'));
    return c.body(null, 204);
  });
}

function toWire({ userId, createdAt, revokedAt, ...key }: RegisteredPgpKey) {
  const revoked_at = revokedAt === null ? null : isoTime(revokedAt);
  return { ...key, user_id: userId, created_at: isoTime(createdAt), revoked_at };
}
