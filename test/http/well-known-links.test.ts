import { SignJWT } from 'jose';
import { beforeEach, expect, test } from 'vitest';
import { bearer, furtherKey, getJson, newNamespace, postJson, problemOf, publish } from '../support/skills.ts';
import { issueToken } from '../support/tokens.ts';
import { createWorld, type World } from '../support/world.ts';

const LINK = '/v1/packages/acme/secret-plans/link';
const REST = ['.well-known/agent-skills/index.json', '.well-known/skills/index.json'];
const NEVER = 'private, no-store';

let world: World;
let key: string;
let headers: { authorization: string };

beforeEach(async () => {
  world = await createWorld({ settings: { maxNameDistance: 0 } });
  ({ key, headers } = await newNamespace(world));
  for (const name of ['secret-plans', 'other-plans']) {
    await publish(world, key, { name, body: `This is ${name}.\n` }, '?visibility=private');
  }
});

async function link(body: unknown = {}, as: Record<string, string> = headers): Promise<string> {
  const { url } = await (await postJson(world, LINK, body, as)).json<{ url: string }>();
  return new URL(url).pathname;
}

/** A 404 about one skill, without the path that the token is in. */
async function missing(path: string): Promise<unknown> {
  const response = await world.fetch(path);
  expect(response.headers.get('cache-control')).toBe(NEVER);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  return problemOf(response);
}

test('a link opens index, archive and files of one private skill, and nobody keeps them', async () => {
  const made = await postJson(world, LINK, {}, headers);
  expect(made.status).toBe(200);
  expect(made.headers.get('cache-control')).toBe('no-store');
  const { url, expires_at } = await made.json<{ url: string; expires_at: string }>();
  expect(url).toMatch(/^http:\/\/hub\.test\/t\/[\w-]+\.[\w-]+\.[\w-]+\/acme\/secret-plans$/);
  expect(expires_at).toBe(new Date(world.clock.now() + 3_600_000).toISOString());

  const path = new URL(url).pathname;
  const { skills } = await getJson<{ skills: { url: string; digest: string }[] }>(world, `${path}/${REST[0]}`);
  expect(skills).toMatchObject([{ name: 'secret-plans', url: `${path}/.well-known/agent-skills/1.0.0.tar.gz` }]);
  const older = await getJson(world, `${path}/${REST[1]}`);
  expect(older).toMatchObject({ skills: [{ name: 'secret-plans', files: ['SKILL.md'] }] });
  const file = await world.fetch(`${path}/.well-known/skills/secret-plans/SKILL.md`);
  expect(await file.text()).toContain('This is secret-plans.');
  for (const opened of [...REST, '.well-known/agent-skills/1.0.0.tar.gz', '.well-known/skills/secret-plans/SKILL.md']) {
    const response = await world.fetch(`${path}/${opened}`);
    expect(response.status, opened).toBe(200);
    expect(response.headers.get('cache-control')).toBe(NEVER);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect((await world.fetch(`${path}/${opened}`, { method: 'HEAD' })).headers.get('cache-control')).toBe(NEVER);
  }
});

test('a link ends with the key or token that asks for it', async () => {
  const made = await postJson(world, '/v1/keys', { label: 'ci', expires_in: 3_600 }, headers);
  const { api_key } = await made.json<{ api_key: string }>();
  const token = await issueToken(world, { expiresIn: 600 }, headers);
  for (const [credential, seconds] of [
    [api_key, 3_600],
    [token.token, token.expiresIn],
  ] as const) {
    const answer = await postJson(world, LINK, { expires_in: 86_400 }, bearer(credential));
    const { url, expires_at } = await answer.json<{ url: string; expires_at: string }>();
    expect(expires_at).toBe(new Date(world.clock.now() + seconds * 1000).toISOString());
    const index = `${new URL(url).pathname}/${REST[0]}`;
    expect((await world.fetch(index)).status).toBe(200);
    world.advance(seconds * 1000);
    expect((await world.fetch(index)).status).toBe(404);
    world.advance(-seconds * 1000);
  }
});

test('a link names the version that is asked for', async () => {
  await publish(world, key, { name: 'secret-plans', version: '2.0.0' });
  const { skills } = await getJson<{ skills: { version: string }[] }>(world, `${await link()}@^1/${REST[0]}`);
  expect(skills).toMatchObject([{ version: '1.0.0' }]);
});

test('a link leads to no other skill of the namespace', async () => {
  const path = await link();
  const elsewhere = path.replace('secret-plans', 'other-plans');
  const answer = { status: 404, detail: 'There is no skill @acme/other-plans.' };
  for (const rest of REST) expect(await missing(`${elsewhere}/${rest}`)).toMatchObject(answer);
  expect(await missing(`${elsewhere}/.well-known/agent-skills/1.0.0.tar.gz`)).toMatchObject(answer);
  expect(await missing(`${path}/.well-known/skills/other-plans/SKILL.md`)).toMatchObject(answer);
  expect((await world.fetch(`${path.replace('/secret-plans', '')}/${REST[0]}`)).status).toBe(404);
});

test('a link reads nothing but discovery, and its token is no key', async () => {
  const path = await link();
  const token = path.split('/')[2] ?? '';
  expect((await world.fetch('/v1/whoami', { headers: bearer(token) })).status).toBe(401);
  expect((await world.fetch(`/acme/secret-plans/${REST[0]}`)).status).toBe(404);
  expect((await world.fetch(path)).status).toBe(404);
  expect(await missing(`${path}/v1/whoami`)).toMatchObject({ status: 404 });
});

test('a link ends with its time, to the second', async () => {
  const path = await link({ expires_in: 60 });
  world.advance(59_000);
  expect((await world.fetch(`${path}/${REST[0]}`)).status).toBe(200);
  world.advance(1_000);
  expect((await world.fetch(`${path}/${REST[0]}`)).status).toBe(404);
});

test('false, altered, expired and foreign tokens answer as a missing skill does', async () => {
  const path = await link({ expires_in: 60 });
  const [, , token = ''] = path.split('/');
  const [head = '', payload = '', signature = ''] = token.split('.');
  const none = btoa('{"alg":"none"}').replaceAll('=', '');
  const bare = (claims: Record<string, string>) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setExpirationTime(world.clock.now() / 1000 + 60);
  const forged = await bare({ sub: '1', aud: 'skills-hub:read-link' }).sign(
    new TextEncoder().encode(world.deps.settings.sessionKey),
  );
  const flipped = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
  const tokens = ['x', 'a.b.c', `${none}.${payload}.`, `${head}.${payload}.${flipped}`, forged];
  const known = await missing(`/t/${'a'.repeat(40)}/acme/secret-plans/${REST[0]}`);
  expect(known).toEqual(await problemOf(await world.fetch(`/acme/secret-plans/${REST[0]}`)));
  for (const bad of tokens) expect(await missing(`/t/${bad}/acme/secret-plans/${REST[0]}`), bad).toEqual(known);

  const otherHub = await createWorld({ settings: { sessionKey: 'cd'.repeat(32) } });
  const theirs = await newNamespace(otherHub);
  await publish(otherHub, theirs.key, { name: 'secret-plans' });
  const { url } = await (await postJson(otherHub, LINK, {}, theirs.headers)).json<{ url: string }>();
  expect(await missing(`${new URL(url).pathname}/${REST[0]}`)).toEqual(known);
  world.advance(60_000);
  expect(await missing(`${path}/${REST[0]}`)).toEqual(known);
});

test('a key that may only read makes links; of others, none', async () => {
  const reader = await furtherKey(world, key, ['read']);
  expect((await world.fetch(`${await link({}, reader.headers)}/${REST[0]}`)).status).toBe(200);
  const other = await newNamespace(world, 'other');
  expect((await world.fetch(LINK, { method: 'POST' })).status).toBe(401);
  expect(await problemOf(await postJson(world, LINK, {}, other.headers))).toMatchObject({
    status: 404,
    detail: 'There is no skill @acme/secret-plans.',
  });
  await publish(world, key, { name: 'open-book' });
  expect(await problemOf(await postJson(world, '/v1/packages/acme/open-book/link', {}, other.headers))).toMatchObject({
    status: 403,
    code: 'forbidden',
  });
});

test('a link needs no body', async () => {
  const response = await world.fetch(LINK, { method: 'POST', headers });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ expires_at: new Date(world.clock.now() + 3_600_000).toISOString() });
});

test.each([0, -1, 1.5, 86_401, '60', null])('a link does not live for %j seconds', async (expires_in) => {
  expect(await problemOf(await postJson(world, LINK, { expires_in }, headers))).toMatchObject({
    status: 422,
    code: 'invalid_body',
  });
});

test('a link lives for a day at most', async () => {
  const made = await postJson(world, LINK, { expires_in: 86_400 }, headers);
  expect(await made.json()).toMatchObject({ expires_at: new Date(world.clock.now() + 86_400_000).toISOString() });
});

test('a link begins with the address under which people reach the hub', async () => {
  world.deps.settings.publicUrl = 'https://skills.example.com';
  const { url } = await (await postJson(world, LINK, {}, headers)).json<{ url: string }>();
  expect(url).toMatch(/^https:\/\/skills\.example\.com\/t\/[^/]+\/acme\/secret-plans$/);
});

test('no token gets into the log', async () => {
  const path = await link();
  await world.fetch(`${path}/${REST[0]}`);
  expect(JSON.stringify(world.logs)).not.toContain(path.split('/')[2]);
});
