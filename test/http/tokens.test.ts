import { decodeJwt, decodeProtectedHeader, SignJWT, UnsecuredJWT } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { currentTokenKey } from '../../src/core/accounts/token-keys.ts';
import { tarGz } from '../support/bundles.ts';
import { bearer, furtherKey, getJson, mailedCode, newNamespace, postJson, publish, upload } from '../support/skills.ts';
import { createWorld, OPERATOR_KEY, type World } from '../support/world.ts';

const START = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const ORIGIN = 'http://hub.test';
const URL = '/api/v1/auth/token';

interface Issued {
  token: string;
  tokenType: string;
  expiresIn: number;
  expiresAt: string;
  scopes: string[];
}

let world: World;
let acme: Awaited<ReturnType<typeof newNamespace>>;

beforeEach(async () => {
  world = await createWorld();
  acme = await newNamespace(world);
});

const issue = async (body: object = {}, headers: Record<string, string> = acme.headers) => {
  const response = await postJson(world, URL, body, headers);
  if (response.status !== 200) throw new Error(`token answered ${response.status}: ${await response.text()}`);
  return (await response.json<{ data: Issued }>()).data;
};

const tokenOf = async (body?: object, headers?: Record<string, string>) => (await issue(body, headers)).token;
const statusWith = async (token: string, at = world) =>
  (await at.fetch('/v1/whoami', { headers: bearer(token) })).status;

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

describe('what is no token of this hub', () => {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = async () => {
    const { sub, iss, aud, iat, exp, jti } = decodeJwt(await tokenOf());
    return { sub, iss, aud, iat, exp, jti };
  };
  const forge = async (
    change: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
    key?: Uint8Array,
  ): Promise<string> => {
    const current = await currentTokenKey(world.deps.settings);
    return new SignJWT({ ...(await claims()), ...change })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: current.kid, ...header })
      .sign(key ?? current.key);
  };

  test('the forger can make good ones, or these tests would prove nothing', async () => {
    expect(await statusWith(await forge())).toBe(200);
  });

  test('a payload that was changed, and a signature of another token', async () => {
    const [header, payload, signature] = (await tokenOf()).split('.');
    const changed = encode({ ...JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()), sub: 'root' });
    expect(await statusWith(`${header}.${changed}.${signature}`)).toBe(401);
    const [, , other] = (await tokenOf()).split('.');
    expect(await statusWith(`${header}.${payload}.${other}`)).toBe(401);
    expect(await statusWith(`${header}.${payload}.`)).toBe(401);
    expect(await statusWith('a.b.c')).toBe(401);
  });

  test('one without a signature', async () => {
    expect(await statusWith(new UnsecuredJWT(await claims()).encode())).toBe(401);
    const { kid } = await currentTokenKey(world.deps.settings);
    for (const alg of ['none', 'None', 'NONE']) {
      const unsigned = `${encode({ alg, typ: 'JWT', kid })}.${encode(await claims())}.`;
      expect(await statusWith(unsigned)).toBe(401);
    }
  });

  test('another algorithm, with the right key or with the public key of the registry as the secret', async () => {
    const { kid, key } = await currentTokenKey(world.deps.settings);
    const longer = new Uint8Array(64);
    longer.set(key);
    expect(await statusWith(await forge({}, { alg: 'HS512' }, longer))).toBe(401);
    const { pem } = await world.deps.signer.key();
    expect(await statusWith(await forge({}, {}, new TextEncoder().encode(pem)))).toBe(401);
    const asRsa = `${encode({ alg: 'RS256', typ: 'JWT', kid })}.${encode(await claims())}`;
    const { signature } = await world.deps.signer.sign(new TextEncoder().encode(asRsa));
    expect(await statusWith(`${asRsa}.${Buffer.from(signature).toString('base64url')}`)).toBe(401);
  });

  test.each<[string, Record<string, unknown>]>([
    ['no key id', { kid: undefined }],
    ['an unknown key id', { kid: '0'.repeat(16) }],
    ['another type', { typ: 'at+jwt' }],
    ['no type', { typ: undefined }],
    ['an extension that must be understood', { crit: ['exp'], exp: 1 }],
  ])('%s in the header', async (_, header) => {
    const { key, kid } = await currentTokenKey(world.deps.settings);
    const all = { alg: 'HS256', typ: 'JWT', kid, ...header };
    const signed = await new SignJWT(await claims()).setProtectedHeader(all).sign(key, { crit: { exp: true } });
    expect(await statusWith(signed)).toBe(401);
  });

  test.each<[string, Record<string, unknown>]>([
    ['another audience', { aud: 'https://elsewhere.example' }],
    ['no audience', { aud: undefined }],
    ['another issuer', { iss: 'https://elsewhere.example' }],
    ['no issuer', { iss: undefined }],
    ['an end in the past', { exp: START / 1000 - 31 }],
    ['no end', { exp: undefined }],
    ['a beginning in the future', { nbf: START / 1000 + 31 }],
    ['an id that was never issued', { jti: 'unknown' }],
    ['no id', { jti: undefined }],
    ['another namespace than the row', { sub: 'other' }],
    ['no namespace', { sub: undefined }],
  ])('%s', async (_, change) => {
    expect(await statusWith(await forge(change))).toBe(401);
  });

  test('one of the hub under another origin', async () => {
    const token = await tokenOf();
    const elsewhere = await world.fetch(new Request('http://other.test/v1/whoami', { headers: bearer(token) }));
    expect(elsewhere.status).toBe(401);
    Object.assign(world.deps.settings, { publicUrl: 'https://hub.example' });
    expect(await statusWith(token)).toBe(401);
    const named = await tokenOf();
    expect(decodeJwt(named)).toMatchObject({ iss: 'https://hub.example', aud: 'https://hub.example' });
    expect(await statusWith(named)).toBe(200);
  });

  test('a read link, and a token is no read link', async () => {
    await publish(world, acme.key, { name: 'secret-plan' }, '?visibility=private');
    const made = await postJson(world, '/v1/packages/acme/secret-plan/link', {}, acme.headers);
    const { url } = await made.json<{ url: string }>();
    const [, link = ''] = /\/t\/([^/]+)\//.exec(url) ?? [];
    expect(link.split('.').length).toBe(3);
    expect(await statusWith(link)).toBe(401);
    const path = (token: string) => `/t/${token}/acme/secret-plan/.well-known/agent-skills/index.json`;
    expect((await world.fetch(path(link))).status).toBe(200);
    expect((await world.fetch(path(await tokenOf()))).status).toBe(404);
  });
});
