import { decodeJwt, decodeProtectedHeader } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { tarGz } from '../support/bundles.ts';
import { bearer, furtherKey, getJson, mailedCode, newNamespace, postJson, publish, upload } from '../support/skills.ts';
import { type Issued, issueToken, START, statusOf, URL } from '../support/tokens.ts';
import { createWorld, OPERATOR_KEY, type World } from '../support/world.ts';

const HOUR_MS = 3_600_000;
const ORIGIN = 'http://hub.test';

let world: World;
let acme: Awaited<ReturnType<typeof newNamespace>>;

beforeEach(async () => {
  world = await createWorld();
  acme = await newNamespace(world);
});

const issue = (body: object = {}, headers: Record<string, string> = acme.headers) => issueToken(world, body, headers);
const tokenOf = async (body?: object, headers?: Record<string, string>) => (await issue(body, headers)).token;
const statusWith = (token: string) => statusOf(world, token);

interface Refusal {
  error: string;
  code: string;
  message: string;
  fields?: Record<string, string[]>;
}

async function refusalOf(response: Response): Promise<{ status: number } & Refusal> {
  const { error, code, message, fields } = await response.json<Refusal>();
  return { status: response.status, error, code, message, ...(fields ? { fields } : {}) };
}

describe('issuing', () => {
  test('a key buys a token for an hour that may read and publish', async () => {
    const response = await postJson(world, URL, {}, acme.headers);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    const body = await response.json<{ data: Issued }>();
    expect(body).toEqual({
      success: true,
      data: {
        token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]{43}$/),
        tokenType: 'Bearer',
        expiresIn: 3600,
        expiresAt: '2026-01-01T01:00:00.000Z',
        scopes: ['read', 'publish'],
      },
    });
    const { token } = body.data;
    expect(decodeProtectedHeader(token)).toEqual({
      alg: 'HS256',
      typ: 'JWT',
      kid: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(decodeJwt(token)).toEqual({
      sub: 'acme',
      name: 'acme',
      email: 'acme@example.com',
      scope: 'read publish',
      iss: ORIGIN,
      aud: ORIGIN,
      iat: START / 1000,
      exp: START / 1000 + 3600,
      jti: expect.any(String),
    });
    expect(JSON.stringify(world.logs)).not.toContain(token);
  });

  test('a request without a body is one for the default', async () => {
    const response = await world.fetch(URL, { method: 'POST', headers: acme.headers });
    expect(response.status).toBe(200);
  });

  test('a mailed code buys one too, once, with any scope', async () => {
    const sent = await postJson(world, '/api/v1/auth/login', { namespace: 'acme', email: 'acme@example.com' });
    expect(sent.status).toBe(202);
    expect(await sent.json()).toEqual({ success: true, data: { message: expect.any(String) } });
    const [otp] = /\b\d{6}\b/.exec(world.outbox.at(-1)?.text ?? '') ?? [];
    const token = await tokenOf({ namespace: 'acme', otp, scopes: ['admin'] }, {});
    expect(await statusWith(token)).toBe(200);
    expect(await getJson(world, '/v1/keys', bearer(token))).toMatchObject({ keys: [{}] });
    expect(await refusalOf(await postJson(world, URL, { namespace: 'acme', otp }))).toEqual({
      status: 401,
      error: 'UNAUTHORIZED',
      code: 'UNAUTHORIZED',
      message: 'invalid or expired code. Ask for a new code.',
    });
  });

  test('a wrong code buys nothing', async () => {
    const code = await mailedCode(world);
    const otp = code === '000000' ? '000001' : '000000';
    expect((await postJson(world, URL, { namespace: 'acme', otp })).status).toBe(401);
    expect((await postJson(world, URL, { namespace: 'acme', otp: code })).status).toBe(200);
  });

  test('nobody gets one for nothing', async () => {
    const response = await postJson(world, URL, {});
    expect(response.headers.get('www-authenticate')).toBe('Bearer realm="skills-hub"');
    expect(await refusalOf(response)).toMatchObject({ status: 401, code: 'UNAUTHORIZED' });
    expect((await postJson(world, URL, {}, bearer('skh_wrong'))).status).toBe(401);
  });

  test('an operator and another token get none', async () => {
    const token = await tokenOf();
    for (const key of [OPERATOR_KEY, token]) {
      expect(await refusalOf(await postJson(world, URL, {}, bearer(key)))).toMatchObject({
        status: 403,
        code: 'FORBIDDEN',
      });
    }
  });

  test.each([
    [{ expiresIn: 86_401 }, 'expiresIn'],
    [{ expiresIn: 0 }, 'expiresIn'],
    [{ expiresIn: 1.5 }, 'expiresIn'],
    [{ scopes: [] }, 'scopes'],
    [{ scopes: ['root'] }, 'scopes.0'],
    [{ namespace: 'acme' }, 'otp'],
    [{ otp: '123456' }, 'otp'],
  ])('%j is refused', async (body, field) => {
    expect(await refusalOf(await postJson(world, URL, body, acme.headers))).toEqual({
      status: 400,
      error: 'Validation failed',
      code: 'VALIDATION_ERROR',
      message: expect.any(String),
      fields: { [field]: [expect.any(String)] },
    });
  });

  test('a body that is no JSON, or too much of it', async () => {
    const headers = { ...acme.headers, 'content-type': 'application/json' };
    for (const body of ['{', JSON.stringify({ scopes: ['x'.repeat(64 * 1024)] })]) {
      const response = await world.fetch(URL, { method: 'POST', headers, body });
      expect(await refusalOf(response)).toMatchObject({ status: 400, code: 'VALIDATION_ERROR' });
    }
  });
});

describe('scopes', () => {
  test('are never more than the key has', async () => {
    const reader = await furtherKey(world, acme.key, ['read']);
    expect((await issue({}, reader.headers)).scopes).toEqual(['read']);
    expect(await refusalOf(await postJson(world, URL, { scopes: ['publish'] }, reader.headers))).toMatchObject({
      status: 403,
      message: expect.stringContaining("lacks the scope 'publish'"),
    });
    const publisher = await furtherKey(world, acme.key, ['publish']);
    expect((await issue({ scopes: ['read'] }, publisher.headers)).scopes).toEqual(['read']);
  });

  test('hold: what reads cannot publish, and what publishes is no admin', async () => {
    const reader = await tokenOf({ scopes: ['read'] });
    expect((await upload(world, reader, await tarGz())).status).toBe(403);
    const publisher = await tokenOf();
    expect((await publish(world, publisher)).status).toBe('pass');
    expect((await world.fetch('/v1/keys', { headers: bearer(publisher) })).status).toBe(403);
  });

  test('admin does not make a token outlive itself: it makes no keys and revokes its own only as any admin would', async () => {
    const admin = await tokenOf({ scopes: ['admin'] });
    expect((await postJson(world, '/v1/keys', { label: 'x', scopes: ['read'] }, bearer(admin))).status).toBe(403);
    const key = await furtherKey(world, acme.key, ['read']);
    const weak = await tokenOf({}, key.headers);
    const revoke = (token: string) => world.fetch(`/v1/keys/${key.id}`, { method: 'DELETE', headers: bearer(token) });
    expect((await revoke(weak)).status).toBe(403);
    expect((await revoke(admin)).status).toBe(204);
  });
});

test('a token counts in every dialect', async () => {
  await publish(world, acme.key, { name: 'secret-plan' }, '?visibility=private');
  const headers = bearer(await tokenOf());
  for (const path of [
    '/v1/packages/acme/secret-plan/latest',
    '/api/v1/skills/secret-plan',
    '/api/v1/skills/secret-plan/latest',
    '/api/v1/skill/detail/acme.secret-plan',
    '/acme/secret-plan/.well-known/agent-skills/index.json',
  ]) {
    expect((await world.fetch(path, { headers })).status, path).toBe(200);
  }
  const inHeader = await world.fetch('/api/v1/skill/detail/acme.secret-plan', {
    headers: { 'x-api-key': await tokenOf() },
  });
  expect(inHeader.status).toBe(200);
});

describe('the end of a token', () => {
  test('comes with its time, give or take half a minute', async () => {
    const token = await tokenOf({ expiresIn: 60 });
    world.advance(60_000 + 29_000);
    expect(await statusWith(token)).toBe(200);
    world.advance(2_000);
    const response = await world.fetch('/v1/whoami', { headers: bearer(token) });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ detail: 'This token is invalid, expired or revoked.' });
  });

  test('comes when it is revoked, for this one alone', async () => {
    const [token, other] = [await tokenOf(), await tokenOf()];
    const revoke = (key: string) => world.fetch(URL, { method: 'DELETE', headers: bearer(key) });
    const response = await revoke(token);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ success: true, data: { message: 'The token is revoked.' } });
    expect(await statusWith(token)).toBe(401);
    expect((await revoke(token)).status).toBe(401);
    expect(await statusWith(other)).toBe(200);
    expect(await refusalOf(await revoke(acme.key))).toMatchObject({ status: 400 });
    expect((await world.fetch(URL, { method: 'DELETE' })).status).toBe(401);
  });

  test('comes with the key that bought it', async () => {
    const key = await furtherKey(world, acme.key, ['publish']);
    const token = await tokenOf({}, key.headers);
    const other = await tokenOf();
    expect(await statusWith(token)).toBe(200);
    await world.fetch(`/v1/keys/${key.id}`, { method: 'DELETE', headers: acme.headers });
    expect([await statusWith(token), await statusWith(other)]).toEqual([401, 200]);
  });

  test('comes when its session key is neither current nor previous', async () => {
    const { deps } = world;
    const token = await tokenOf();
    const { settings } = deps;
    const old = settings.sessionKey;
    Object.assign(settings, { sessionKey: 'cd'.repeat(32), previousSessionKeys: [old] });
    expect(await statusWith(token)).toBe(200);
    const fresh = await tokenOf();
    expect(decodeProtectedHeader(fresh).kid).not.toBe(decodeProtectedHeader(token).kid);
    Object.assign(settings, { previousSessionKeys: [] });
    expect([await statusWith(token), await statusWith(fresh)]).toEqual([401, 200]);
  });

  test('leaves a row until a sweep', async () => {
    const count = async () => (await world.client.execute('SELECT count(*) AS n FROM access_tokens')).rows[0]?.n;
    await tokenOf({ expiresIn: 60 });
    await tokenOf({ expiresIn: 7200 });
    world.advance(HOUR_MS);
    expect(await count()).toBe(2);
    await world.sweep();
    expect(await count()).toBe(1);
  });
});
