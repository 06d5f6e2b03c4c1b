import { createRoute } from '@hono/zod-openapi';
import { redeemLoginCode } from '../../../core/accounts/redeem-login-code.ts';
import { sendLoginCode } from '../../../core/accounts/send-login-code.ts';
import type { Deps } from '../../../core/deps.ts';
import { json, problems } from '../../kit/openapi.ts';
import type { V1App } from '../app.ts';
import { issuedKeySchema, loginSchema, problemSchema, redeemSchema } from '../schemas.ts';

const sendRoute = createRoute({
  method: 'post',
  path: '/auth/login',
  tags: ['Accounts'],
  summary: 'Have a six-digit code mailed to the owner of a namespace',
  request: { body: { required: true, ...json(loginSchema, 'The namespace and its address.') } },
  responses: {
    202: { description: 'The code is on its way.' },
    ...problems(problemSchema, 400, 403, 404, 413, 422, 429, 503),
  },
});

const redeemRoute = createRoute({
  method: 'post',
  path: '/auth/token',
  tags: ['Accounts'],
  summary: 'Exchange a mailed code for a key',
  request: { body: { required: true, ...json(redeemSchema, 'The code from the mail.') } },
  responses: { 200: json(issuedKeySchema, 'The key, shown once.'), ...problems(problemSchema, 400, 401, 413, 422) },
});

export function loginEndpoints(app: V1App, deps: Deps): void {
  app.openapi(sendRoute, async (c) => {
    await sendLoginCode(deps, c.req.valid('json'));
    return c.body(null, 202);
  });
  app.openapi(redeemRoute, async (c) => {
    const { namespace, otp, label } = c.req.valid('json');
    const issued = await redeemLoginCode(deps, { namespace, code: otp, label });
    return c.json({ api_key: issued.apiKey, namespace: issued.namespace }, 200, { 'Cache-Control': 'no-store' });
  });
}
