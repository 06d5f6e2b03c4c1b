import { expect, test } from 'vitest';
import { bearer, furtherKey, getJson, newNamespace, postJson, problemOf, tarGz, upload } from '../support/skills.ts';
import { createWorld, OPERATOR_KEY, type World } from '../support/world.ts';

interface Key {
  id: string;
  namespace: string;
  label: string;
  scopes: string[];
  hint: string;
  created_at: string;
  last_used_at: string | null;
}

const keysOf = async (world: World, headers: Record<string, string>, query = '') =>
  (await getJson<{ keys: Key[] }>(world, `/v1/keys${query}`, headers)).keys;
const revoke = (world: World, id: string, headers: Record<string, string>) =>
  world.fetch(`/v1/keys/${id}`, { method: 'DELETE', headers });

test('keys are listed oldest first and without their secrets', async () => {
  const world = await createWorld();
  const { key, headers } = await newNamespace(world);
  world.advance(1_000);
  const ci = await furtherKey(world, key, ['read']);
  const response = await world.fetch('/v1/keys', { headers });
  expect(response.headers.get('cache-control')).toBe('no-store');
  const text = await response.text();
  expect(JSON.parse(text)).toEqual({
    keys: [
      {
        id: expect.any(String),
        namespace: 'acme',
        label: 'first key',
        scopes: ['read', 'publish', 'admin'],
        hint: key.slice(0, 8),
        created_at: '2026-01-01T00:00:00.000Z',
        last_used_at: '2026-01-01T00:00:01.000Z',
        expires_at: null,
      },
      {
        id: ci.id,
        namespace: 'acme',
        label: 'ci',
        scopes: ['read'],
        hint: ci.key.slice(0, 8),
        created_at: '2026-01-01T00:00:01.000Z',
        last_used_at: null,
        expires_at: null,
      },
    ],
  });
  expect(text).not.toContain(key.slice(8));
  expect(text).not.toContain('hash');
});

test('a new key may read and publish unless told otherwise', async () => {
  const world = await createWorld();
  const { headers } = await newNamespace(world);
  const response = await postJson(world, '/v1/keys', { label: 'laptop' }, headers);
  expect(response.status).toBe(201);
  expect(response.headers.get('cache-control')).toBe('no-store');
  const body = await response.json<{ id: string; api_key: string }>();
  expect(body).toEqual({
    id: expect.any(String),
    api_key: expect.stringMatching(/^skh_[0-9a-f]{64}$/),
    namespace: 'acme',
    expires_at: null,
  });
  expect(await getJson(world, '/v1/whoami', bearer(body.api_key))).toEqual({
    kind: 'key',
    namespace: 'acme',
    scopes: ['read', 'publish'],
  });
});

test.each([
  [{}, 'label'],
  [{ label: '' }, 'label'],
  [{ label: 'x'.repeat(65) }, 'label'],
  [{ label: 'x', scopes: [] }, 'scopes'],
  [{ label: 'x', scopes: ['root'] }, 'scopes.0'],
])('%j makes no key', async (body, path) => {
  const world = await createWorld();
  const { headers } = await newNamespace(world);
  expect(await problemOf(await postJson(world, '/v1/keys', body, headers))).toMatchObject({
    status: 422,
    code: 'invalid_body',
    errors: [{ path }],
  });
});

test('a revoked key is unknown from then on', async () => {
  const world = await createWorld();
  const { key, headers } = await newNamespace(world);
  const ci = await furtherKey(world, key, ['read']);
  const response = await revoke(world, ci.id, headers);
  expect(response.status).toBe(204);
  expect(await response.text()).toBe('');
  expect(await problemOf(await world.fetch('/v1/whoami', { headers: ci.headers }))).toMatchObject({
    status: 401,
    code: 'unauthorized',
  });
  expect(await keysOf(world, headers)).toHaveLength(1);
  expect(await problemOf(await revoke(world, ci.id, headers))).toMatchObject({ status: 404, code: 'not_found' });
});

test('a weak key may revoke itself, but no other', async () => {
  const world = await createWorld();
  const { key, headers } = await newNamespace(world);
  const [first] = await keysOf(world, headers);
  const ci = await furtherKey(world, key, ['read']);
  expect(await problemOf(await revoke(world, first?.id ?? '', ci.headers))).toMatchObject({
    status: 403,
    code: 'forbidden',
  });
  expect((await revoke(world, ci.id, ci.headers)).status).toBe(204);
  expect((await world.fetch('/v1/whoami', { headers: ci.headers })).status).toBe(401);
});

test('the keys of another namespace do not exist for its neighbours', async () => {
  const world = await createWorld();
  const { headers } = await newNamespace(world);
  const neighbour = await newNamespace(world, 'umbrella');
  const [first] = await keysOf(world, headers);
  const foreign = await problemOf(await revoke(world, first?.id ?? '', neighbour.headers));
  const missing = await problemOf(await revoke(world, 'no-such-key', neighbour.headers));
  expect(foreign).toMatchObject({ status: 404, code: 'not_found' });
  expect(foreign).toEqual(missing);
  expect((await world.fetch('/v1/whoami', { headers })).status).toBe(200);
  const listed = await world.fetch('/v1/keys?namespace=acme', { headers: neighbour.headers });
  expect(await problemOf(listed)).toMatchObject({ status: 403, code: 'forbidden' });
});

test.each([['read'], ['publish']])('a key with the scope %s cannot manage keys', async (scope) => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  const { headers } = await furtherKey(world, key, [scope]);
  const refused = { status: 403, code: 'forbidden', detail: "Your key lacks the scope 'admin'." };
  expect(await problemOf(await world.fetch('/v1/keys', { headers }))).toMatchObject(refused);
  expect(await problemOf(await postJson(world, '/v1/keys', { label: 'x' }, headers))).toMatchObject(refused);
});

test('a key that may only read cannot publish', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  const reader = await furtherKey(world, key, ['read']);
  expect(await problemOf(await upload(world, reader.key, await tarGz()))).toMatchObject({
    status: 403,
    code: 'forbidden',
    detail: "Your key lacks the scope 'publish'.",
  });
  const publisher = await furtherKey(world, key, ['publish']);
  expect((await upload(world, publisher.key, await tarGz())).status).toBe(202);
});

test.each([
  ['GET', '/v1/keys'],
  ['POST', '/v1/keys'],
  ['DELETE', '/v1/keys/x'],
  ['GET', '/v1/whoami'],
])('%s %s needs a key', async (method, path) => {
  const world = await createWorld();
  const response = await world.fetch(path, { method });
  expect(response.headers.get('www-authenticate')).toBe('Bearer realm="skills-hub"');
  expect(await problemOf(response)).toMatchObject({
    status: 401,
    code: 'unauthorized',
    detail: 'This needs an API key.',
  });
});

test('the time of the last use is kept to the hour', async () => {
  const world = await createWorld();
  const { headers } = await newNamespace(world);
  const lastUse = async () => (await keysOf(world, headers))[0]?.last_used_at;
  expect(await lastUse()).toBe('2026-01-01T00:00:00.000Z');
  world.advance(3_599_999);
  expect(await lastUse()).toBe('2026-01-01T00:00:00.000Z');
  world.advance(1);
  expect(await lastUse()).toBe('2026-01-01T01:00:00.000Z');
});

test('an operator manages the keys of the namespace that the query names', async () => {
  const world = await createWorld();
  const { headers } = await newNamespace(world);
  const operator = bearer(OPERATOR_KEY);
  expect(await getJson(world, '/v1/whoami', operator)).toEqual({
    kind: 'operator',
    namespace: null,
    scopes: ['read', 'publish', 'admin'],
  });
  expect(await problemOf(await world.fetch('/v1/keys', { headers: operator }))).toMatchObject({
    status: 400,
    code: 'invalid_request',
    fix: 'Name one: --namespace <slug>, or ?namespace=<slug>.',
  });
  const created = await postJson(world, '/v1/keys?namespace=acme', { label: 'rescue', scopes: ['admin'] }, operator);
  expect(created.status).toBe(201);
  const { id } = await created.json<{ id: string }>();
  expect((await keysOf(world, operator, '?namespace=acme')).map(({ label }) => label).sort()).toEqual([
    'first key',
    'rescue',
  ]);
  expect((await revoke(world, id, operator)).status).toBe(204);
  expect(await keysOf(world, headers)).toHaveLength(1);
});

test('an operator cannot make a key for a namespace that is not there', async () => {
  const world = await createWorld();
  const response = await postJson(world, '/v1/keys?namespace=ghost', { label: 'x' }, bearer(OPERATOR_KEY));
  expect(await problemOf(response)).toMatchObject({ status: 404, code: 'not_found' });
});

test.each(['Bearer', 'Bearer ', 'Basic YTpi', 'skh_x', 'Bearer a b'])('%j is no key', async (authorization) => {
  const world = await createWorld();
  expect(await problemOf(await world.fetch('/v1/whoami', { headers: { authorization } }))).toMatchObject({
    status: 401,
    code: 'unauthorized',
    detail: 'The Authorization header is not of the form "Bearer <key>".',
  });
});

test('the word Bearer may be written in any case', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  expect((await world.fetch('/v1/whoami', { headers: { authorization: `bearer  ${key}` } })).status).toBe(200);
});

test('an unknown key is refused even where none is needed', async () => {
  const world = await createWorld();
  const headers = bearer(`skh_${'0'.repeat(64)}`);
  expect(await problemOf(await world.fetch('/v1/search', { headers }))).toMatchObject({
    status: 401,
    detail: 'This API key is unknown or revoked.',
  });
});

test('a hub without an operator takes no operator key', async () => {
  const world = await createWorld({ settings: { operatorKeyHash: undefined } });
  expect((await world.fetch('/v1/whoami', { headers: bearer(OPERATOR_KEY) })).status).toBe(401);
});
