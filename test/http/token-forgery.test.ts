import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { currentTokenKey } from '../../src/core/accounts/token-keys.ts';
import { bearer, type KeyHolder, postJson, publish, worldWithKey } from '../support/skills.ts';
import { issueToken, START, statusOf } from '../support/tokens.ts';
import type { World } from '../support/world.ts';

let world: World;
let acme: KeyHolder;

beforeEach(async () => {
  ({ world, ...acme } = await worldWithKey());
});

const tokenOf = async () => (await issueToken(world, {}, acme.headers)).token;
const statusWith = (token: string) => statusOf(world, token);

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
