import { createRoute } from '@hono/zod-openapi';
import { type IssuedToken, issueToken, issueTokenForCode } from '../../core/accounts/issue-token.ts';
import { revokeToken } from '../../core/accounts/revoke-token.ts';
import { sendLoginCode } from '../../core/accounts/send-login-code.ts';
import type { Deps } from '../../core/deps.ts';
import { json } from '../kit/openapi.ts';
import { hubOrigin } from '../kit/origin.ts';
import type { SpmApp } from './app.ts';
import { ok } from './envelope.ts';
import { errors } from './errors.ts';
import { loginSchema, revokedSchema, sentSchema, tokenRequestSchema, tokenSchema } from './schemas.ts';
import { isoTime } from './wire.ts';

const tags = ['Tokens'];

const loginRoute = createRoute({
  method: 'post',
  path: '/auth/login',
  tags,
  summary: 'Have a six-digit code mailed to the owner of a namespace',
  request: { body: { required: true, ...json(loginSchema, 'The namespace and its address.') } },
  responses: { 202: json(sentSchema, 'The code is on its way.'), ...errors(400, 403, 404, 429, 503) },
});

const issueRoute = createRoute({
  method: 'post',
  path: '/auth/token',
  tags,
  summary: 'Get a short-lived token for an API key or a mailed code',
  description: 'The API key is sent as `Authorization: Bearer`; or the body holds `namespace` and `otp`.',
  security: [{ key: [] }],
  request: { body: { required: false, ...json(tokenRequestSchema, 'What the token is for.') } },
  responses: { 200: json(tokenSchema, 'A JWT. It is not shown again.'), ...errors(400, 401, 403, 429) },
});

const revokeRoute = createRoute({
  method: 'delete',
  path: '/auth/token',
  tags,
  summary: 'Revoke the token that is sent',
  security: [{ key: [] }],
  responses: { 200: json(revokedSchema, 'Nobody can use it any more.'), ...errors(400, 401) },
});

export function tokenEndpoints(app: SpmApp, deps: Deps): void {
  app.openapi(loginRoute, async (c) => {
    await sendLoginCode(deps, c.req.valid('json'));
    return c.json(ok({ message: 'A code was mailed; send it to POST /api/v1/auth/token as otp.' }), 202, NO_STORE);
  });
  app.openapi(issueRoute, async (c) => {
    const { namespace, otp, scopes, expiresIn } = c.req.valid('json') ?? {};
    const request = { scopes, seconds: expiresIn, origin: hubOrigin(c, deps.settings) };
    const issued =
      namespace !== undefined && otp !== undefined
        ? await issueTokenForCode(deps, { namespace, code: otp }, request)
        : await issueToken(deps, c.get('actor'), request);
    return c.json(ok(toWire(issued)), 200, NO_STORE);
  });
  app.openapi(revokeRoute, async (c) => {
    await revokeToken(deps, c.get('actor'));
    return c.json(ok({ message: 'The token is revoked.' }), 200, NO_STORE);
  });
}

const NO_STORE = { 'Cache-Control': 'no-store' };

function toWire({ token, scopes, expiresIn, expiresAt }: IssuedToken) {
  return { token, tokenType: 'Bearer' as const, expiresIn, expiresAt: isoTime(expiresAt), scopes };
}
