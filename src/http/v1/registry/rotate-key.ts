import { createRoute } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import * as z from 'zod';
import type { Deps } from '../../../core/deps.ts';
import { confirmRotation } from '../../../core/signing/confirm-rotation.ts';
import { requestRotation } from '../../../core/signing/request-rotation.ts';
import { requireKey } from '../../kit/auth.ts';
import { json, problems } from '../../kit/openapi.ts';
import { hubOrigin } from '../../kit/origin.ts';
import { wantsHeadersOnly } from '../../kit/read-cache.ts';
import type { HubEnv } from '../../kit/types.ts';
import type { V1App } from '../app.ts';
import { problemSchema, rotationRequestedSchema, rotationSchema } from '../schemas.ts';

const params = z.object({ namespace: z.string() });

const requestRoute = createRoute({
  method: 'post',
  path: '/namespaces/{namespace}/rotate-key',
  tags: ['Signing'],
  summary: 'Ask for another signing key',
  description:
    'Both keys sign the token with RSASSA-PSS (SHA-256, salt of 32 bytes): SHA-256 over it as compact JSON, its fields in the order that they are listed in here. A link is mailed to the owner of the namespace; nothing changes before it is opened. At most three in 24 hours. Needs `admin`.',
  security: [{ key: [] }],
  middleware: requireKey,
  request: { params, body: { required: true, ...json(rotationSchema, 'The token and both signatures, in hex.') } },
  responses: {
    200: json(rotationRequestedSchema, 'The link is on its way.'),
    ...problems(problemSchema, 400, 401, 403, 404, 409, 413, 422, 429, 503),
  },
});

/** What looks a link up before somebody opens it, as scanners of mail do, has not opened it. */
const refuseHead: MiddlewareHandler<HubEnv> = async (c, next) =>
  wantsHeadersOnly(c.req.raw) ? c.body(null, 405, { Allow: 'GET' }) : next();

const confirmRoute = createRoute({
  method: 'get',
  path: '/namespaces/{namespace}/rotate-key/confirm',
  tags: ['Signing'],
  summary: 'Confirm another signing key, with the link from the mail',
  description:
    'Changes the key, although it is a GET: people open it from their mail; HEAD changes nothing. Works once, within 24 hours.',
  middleware: refuseHead,
  request: { params, query: z.object({ token: z.string().max(128) }) },
  responses: {
    200: { description: 'The new key is the one that counts.', content: { 'text/plain': { schema: z.string() } } },
    ...problems(problemSchema, 400, 404, 409),
  },
});

export function rotateKeyEndpoints(app: V1App, deps: Deps): void {
  app.openapi(requestRoute, async (c) => {
    const { namespace } = c.req.valid('param');
    const { token, old_sig, new_sig } = c.req.valid('json');
    await requestRotation(deps, c.get('actor'), {
      namespace,
      token: {
        namespace: token.namespace,
        oldFingerprint: token.old_key_fingerprint,
        newFingerprint: token.new_key_fingerprint,
        newChain: token.new_cert_chain_pem,
        nonce: token.nonce,
        issuedAt: token.issued_at,
        expiresAt: token.expires_at,
      },
      oldSignature: old_sig,
      newSignature: new_sig,
      origin: hubOrigin(c, deps.settings),
    });
    const message = 'A link was mailed to the owner of the namespace; the new key counts once it is opened.';
    return c.json({ message }, 200, { 'Cache-Control': 'no-store' });
  });
  app.openapi(confirmRoute, async (c) => {
    const { namespace } = c.req.valid('param');
    const fingerprint = await confirmRotation(deps, { namespace, secret: c.req.valid('query').token });
    c.header('Cache-Control', 'no-store');
    return c.text(`The namespace ${namespace} now signs with the key ${fingerprint}.\nThe old key is refused.\n`, 200);
  });
}
