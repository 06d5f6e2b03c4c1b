import { expect, test } from 'vitest';
import { DEFAULT_SKILL_HUB } from '../../src/core/deps.ts';
import { readConfig } from '../../src/env.ts';
import { bindingsFor } from '../support/serve-setup.ts';
import { CURL, type Envelope, edited, hubGet, L, P, put, refusal } from '../support/skill-hub.ts';
import { newNamespace, publish } from '../support/skills.ts';
import { unplugDatabase } from '../support/statements.ts';
import { createWorld, type World } from '../support/world.ts';

async function worldWithCalendar(skillHub = DEFAULT_SKILL_HUB) {
  const world = await createWorld({ settings: { skillHub } });
  const alice = await newNamespace(world, 'alice');
  await publish(world, alice.key, { name: 'calendar' });
  return { world, ...alice };
}

const READS = ['search', 'versions/calendar', 'versions/calendar/1.0.0', 'download/calendar', 'detail/calendar'];
const status = async (world: World, path: string, headers: Record<string, string> = {}) =>
  (await world.fetch(path, { headers: { ...CURL, ...headers } })).status;

test.each(READS)('%s needs a key under the keyed prefix, and none under the open one', async (path) => {
  const { world, headers } = await worldWithCalendar();
  const response = await world.fetch(`${P}/${path}`, { headers: CURL });
  expect(response.headers.get('www-authenticate')).toBe('Bearer realm="skills-hub"');
  expect(response.headers.get('content-type')).toBe('application/json');
  expect((await refusal(response)).status).toBe(401);
  expect(await status(world, `${P}/${path}`, headers)).toBe(200);
  expect(await status(world, `${L}/${path}`)).toBe(200);
  expect(await status(world, `${L}/${path}`, headers)).toBe(200);
});

test('a key counts in Authorization and, bare, in X-API-Key; anything else there is a bad key', async () => {
  const { world, key } = await worldWithCalendar();
  const good: Record<string, string>[] = [
    { authorization: `Bearer ${key}` },
    { authorization: `bearer  ${key}` },
    { 'x-api-key': key },
  ];
  const bad: Record<string, string>[] = [
    { authorization: key },
    { authorization: `Basic ${key}` },
    { authorization: 'Bearer' },
    { 'x-api-key': `Bearer ${key}` },
    { 'x-api-key': '' },
    { 'x-api-key': 'skh_bad' },
    { authorization: 'Bearer skh_bad', 'x-api-key': key },
  ];
  for (const path of [`${P}/search`, `${L}/search`]) {
    for (const headers of good) expect(await status(world, path, headers)).toBe(200);
    for (const headers of bad) expect(await status(world, path, headers), JSON.stringify(headers)).toBe(401);
  }
});

test('prefixes, header and scheme are what the operator says', async () => {
  const { world, key } = await worldWithCalendar({
    apiPrefix: '/hub/v2',
    legacyApiPrefix: '/hub/open',
    authHeader: 'X-Hub-Auth',
    authScheme: 'Token ',
  });
  const good: Record<string, string>[] = [
    { 'x-hub-auth': `Token ${key}` },
    { authorization: `Bearer ${key}` },
    { 'x-api-key': key },
    { authorization: 'Basic proxy', 'x-hub-auth': `Token ${key}` },
  ];
  for (const headers of good) expect(await status(world, '/hub/v2/search', headers)).toBe(200);
  expect(await status(world, '/hub/open/search', { 'x-hub-auth': key })).toBe(401);
  expect(await status(world, '/hub/open/download/calendar')).toBe(200);
  expect(await status(world, '/hub/v2/search')).toBe(401);
  for (const path of [`${L}/search`, `${P}/search`]) expect(await status(world, path), path).toBe(404);
});

test('with an empty scheme the header holds the bare key', async () => {
  const { world, key } = await worldWithCalendar({ ...DEFAULT_SKILL_HUB, authScheme: '' });
  expect(await status(world, `${P}/search`, { authorization: key })).toBe(200);
  expect(await status(world, `${P}/search`, { authorization: `Bearer ${key}` })).toBe(200);
});

test.each([
  ['GET', `${L}/nowhere`],
  ['GET', L],
  ['GET', `${L}/search/`],
  ['POST', `${L}/search`],
  ['GET', `${L}/edit/calendar`],
  ['DELETE', `${P}/edit/calendar`],
  ['GET', `${L}/download/a/b`],
])('%s %s is not found, in an envelope and without a redirect', async (method, path) => {
  const { world, headers } = await worldWithCalendar();
  const response = await world.fetch(path, { method, headers, redirect: 'manual' });
  expect(await refusal(response)).toEqual({
    status: 404,
    message: `There is no ${method} ${path}. The endpoints are search, versions, download, edit and detail.`,
  });
});

test('other paths beginning alike are not of this dialect', async () => {
  const { world } = await worldWithCalendar();
  for (const path of ['/api/skills', '/api/v1/skills', '/api/skillz/search']) {
    expect(await (await world.fetch(path)).text(), path).not.toContain('"code"');
  }
});

test('a fault is 500 and says nothing of its cause', async () => {
  const { world } = await worldWithCalendar();
  unplugDatabase(world);
  expect(await refusal(await world.fetch(`${L}/search`))).toEqual({
    status: 500,
    message: 'The hub could not answer this request. Try again; if it stays, tell the operator.',
  });
  expect(world.logs.at(-1)).toMatchObject({ level: 'error', event: 'request.failed' });
});

test.each([
  ['search', 'public, max-age=30'],
  ['search?keyword=calendar', 'public, max-age=30'],
  ['versions/calendar', 'public, max-age=30'],
  ['versions/calendar/latest', 'public, max-age=30'],
  ['versions/calendar/1.0.0', 'public, max-age=30'],
  ['download/calendar', 'public, max-age=30'],
  ['download/calendar?version=1.0.0&track=true', 'public, max-age=31536000, immutable'],
  ['detail/calendar', 'public, max-age=30'],
])('%s: the answer to nobody is kept, and is nobody else’s', async (path, caching) => {
  const { world, key, headers } = await worldWithCalendar();
  const open = await world.fetch(`${L}/${path}`);
  expect(open.headers.get('cache-control')).toBe(caching);
  expect(open.headers.get('vary')).toBe('authorization, x-api-key');
  const etag = open.headers.get('etag') ?? '';
  expect(await status(world, `${L}/${path}`, { 'if-none-match': etag })).toBe(304);
  for (const own of [headers, { 'x-api-key': key }]) {
    const answer = await world.fetch(`${L}/${path}`, { headers: own });
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'private, no-cache']);
  }
  expect(await status(world, `${L}/${path}`, { 'x-api-key': 'skh_bad' })).toBe(401);
  unplugDatabase(world);
  expect(await status(world, `${L}/${path}`)).toBe(200);
  expect(await status(world, `${L}/${path}`, { 'x-api-key': key })).toBe(500);
});

test('the header that an operator chose keeps answers apart as well', async () => {
  const { world, key } = await worldWithCalendar({ ...DEFAULT_SKILL_HUB, authHeader: 'X-Hub-Auth', authScheme: '' });
  await edited(world, 'calendar', { visibility: 'private' }, { 'x-hub-auth': key });
  expect(await hubGet(world, `${L}/search`)).toEqual({ records: [], total: 0 });
  expect(await hubGet(world, `${L}/search`, { 'x-hub-auth': key })).toMatchObject({ total: 1 });
  expect(await hubGet(world, `${L}/search`)).toEqual({ records: [], total: 0 });
});

test('HEAD answers as GET does, without the body', async () => {
  const { world } = await worldWithCalendar();
  const head = await world.fetch(`${L}/download/calendar`, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([200, 'application/zip', '']);
});

test('reading writes nothing', async () => {
  const { world } = await worldWithCalendar();
  const rows = () => world.client.execute('SELECT * FROM skills LEFT JOIN skill_cards ON skill_id = id');
  const before = await rows();
  for (const path of READS) await world.fetch(`${L}/${path}?track=true`);
  const snapshot = await (await put(world, 'calendar', '{}')).json<Envelope<unknown>>();
  expect(snapshot.code).toBe(200);
  expect(await rows()).toEqual(before);
});

const ENV = { REGISTRY_KEY: '-----BEGIN PRIVATE KEY-----', SESSION_KEY: 'ab'.repeat(32) };

test('the environment sets where and how the dialect is spoken', () => {
  expect(readConfig(ENV).settings.skillHub).toEqual(DEFAULT_SKILL_HUB);
  const set = {
    SKILL_HUB_API_PREFIX: '/hub/v2',
    SKILL_HUB_LEGACY_API_PREFIX: '/hub/open',
    SKILL_HUB_AUTH_HEADER: 'X-API-Key',
    SKILL_HUB_AUTH_SCHEME: '',
  };
  expect(readConfig({ ...ENV, ...set }).settings.skillHub).toEqual({
    apiPrefix: '/hub/v2',
    legacyApiPrefix: '/hub/open',
    authHeader: 'X-API-Key',
    authScheme: '',
  });
});

test.each([
  ['SKILL_HUB_API_PREFIX', 'api/skill', /SKILL_HUB_API_PREFIX: a path/],
  ['SKILL_HUB_API_PREFIX', '/api/skill/', /SKILL_HUB_API_PREFIX: a path/],
  ['SKILL_HUB_API_PREFIX', '/:id', /SKILL_HUB_API_PREFIX: a path/],
  ['SKILL_HUB_API_PREFIX', '/a/../b', /SKILL_HUB_API_PREFIX: a path/],
  ['SKILL_HUB_API_PREFIX', '/v1/skill', /SKILL_HUB_API_PREFIX: the hub needs this path/],
  ['SKILL_HUB_LEGACY_API_PREFIX', '/api', /SKILL_HUB_LEGACY_API_PREFIX: the hub needs this path/],
  ['SKILL_HUB_LEGACY_API_PREFIX', '/api/v1/skill', /lie within each other/],
  ['SKILL_HUB_LEGACY_API_PREFIX', '/api/v1/skill/open', /lie within each other/],
  ['SKILL_HUB_AUTH_HEADER', 'X Key', /SKILL_HUB_AUTH_HEADER: the name of a header/],
  ['SKILL_HUB_AUTH_HEADER', '', /SKILL_HUB_AUTH_HEADER: the name of a header/],
  ['SKILL_HUB_AUTH_SCHEME', 'a\nb', /SKILL_HUB_AUTH_SCHEME: printable ASCII/],
])('%s=%j is refused at start', (name, value, message) => {
  expect(() => readConfig({ ...ENV, [name]: value })).toThrow(message);
});

test('a self-hosted hub hands the variables on, an empty scheme too', () => {
  const variables = { SKILL_HUB_API_PREFIX: '/a', SKILL_HUB_LEGACY_API_PREFIX: '/b', SKILL_HUB_AUTH_HEADER: 'X' };
  const all = { ...variables, SKILL_HUB_AUTH_SCHEME: '' };
  expect(bindingsFor({ ...all, PUBLIC_URL: '' })).toMatchObject(all);
  expect(bindingsFor({ ...all, PUBLIC_URL: '' })).not.toHaveProperty('PUBLIC_URL');
  expect(bindingsFor(variables)).not.toHaveProperty('SKILL_HUB_AUTH_SCHEME');
});
