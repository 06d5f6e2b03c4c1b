import type { Context } from 'hono';
import * as z from 'zod';
import { beginDeviceLogin, DEVICE_LOGIN_MS, POLL_INTERVAL_MS } from '../../core/accounts/device-login/begin.ts';
import { type PolledDeviceLogin, pollDeviceLogin } from '../../core/accounts/device-login/poll.ts';
import { showUserCode } from '../../core/accounts/device-login/user-code.ts';
import type { Deps } from '../../core/deps.ts';
import type { HubEnv } from '../kit/types.ts';
import { type ClawhubApp, invalidInput } from './app.ts';
import { originOf } from './params.ts';

const text = z.string().max(1_000);
const codeBody = z.object({ label: text.optional(), client_id: text.optional() });
const tokenBody = z.object({ device_code: z.string().min(1).max(256), grant_type: text });
const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** What clients ask for; a key may do all that its namespace may, as one of `skills login` does. */
const SCOPE = 'read write';

/** Login by device code (RFC 8628), as the command line speaks it: the answers of the second endpoint are JSON throughout. */
export function deviceEndpoints(app: ClawhubApp, deps: Deps): void {
  app.post('/cli/device/code', async (c) => {
    const body = codeBody.safeParse(parseJson(await c.req.text()));
    if (!body.success) throw invalidInput('json', body.error);
    const { label = '', client_id: client = '' } = body.data;
    const { deviceCode, userCode } = await beginDeviceLogin(deps, { label, client });
    const shown = showUserCode(userCode);
    const answer = {
      device_code: deviceCode,
      user_code: shown,
      // Clients print it as it is and ask people to type nothing else, so it brings the code along.
      verification_uri: `${originOf(c, deps)}/cli/device?user_code=${shown}`,
      expires_in: DEVICE_LOGIN_MS / 1000,
      interval: POLL_INTERVAL_MS / 1000,
    };
    return c.json(answer, 200, NEVER_KEPT);
  });
  app.post('/cli/device/token', async (c) => {
    const body = tokenBody.safeParse(parseJson(await c.req.text()));
    if (!body.success) return refuse(c, 'invalid_request', 'Send JSON with device_code and grant_type.');
    if (body.data.grant_type !== GRANT)
      return refuse(c, 'unsupported_grant_type', `The grant type has to be ${GRANT}.`);
    return answerPoll(c, await pollDeviceLogin(deps, body.data.device_code));
  });
}

function answerPoll(c: Context<HubEnv>, polled: PolledDeviceLogin) {
  switch (polled.outcome) {
    case 'approved':
      return c.json({ access_token: polled.apiKey, token_type: 'Bearer', scope: SCOPE }, 200, NEVER_KEPT);
    case 'pending':
      return c.json({ error: 'authorization_pending', ...PENDING }, 428, NEVER_KEPT);
    case 'too_fast':
      return c.json({ error: 'slow_down', interval: polled.interval / 1000, ...TOO_FAST }, 400, NEVER_KEPT);
    case 'denied':
      return refuse(c, 'access_denied', 'The login was denied.');
    case 'expired':
      return refuse(c, 'expired_token', 'The device code has expired. Begin again.');
    case 'used':
      return refuse(c, 'invalid_grant', 'This device code has brought a key already. Begin again.');
    case 'unknown':
      return refuse(c, 'invalid_grant', 'There is no such device code. Begin again.');
  }
}

const PENDING = { error_description: 'Nobody has approved the login yet.' };
const TOO_FAST = { error_description: 'Poll less often.' };

function refuse(c: Context<HubEnv>, error: string, description: string) {
  return c.json({ error, error_description: description }, 400, NEVER_KEPT);
}

/** What is no JSON has no fields either. */
function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const NEVER_KEPT = { 'Cache-Control': 'no-store' };
