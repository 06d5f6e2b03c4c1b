import { expect, test } from 'vitest';
import { ResponseCache } from '../../src/http/kit/response-cache.ts';
import { done, rename } from '../support/names.ts';
import { getJson, newNamespace, postJson, publish } from '../support/skills.ts';
import { unplugDatabase } from '../support/statements.ts';
import { createWorld, type World } from '../support/world.ts';

const PINNED = '/v1/packages/acme/pdf-tools/1.0.0';
const LATEST = '/v1/packages/acme/pdf-tools/latest';
const DOWNLOAD = '/v1/download/acme/pdf-tools/1.0.0';
const FOR_EVER = 'public, max-age=31536000, immutable';
const SHORT = 'public, max-age=30';
const NEVER_SHARED = 'private, no-cache';

async function worldWithSkill() {
  const world = await createWorld();
  const acme = await newNamespace(world);
  await publish(world, acme.key);
  return { world, ...acme };
}

const makePrivate = (world: World, headers: Record<string, string>) =>
  world.fetch('/v1/packages/acme/pdf-tools/visibility', {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{"visibility":"private"}',
  });

test.each([
  [PINNED, SHORT],
  [`${PINNED}/findings`, SHORT],
  [`${PINNED}/preview`, FOR_EVER],
  [DOWNLOAD, FOR_EVER],
  [`${DOWNLOAD}?format=zip`, FOR_EVER],
  [`${DOWNLOAD}/sig`, SHORT],
  ['/api/v1/skills/pdf-tools/1.0.0', SHORT],
  ['/api/v1/skills/pdf-tools/versions/1.0.0', SHORT],
  [LATEST, SHORT],
  ['/v1/packages/acme/pdf-tools/%5E1', SHORT],
  ['/v1/packages/acme/pdf-tools/v1.0.0', SHORT],
  ['/v1/packages/acme/pdf-tools/versions', SHORT],
  ['/v1/packages/acme/pdf-tools/latest/preview', SHORT],
  ['/v1/download/acme/pdf-tools/latest', SHORT],
  ['/v1/search?q=pdf', SHORT],
  ['/v1/search', SHORT],
])('%s may be kept: %s', async (path, expected) => {
  const { world, headers } = await worldWithSkill();
  const open = await world.fetch(path);
  expect(open.headers.get('cache-control')).toBe(expected);
  expect(open.headers.get('vary')).toBe('Authorization');
  expect(open.headers.get('etag')).toMatch(/^"[0-9a-f]{32,}(\.[\w-]{43}\.sig)?"$/);

  const known = await world.fetch(path, { headers });
  expect(known.status).toBe(200);
  expect(known.headers.get('cache-control')).toBe(NEVER_SHARED);
  expect(known.headers.get('vary')).toBe('Authorization');
  await makePrivate(world, headers);
  expect((await world.fetch(path, { headers })).headers.get('cache-control')).toBe(NEVER_SHARED);
});

test.each([
  ['/v1/packages/acme/ghost/1.0.0', 404],
  ['/v1/packages/acme/pdf-tools/newest', 404],
  ['/v1/packages/acme/pdf-tools/~newest', 400],
  ['/v1/jobs/ghost', 404],
  ['/v1/whoami', 401],
  ['/v1/nowhere', 404],
])('an error is not kept: %s', async (path, status) => {
  const { world } = await worldWithSkill();
  const response = await world.fetch(path);
  expect(response.status).toBe(status);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('etag')).toBeNull();
});

test('what was not found is found as soon as it is published', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  expect((await world.fetch(PINNED)).status).toBe(404);
  await publish(world, key);
  expect((await world.fetch(PINNED)).status).toBe(200);
});

test.each([PINNED, LATEST, DOWNLOAD, '/v1/search?q=pdf'])('%s answers 304 to whoever has it', async (path) => {
  const { world } = await worldWithSkill();
  const first = await world.fetch(path);
  const etag = first.headers.get('etag') ?? '';
  await first.arrayBuffer();
  for (const condition of [etag, `W/${etag}`, `"other", ${etag}`, `"other" , W/${etag},"third"`, '*']) {
    const response = await world.fetch(path, { headers: { 'if-none-match': condition } });
    expect(response.status, condition).toBe(304);
    expect(await response.text()).toBe('');
    expect(response.headers.get('etag')).toBe(etag);
    expect(response.headers.get('cache-control')).toBe(first.headers.get('cache-control'));
    expect(response.headers.get('vary')).toBe('Authorization');
    expect(response.headers.get('content-length')).toBeNull();
  }
  for (const condition of ['"other"', etag.replaceAll('"', ''), '']) {
    expect((await world.fetch(path, { headers: { 'if-none-match': condition } })).status, condition).toBe(200);
  }
});

test('the first request may be a conditional one', async () => {
  const { world } = await worldWithSkill();
  const etag = (await world.fetch(DOWNLOAD)).headers.get('etag') ?? '';
  world.advance(60_000);
  const response = await world.fetch(DOWNLOAD, { headers: { 'if-none-match': etag } });
  expect(response.status).toBe(304);
});

test('a key gets 304 as well, for what it may read', async () => {
  const { world, headers } = await worldWithSkill();
  await makePrivate(world, headers);
  const etag = (await world.fetch(DOWNLOAD, { headers })).headers.get('etag') ?? '';
  const response = await world.fetch(DOWNLOAD, { headers: { ...headers, 'if-none-match': etag } });
  expect(response.status).toBe(304);
  expect(response.headers.get('cache-control')).toBe(NEVER_SHARED);
  expect((await world.fetch(DOWNLOAD, { headers: { 'if-none-match': etag } })).status).toBe(404);
  expect((await world.fetch(DOWNLOAD, { headers: { 'if-none-match': '*' } })).status).toBe(404);
});

test.each([PINNED, DOWNLOAD, '/v1/search?q=pdf'])('HEAD %s says what GET says, without the body', async (path) => {
  const { world } = await worldWithSkill();
  for (const warm of [false, true]) {
    if (warm) await (await world.fetch(path)).arrayBuffer();
    const head = await world.fetch(path, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
    const get = await world.fetch(path);
    for (const name of ['cache-control', 'content-type', 'vary', 'content-disposition', 'x-content-type-options']) {
      expect(head.headers.get(name), name).toBe(get.headers.get(name));
    }
  }
  expect((await world.fetch('/v1/packages/acme/ghost/1.0.0', { method: 'HEAD' })).status).toBe(404);
});

test('HEAD of a download tells its size and ETag', async () => {
  const { world } = await worldWithSkill();
  const head = await world.fetch(DOWNLOAD, { method: 'HEAD' });
  const get = await world.fetch(DOWNLOAD);
  expect(head.headers.get('content-length')).toBe(String((await get.arrayBuffer()).byteLength));
  expect(head.headers.get('etag')).toBe(get.headers.get('etag'));
});

test.each([PINNED, LATEST, `${PINNED}/preview`, DOWNLOAD, '/v1/search?q=pdf', '/v1/packages/acme/pdf-tools/versions'])(
  'a hot %s does without the database',
  async (path) => {
    const { world } = await worldWithSkill();
    const cold = await world.fetch(path);
    const body = await cold.text();
    unplugDatabase(world);
    const hot = await world.fetch(path);
    expect(hot.status).toBe(200);
    expect(await hot.text()).toBe(body);
    expect([...hot.headers]).toEqual([...cold.headers]);
    world.advance(60_000);
    expect((await world.fetch(path)).status).toBe(500);
  },
);

test('an answer in memory is forgotten when a version is published', async () => {
  const { world, key } = await worldWithSkill();
  const all = ['latest', '%5E1', 'versions'].map((rest) => `/v1/packages/acme/pdf-tools/${rest}`);
  const paths = [...all, '/v1/search?q=pdf', '/v1/search'];
  const before = await Promise.all(paths.map(async (path) => (await world.fetch(path)).text()));
  await publish(world, key, { version: '1.1.0' });
  const after = await Promise.all(paths.map(async (path) => (await world.fetch(path)).text()));
  for (const [index, path] of paths.entries()) {
    expect(before[index], path).not.toContain('1.1.0');
    expect(after[index], path).toContain('1.1.0');
  }
});

test('an answer in memory is forgotten when its version is yanked, and again when it comes back', async () => {
  const { world, headers } = await worldWithSkill();
  const paths = [PINNED, LATEST, `${PINNED}/preview`, DOWNLOAD, `${DOWNLOAD}/sig`];
  const read = () => Promise.all(paths.map(async (path) => (await world.fetch(path)).status));
  expect(await read()).toEqual([200, 200, 200, 200, 200]);
  expect(await getJson(world, '/v1/search?q=pdf')).toMatchObject({ total: 1 });
  await postJson(world, `${PINNED}/yank`, {}, headers);
  expect(await read()).toEqual([404, 404, 404, 404, 404]);
  expect(await getJson(world, '/v1/search?q=pdf')).toMatchObject({ total: 0 });
  await postJson(world, `${PINNED}/unyank`, {}, headers);
  expect(await read()).toEqual([200, 200, 200, 200, 200]);
  expect(await getJson(world, '/v1/search?q=pdf')).toMatchObject({ total: 1 });
});

test('whoever kept the metadata of a version learns what is thought of it now, and what it is called', async () => {
  const { world, headers } = await worldWithSkill();
  const first = await world.fetch(PINNED);
  expect(await first.json()).toMatchObject({ name: 'pdf-tools', slug: 'pdf-tools', verdict: 'clean' });
  const ifChanged = { 'if-none-match': first.headers.get('etag') ?? '' };
  expect((await world.fetch(PINNED, { headers: ifChanged })).status).toBe(304);

  await world.client.execute("UPDATE versions SET verdict = 'malicious'");
  world.advance(60_000);
  const judged = await world.fetch(PINNED, { headers: ifChanged });
  expect(judged.status).toBe(200);
  expect(await judged.json()).toMatchObject({ verdict: 'malicious' });

  await done(await rename(world, headers, 'pdf-tools', 'pdf-kit'));
  const renamed = await world.fetch(PINNED, { headers: { 'if-none-match': judged.headers.get('etag') ?? '' } });
  expect(renamed.status).toBe(200);
  expect(await renamed.json()).toMatchObject({ name: 'pdf-kit', slug: 'pdf-kit' });
});

test('an answer in memory is forgotten when its skill becomes private', async () => {
  const { world, headers } = await worldWithSkill();
  const paths = [PINNED, LATEST, DOWNLOAD, '/v1/packages/acme/pdf-tools/versions'];
  const read = () => Promise.all(paths.map(async (path) => (await world.fetch(path)).status));
  expect(await read()).toEqual([200, 200, 200, 200]);
  await makePrivate(world, headers);
  expect(await read()).toEqual([404, 404, 404, 404]);
});

test('other skills stay in memory when one changes', async () => {
  const { world, key } = await worldWithSkill();
  await (await world.fetch(PINNED)).text();
  await publish(world, key, { name: 'csv-tools' });
  unplugDatabase(world);
  expect((await world.fetch(PINNED)).status).toBe(200);
});

test('a read that began before a change is not kept after it', async () => {
  const { world, headers } = await worldWithSkill();
  const { open } = world.bundles;
  world.bundles.open = async (key) => {
    world.bundles.open = open;
    await makePrivate(world, headers);
    return open(key);
  };
  expect((await world.fetch(DOWNLOAD)).status).toBe(200);
  expect((await world.fetch(DOWNLOAD)).status).toBe(404);
});

test.each([PINNED, '/v1/search?q=pdf'])('a request with a key does not fill the memory: %s', async (path) => {
  const { world, headers } = await worldWithSkill();
  await (await world.fetch(path, { headers })).text();
  unplugDatabase(world);
  expect((await world.fetch(path)).status).toBe(500);
});

test.each([PINNED, '/v1/search?q=pdf'])('a request with a key is not answered from memory: %s', async (path) => {
  const { world, headers } = await worldWithSkill();
  await (await world.fetch(path)).text();
  unplugDatabase(world);
  expect((await world.fetch(path)).status).toBe(200);
  expect((await world.fetch(path, { headers })).status).toBe(500);
});

test('what a key finds is not shown to the anonymous, nor the reverse', async () => {
  const { world, key, headers } = await worldWithSkill();
  await publish(world, key, { name: 'secret-tools' }, '?visibility=private');
  const total = async (as?: Record<string, string>) =>
    (await getJson<{ total: number }>(world, '/v1/search?q=tools', as)).total;
  expect(await total(headers)).toBe(2);
  expect(await total()).toBe(1);
  expect(await total(headers)).toBe(2);
});

test('a revoked key is not answered from memory', async () => {
  const { world, headers } = await worldWithSkill();
  await (await world.fetch(PINNED)).text();
  const { keys } = await getJson<{ keys: { id: string }[] }>(world, '/v1/keys', headers);
  await world.fetch(`/v1/keys/${keys[0]?.id}`, { method: 'DELETE', headers });
  expect((await world.fetch(PINNED, { headers })).status).toBe(401);
});

test('many small answers are bounded by the memory that they really take', async () => {
  const cache = new ResponseCache({ now: () => 0 }, { lifetimeMs: 60_000, maxBytes: 8_192, maxEntryBytes: 8_192 });
  const world = await createWorld({ deps: { cache } });
  for (let i = 0; i < 10; i++) await (await world.fetch(`/v1/search?q=nothing${i}`)).text();
  unplugDatabase(world);
  expect((await world.fetch('/v1/search?q=nothing9')).status).toBe(200);
  expect((await world.fetch('/v1/search?q=nothing0')).status).toBe(500);
});
