import { createRoute } from '@hono/zod-openapi';
import { beginDeviceLogin, DEVICE_LOGIN_MS, POLL_INTERVAL_MS } from '../../../core/accounts/device-login/begin.ts';
import { type PolledDeviceLogin, pollDeviceLogin } from '../../../core/accounts/device-login/poll.ts';
import { showUserCode } from '../../../core/accounts/device-login/user-code.ts';
import type { Deps } from '../../../core/deps.ts';
import { Problem } from '../../../core/problem.ts';
import { json, problems } from '../../kit/openapi.ts';
import { hubOrigin } from '../../kit/origin.ts';
import type { V1App } from '../app.ts';
import {
  beginDeviceLoginSchema,
  deviceLoginSchema,
  issuedKeySchema,
  pendingDeviceLoginSchema,
  pollDeviceLoginSchema,
  problemSchema,
} from '../schemas.ts';

const beginRoute = createRoute({
  method: 'post',
  path: '/auth/device',
  tags: ['Accounts'],
  summary: 'Begin a login that a person approves in a browser',
  request: { body: { required: true, ...json(beginDeviceLoginSchema, 'What the program says of itself.') } },
  responses: {
    200: json(deviceLoginSchema, 'The code for the program, and the one for its user.'),
    ...problems(problemSchema, 400, 413, 422, 503),
  },
});

const pollRoute = createRoute({
  method: 'post',
  path: '/auth/device/token',
  tags: ['Accounts'],
  summary: 'Ask what became of such a login, and fetch the key',
  request: { body: { required: true, ...json(pollDeviceLoginSchema, 'The code for the program.') } },
  responses: {
    200: json(issuedKeySchema, 'The key, shown once.'),
    202: json(pendingDeviceLoginSchema, 'Nobody has decided yet.'),
    ...problems(problemSchema, 400, 403, 404, 409, 413, 422),
  },
});

const NEVER_KEPT = { 'Cache-Control': 'no-store' };

/** Login by device code in the form of `/v1`; the use cases are those of every dialect that has it. */
export function deviceLoginEndpoints(app: V1App, deps: Deps): void {
  app.openapi(beginRoute, async (c) => {
    const { label = '', client = '' } = c.req.valid('json');
    const { deviceCode, userCode } = await beginDeviceLogin(deps, { label, client });
    const shown = showUserCode(userCode);
    const page = `${hubOrigin(c, deps.settings)}/cli/device`;
    const begun = {
      device_code: deviceCode,
      user_code: shown,
      verification_uri: page,
      verification_uri_complete: `${page}?user_code=${shown}`,
      expires_in: DEVICE_LOGIN_MS / 1000,
      interval: POLL_INTERVAL_MS / 1000,
    };
    return c.json(begun, 200, NEVER_KEPT);
  });
  app.openapi(pollRoute, async (c) => {
    const polled = await pollDeviceLogin(deps, c.req.valid('json').device_code);
    if (polled.outcome === 'approved') {
      return c.json({ api_key: polled.apiKey, namespace: polled.namespace }, 200, NEVER_KEPT);
    }
    if (polled.outcome !== 'pending' && polled.outcome !== 'too_fast') throw ended(polled.outcome);
    const interval = polled.outcome === 'too_fast' ? polled.interval : POLL_INTERVAL_MS;
    return c.json({ status: 'pending' as const, interval: interval / 1000 }, 202, NEVER_KEPT);
  });
}

function ended(outcome: Exclude<PolledDeviceLogin['outcome'], 'approved' | 'pending' | 'too_fast'>): Problem {
  const fix = 'Begin again.';
  switch (outcome) {
    case 'denied':
      return new Problem('forbidden', 'The login was denied.', { fix });
    case 'expired':
      return new Problem('state_conflict', 'The device code has expired.', { fix });
    case 'used':
      return new Problem('state_conflict', 'This device code has brought a key already.', { fix });
    case 'unknown':
      return new Problem('not_found', 'There is no such device code.', { fix });
  }
}
