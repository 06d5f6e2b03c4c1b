import { expect, test } from 'vitest';
import { SWEPT_KEYS } from '../../src/core/accounts/sweep-keys.ts';
import {
  bearer,
  furtherKey,
  getJson,
  newNamespace,
  postJson,
  problemOf,
  tarGz,
  upload,
  worldWithKey,
} from '../support/skills.ts';
import { OPERATOR_KEY, type World } from '../support/world.ts';

const DAY = 86_400;
const START = Date.UTC(2026, 0, 1);

type Headers = Record<string, string>;

const make = (world: World, headers: Headers, body: object, query = '') =>
  postJson(world, `/v1/keys${query}`, { label: 'ci', ...body }, headers);

async function limited(world: World, headers: Headers, body: object = {}) {
  const response = await make(world, headers, { expires_in: DAY, ...body });
  expect(response.status).toBe(201);
  const { api_key, id } = await response.json<{ api_key: string; id: string }>();
  return { id, key: api_key, headers: bearer(api_key) };
}

const listed = async (world: World, headers: Headers) =>
  (await getJson<{ keys: { id: string; expires_at: string | null }[] }>(world, '/v1/keys', headers)).keys;

test('a key says when it expires, is taken until then, and is refused with a reason of its own from then on', async () => {
  const { world, headers } = await worldWithKey();
  const response = await make(world, headers, { expires_in: DAY });
  expect(response.status).toBe(201);
  const made = await response.json<{ id: string; api_key: string }>();
  const expires_at = '2026-01-02T00:00:00.000Z';
  expect(made).toEqual({
    id: expect.any(String),
    api_key: expect.stringMatching(/^skh_[0-9a-f]{64}$/),
    namespace: 'acme',
    expires_at,
  });
  const whoami = () => world.fetch('/v1/whoami', { headers: bearer(made.api_key) });
  world.advance(DAY * 1000 - 1);
  expect(await (await whoami()).json()).toEqual({
    kind: 'key',
    namespace: 'acme',
    scopes: ['read', 'publish'],
    expires_at,
  });
  world.advance(1);
  const refused = await whoami();
  expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="skills-hub"');
  expect(await problemOf(refused)).toMatchObject({
    status: 401,
    code: 'key_expired',
    detail: 'This API key expired at 2026-01-02T00:00:00.000Z.',
    fix: 'Run `skills login` for a new one.',
  });
});

test('what an expired key asks for is not done, not even where no key is needed', async () => {
  const { world, headers } = await worldWithKey();
  const { key, headers: late } = await limited(world, headers);
  world.advance(DAY * 1000);
  for (const path of ['/v1/search', '/v1/keys', '/v1/stars']) {
    expect(await problemOf(await world.fetch(path, { headers: late }))).toMatchObject({
      status: 401,
      code: 'key_expired',
    });
  }
  expect(await problemOf(await upload(world, key, await tarGz()))).toMatchObject({ status: 401, code: 'key_expired' });
  expect((await getJson<{ total: number }>(world, '/v1/search')).total).toBe(0);
});

test('other dialects refuse it in their own words', async () => {
  const { world, headers } = await worldWithKey();
  const { headers: late } = await limited(world, headers);
  world.advance(DAY * 1000);
  const clawhub = await world.fetch('/api/v1/whoami', { headers: late });
  expect([clawhub.status, await clawhub.text()]).toEqual([
    401,
    'This API key expired at 2026-01-02T00:00:00.000Z. `skills login` issues a key; hand it over with `clawhub login --token <key>`.',
  ]);
  const hub = await world.fetch('/api/v1/skill/search', { headers: late });
  expect([hub.status, await hub.json()]).toEqual([401, expect.objectContaining({ code: 401, success: false })]);
});

test('the list shows it, also for thirty days after its end; then a sweep removes it', async () => {
  const { world, headers } = await worldWithKey();
  const { id, headers: late } = await limited(world, headers);
  const end = async () => (await listed(world, headers)).find((key) => key.id === id)?.expires_at;
  expect(await end()).toBe('2026-01-02T00:00:00.000Z');
  world.advance(31 * DAY * 1000);
  await world.sweep();
  expect(await end()).toBe('2026-01-02T00:00:00.000Z');
  world.advance(1);
  await world.sweep();
  expect((await listed(world, headers)).map(({ expires_at }) => expires_at)).toEqual([null]);
  expect(await problemOf(await world.fetch(`/v1/keys/${id}`, { method: 'DELETE', headers }))).toMatchObject({
    status: 404,
  });
  expect(await problemOf(await world.fetch('/v1/whoami', { headers: late }))).toMatchObject({ code: 'unauthorized' });
  expect(world.logs.filter(({ event }) => event === 'sweep.failed')).toEqual([]);
});

test('a key is kept while a token names it', async () => {
  const { world, headers } = await worldWithKey();
  const { id, headers: brief } = await limited(world, headers);
  expect((await postJson(world, '/api/v1/auth/token', {}, brief)).status).toBe(200);
  world.advance(32 * DAY * 1000);
  await world.client.execute(`UPDATE access_tokens SET expires_at = ${START + 40 * DAY * 1000}`);
  const ids = async () => (await listed(world, headers)).map((key) => key.id);
  await world.sweep();
  expect(await ids()).toContain(id);
  await world.client.execute('DELETE FROM access_tokens');
  await world.sweep();
  expect(await ids()).not.toContain(id);
  expect(world.logs.filter(({ event }) => event === 'sweep.failed')).toEqual([]);
});

test('a sweep removes some hundred keys, and the next ones go on; tokens are found by an index', async () => {
  const { world } = await worldWithKey();
  await world.client.execute(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${SWEPT_KEYS + 7})
     INSERT INTO api_keys (id, namespace, hash, hint, label, scopes, created_at, expires_at)
     SELECT 'old-' || i, 'acme', 'hash-' || i, '', '', '[]', 0, i FROM n`,
  );
  const left = async () =>
    (await world.client.execute("SELECT count(*) AS n FROM api_keys WHERE id LIKE 'old-%'")).rows[0]?.n;
  await world.sweep();
  expect(await left()).toBe(7);
  await world.sweep();
  expect(await left()).toBe(0);
  const { rows } = await world.client.execute("EXPLAIN QUERY PLAN SELECT 1 FROM access_tokens WHERE key_id = 'k'");
  expect(rows.map(({ detail }) => String(detail))).toEqual([expect.stringMatching(/^SEARCH .* access_tokens_key /)]);
});

test('a token of an expiring key ends with it', async () => {
  const { world, headers } = await worldWithKey();
  const { headers: brief } = await limited(world, headers, { expires_in: 90 });
  const issued = await postJson(world, '/api/v1/auth/token', {}, brief);
  const { data } = await issued.json<{ data: { token: string; expiresIn: number; expiresAt: string } }>();
  expect(data).toMatchObject({ expiresIn: 90, expiresAt: '2026-01-01T00:01:30.000Z' });
  const whoami = () => world.fetch('/v1/whoami', { headers: bearer(data.token) });
  expect(await (await whoami()).json()).toMatchObject({ expires_at: '2026-01-01T00:01:30.000Z' });
  // Clocks may differ by a little, so the token itself would still be taken.
  world.advance(90_000);
  expect(await problemOf(await whoami())).toMatchObject({ status: 401, code: 'unauthorized' });
});

test('a key that expires makes none that outlives it', async () => {
  const { world, headers } = await worldWithKey();
  const { headers: brief } = await limited(world, headers, { scopes: ['admin'] });
  const refused = {
    status: 403,
    code: 'forbidden',
    detail: 'A key that expires cannot make a key that outlives it.',
    fix: 'Let the new one expire by 2026-01-02T00:00:00.000Z, or use a key that does not expire.',
  };
  expect(await problemOf(await make(world, brief, {}))).toMatchObject(refused);
  expect(await problemOf(await make(world, brief, { expires_in: DAY + 1 }))).toMatchObject(refused);
  expect((await make(world, brief, { expires_in: DAY })).status).toBe(201);
  expect(await listed(world, headers)).toHaveLength(3);
});

test.each([0, -1, 1.5, '30d', 315_360_001])('a key cannot expire in %j', async (expires_in) => {
  const { world, headers } = await worldWithKey();
  expect(await problemOf(await make(world, headers, { expires_in }))).toMatchObject({
    status: 422,
    code: 'invalid_body',
    errors: [{ path: 'expires_in' }],
  });
});

test('operators give expiring keys out, and a namespace to the ones that it made', async () => {
  const { world, headers } = await worldWithKey();
  await postJson(world, '/api/v1/publishers', { handle: 'acme-labs' }, headers);
  await newNamespace(world, 'umbrella');
  const expires_at = '2026-01-01T00:01:00.000Z';
  const forLabs = await make(world, headers, { expires_in: 60 }, '?namespace=acme-labs');
  expect(await forLabs.json()).toMatchObject({ namespace: 'acme-labs', expires_at });
  const byOperator = await make(world, bearer(OPERATOR_KEY), { expires_in: 60 }, '?namespace=umbrella');
  expect(await byOperator.json()).toMatchObject({ namespace: 'umbrella', expires_at });
  expect(await problemOf(await make(world, headers, { expires_in: 60 }, '?namespace=umbrella'))).toMatchObject({
    status: 403,
    code: 'forbidden',
  });
});

test('a key without an end says nothing of one', async () => {
  const { world, key } = await worldWithKey();
  const { headers } = await furtherKey(world, key, ['read']);
  world.advance(3650 * DAY * 1000);
  expect(await getJson(world, '/v1/whoami', headers)).toEqual({ kind: 'key', namespace: 'acme', scopes: ['read'] });
});
