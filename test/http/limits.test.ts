import { expect, test } from 'vitest';
import { postJson, problemOf, publish, streamed, worldWithKey } from '../support/skills.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const LIMIT = 64 * 1024;
const spaces = (length: number) => new Uint8Array(length).fill(0x20);

/** Takes a body of JSON under each dialect, and what each says of one that is too large. */
const PLACES = [
  ['/v1/keys', 413],
  ['/api/v1/skills/-/scan', 413],
  ['/api/v1/auth/token', 400],
  ['/api/cli/device/code', 413],
] as const;

test.each(PLACES)('%s counts a body in pieces and without a length', async (path, status) => {
  const { world, headers } = await worldWithKey();
  const pieces = Array.from({ length: 17 }, () => spaces(4096));
  expect((await world.fetch(streamed(path, { ...headers, ...JSON_TYPE }, ...pieces))).status).toBe(status);
});

test.each(PLACES)('%s believes a length that says too much', async (path, status) => {
  const { world, headers } = await worldWithKey();
  const claimed = { ...headers, ...JSON_TYPE, 'content-length': String(LIMIT + 1) };
  expect((await world.fetch(streamed(path, claimed, spaces(1)))).status).toBe(status);
});

test.each(PLACES)('%s does not believe one that says too little, or nothing', async (path, status) => {
  const { world, headers } = await worldWithKey();
  for (const length of ['5', '-1', 'many']) {
    const claimed = { ...headers, ...JSON_TYPE, 'content-length': length };
    expect((await world.fetch(streamed(path, claimed, spaces(LIMIT), spaces(1)))).status).toBe(status);
  }
});

test('an archive is counted too, whatever its length says', async () => {
  const { world, headers } = await worldWithKey();
  world.deps.settings.limits = { ...world.deps.settings.limits, maxArchiveBytes: 1000 };
  for (const length of [undefined, '5']) {
    const claimed = { ...headers, ...(length === undefined ? {} : { 'content-length': length }) };
    expect((await world.fetch(streamed('/v1/publish', claimed, spaces(600), spaces(600)))).status).toBe(413);
  }
});

test.each([
  ['arrays', '['.repeat(30_000)],
  ['arrays that end', `${'['.repeat(30_000)}${']'.repeat(30_000)}`],
  ['objects', '{"a":'.repeat(10_000)],
])('JSON that is deep in %s is refused as any that does not fit', async (_, text) => {
  const { world, headers } = await worldWithKey();
  const response = await world.fetch('/v1/keys', { method: 'POST', headers: { ...headers, ...JSON_TYPE }, body: text });
  const ends = text.endsWith(']');
  expect((await problemOf(response)).status).toBe(ends ? 422 : 400);
  expect(world.logs.filter(({ level }) => level === 'error')).toEqual([]);
});

test('a query may have many parameters; those that nobody asked for change nothing', async () => {
  const { world, key } = await worldWithKey();
  await publish(world, key);
  const many = Array.from({ length: 5_000 }, (_, at) => `p${at}=1`).join('&');
  const plain = await (await world.fetch('/v1/search?q=pdf')).json();
  expect(await (await world.fetch(`/v1/search?q=pdf&${many}`)).json()).toEqual(plain);
});

test.each([
  ['/v1/search?q=', 400],
  ['/api/search?q=', 400],
  ['/v1/packages/acme/', 404],
  ['/v1/download/acme/pdf-tools/', 400],
  ['/api/v1/skills/', 400],
  ['/t/', 404],
  ['/', 404],
] as const)('a long address after %s is an error of the caller', async (path, status) => {
  const { world, key } = await worldWithKey();
  await publish(world, key);
  expect((await world.fetch(`${path}${'a'.repeat(20_000)}`)).status).toBe(status);
  expect(world.logs.filter(({ level }) => level === 'error')).toEqual([]);
});

test('a long key, or a long header of any kind, is no fault of the hub', async () => {
  const { world } = await worldWithKey();
  const long = 'a'.repeat(20_000);
  expect((await world.fetch('/v1/whoami', { headers: { authorization: `Bearer ${long}` } })).status).toBe(401);
  expect((await world.fetch('/v1/search', { headers: { 'x-anything': long, 'if-none-match': long } })).status).toBe(
    200,
  );
  const dots = { authorization: `Bearer ${'a'.repeat(9_000)}.${'b'.repeat(9_000)}.c` };
  expect((await world.fetch('/v1/whoami', { headers: dots })).status).toBe(401);
});

test('a list in a body has an end', async () => {
  const { world } = await worldWithKey();
  const items = Array.from({ length: 101 }, () => ({ slug: 'pdf-tools', version: '1.0.0' }));
  expect((await postJson(world, '/api/v1/skills/-/security-verdicts', { items })).status).toBe(400);
});
