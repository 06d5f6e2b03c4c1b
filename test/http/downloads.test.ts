import { expect, test } from 'vitest';
import { bearer, furtherKey, getJson, newNamespace, postJson, publish } from '../support/skills.ts';
import { createWorld, OPERATOR_KEY, type World } from '../support/world.ts';

const DAY = 24 * 3_600_000;
const PACKAGE = '/v1/packages/acme/pdf-tools';
const DOWNLOAD = '/v1/download/acme/pdf-tools/1.0.0';
const ARTIFACT = '/acme/pdf-tools/.well-known/agent-skills/1.0.0.tar.gz';

async function worldWithSkill() {
  const world = await createWorld();
  const acme = await newNamespace(world);
  await publish(world, acme.key);
  return { world, ...acme };
}

/** A request from an address, as the server tells of it. */
function from(address: string, path: string, init?: RequestInit): Request {
  return Object.assign(new Request(new URL(path, 'http://hub.test'), init), { cf: { clientIp: `${address}:40000` } });
}

async function download(world: World, path: string, init?: RequestInit, address = '192.0.2.1'): Promise<number> {
  const response = await world.fetch(from(address, path, init));
  await response.arrayBuffer();
  return response.status;
}

interface Downloads {
  total: number;
  last_7_days: number;
  days: { date: string; version: string; downloads: number }[];
}

/** What was counted, as it is told after the memory was emptied. */
async function counted(world: World, path = PACKAGE, headers: Record<string, string> = {}): Promise<Downloads> {
  await world.count();
  world.advance(60_000);
  return getJson<Downloads>(world, `${path}/downloads`, headers);
}

test.each([
  DOWNLOAD,
  `${DOWNLOAD}?format=zip`,
  '/v1/download/acme/pdf-tools/latest',
  '/v1/download/acme/pdf-tools/%5E1',
  '/api/v1/download?slug=pdf-tools&version=1.0.0',
  '/api/v1/download?slug=pdf-tools',
  '/api/download?slug=pdf-tools&version=1.0.0',
  '/api/skill/download/pdf-tools',
  ARTIFACT,
])('%s is a download, from memory too', async (path) => {
  const { world } = await worldWithSkill();
  for (const address of ['192.0.2.1', '192.0.2.2', '192.0.2.1']) {
    expect(await download(world, path, {}, address)).toBe(200);
  }
  expect(await counted(world)).toEqual({
    total: 2,
    last_7_days: 2,
    days: [{ date: '2026-01-01', version: '1.0.0', downloads: 2 }],
  });
});

test('an archive through a link is a download by whoever asks, and one with a key is one by the key', async () => {
  const { world, headers } = await worldWithSkill();
  const { url } = await (await postJson(world, `${PACKAGE}/link`, {}, headers)).json<{ url: string }>();
  const archive = `${new URL(url).pathname}/.well-known/agent-skills/1.0.0.tar.gz`;
  for (const address of ['192.0.2.1', '192.0.2.2']) expect(await download(world, archive, {}, address)).toBe(200);
  for (const address of ['192.0.2.3', '192.0.2.4']) {
    expect(await download(world, '/api/v1/skill/download/pdf-tools', { headers }, address)).toBe(200);
  }
  expect((await counted(world)).total).toBe(3);
});

test.each<[string, RequestInit?]>([
  [DOWNLOAD, { method: 'HEAD' }],
  [ARTIFACT, { method: 'HEAD' }],
  ['/api/v1/download?slug=pdf-tools', { method: 'HEAD' }],
  [DOWNLOAD, { headers: { 'if-none-match': '*' } }],
  [`${DOWNLOAD}/sig`],
  ['/v1/download/acme/pdf-tools/2.0.0'],
  ['/v1/download/acme/ghost/1.0.0'],
  [`${PACKAGE}/1.0.0`],
  [`${PACKAGE}/1.0.0/preview`],
  ['/api/v1/skills/pdf-tools/file?path=SKILL.md'],
  ['/acme/pdf-tools/.well-known/skills/pdf-tools/SKILL.md'],
])('%s %j is none, from memory neither', async (path, init) => {
  const { world } = await worldWithSkill();
  await download(world, path, init);
  await download(world, path, init);
  expect(await counted(world)).toEqual({ total: 0, last_7_days: 0, days: [] });
  // The same again while a whole answer is in memory.
  await download(world, DOWNLOAD);
  await download(world, ARTIFACT);
  await download(world, path, init, '192.0.2.9');
  expect((await counted(world)).total).toBe(1);
});

test('a client counts once a day for each version', async () => {
  const { world, key } = await worldWithSkill();
  await publish(world, key, { version: '1.1.0' });
  for (const path of [DOWNLOAD, DOWNLOAD, `${DOWNLOAD}?format=zip`, ARTIFACT, '/v1/download/acme/pdf-tools/1.1.0']) {
    await download(world, path);
    await world.count();
  }
  world.advance(DAY);
  await download(world, DOWNLOAD);
  expect(await counted(world)).toEqual({
    total: 3,
    last_7_days: 3,
    days: [
      { date: '2026-01-02', version: '1.0.0', downloads: 1 },
      { date: '2026-01-01', version: '1.1.0', downloads: 1 },
      { date: '2026-01-01', version: '1.0.0', downloads: 1 },
    ],
  });
});

test('keys are clients of their own wherever they are used, and the operator is one; nobody knows who the rest is', async () => {
  const { world, key } = await worldWithSkill();
  const ci = await furtherKey(world, key, ['read']);
  for (const used of [key, ci.key, key, OPERATOR_KEY, OPERATOR_KEY]) {
    await download(world, DOWNLOAD, { headers: bearer(used) }, `198.51.100.${used.length}`);
  }
  expect((await counted(world)).total).toBe(3);
  for (let i = 0; i < 3; i++) await (await world.fetch(DOWNLOAD)).arrayBuffer();
  expect((await counted(world)).total).toBe(4);
});

test('neither a client nor its address is kept, and its hash is another one for every day', async () => {
  const { world, key } = await worldWithSkill();
  const marks = async () =>
    (await world.client.execute('SELECT client FROM download_marks ORDER BY day, client')).rows.map(
      ({ client }) => client,
    );
  await download(world, DOWNLOAD);
  await download(world, DOWNLOAD, { headers: bearer(key) });
  await world.count();
  world.advance(DAY);
  await download(world, DOWNLOAD);
  await world.count();
  const hashes = await marks();
  expect(hashes).toHaveLength(3);
  expect(new Set(hashes).size).toBe(3);
  for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{32}$/);
});

test('a private skill is counted for those who may read it, and its counts are as private', async () => {
  const { world, headers } = await worldWithSkill();
  await world.fetch(`${PACKAGE}/visibility`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{"visibility":"private"}',
  });
  expect(await download(world, DOWNLOAD)).toBe(404);
  expect(await download(world, DOWNLOAD, { headers })).toBe(200);
  expect((await counted(world, PACKAGE, headers)).total).toBe(1);
  expect((await world.fetch(`${PACKAGE}/downloads`)).status).toBe(404);
});

test('what a version was downloaded stays when it is yanked; only its owner sees which', async () => {
  const { world, key, headers } = await worldWithSkill();
  await publish(world, key, { version: '1.1.0' });
  await download(world, DOWNLOAD);
  await postJson(world, `${PACKAGE}/1.0.0/yank`, {}, headers);
  expect(await counted(world)).toEqual({ total: 1, last_7_days: 1, days: [] });
  expect((await counted(world, PACKAGE, headers)).days).toEqual([
    { date: '2026-01-01', version: '1.0.0', downloads: 1 },
  ]);
});

test.each(['0', '91', 'all', '1.5'])('?days=%s is refused', async (days) => {
  const { world } = await worldWithSkill();
  expect((await world.fetch(`${PACKAGE}/downloads?days=${days}`)).status).toBe(400);
});

test('only as many days as were asked for, and those of nobody else', async () => {
  const { world, key } = await worldWithSkill();
  await publish(world, key, { name: 'csv-tools' });
  await download(world, DOWNLOAD);
  world.advance(DAY);
  await download(world, DOWNLOAD);
  await world.count();
  const days = async (query: string) => (await getJson<Downloads>(world, `${PACKAGE}/downloads${query}`)).days.length;
  expect(await days('?days=1')).toBe(1);
  expect(await days('?days=2')).toBe(2);
  expect(await days('')).toBe(2);
  expect(await getJson(world, '/v1/packages/acme/csv-tools/downloads')).toEqual({ total: 0, last_7_days: 0, days: [] });
  expect((await world.fetch('/v1/packages/acme/ghost/downloads')).status).toBe(404);
});

test('every dialect tells how often', async () => {
  const { world } = await worldWithSkill();
  for (const address of ['192.0.2.1', '192.0.2.2']) await download(world, DOWNLOAD, {}, address);
  await counted(world);
  const stats = { downloads: 2, installsAllTime: 2, stars: 0 };
  expect(await getJson(world, '/v1/search?q=pdf')).toMatchObject({ packages: [{ downloads: 2 }] });
  expect(await getJson(world, '/v1/search')).toMatchObject({ packages: [{ downloads: 2 }] });
  expect(await getJson(world, '/api/v1/skills/pdf-tools')).toMatchObject({ skill: { stats } });
  expect(await getJson(world, '/api/v1/skills')).toMatchObject({ items: [{ stats }] });
  expect(await getJson(world, '/api/v1/search?q=pdf')).toMatchObject({ results: [{ downloads: 2 }] });
  expect(await getJson(world, '/api/search?q=pdf')).toMatchObject({ skills: [{ installs: 0 }] });
});

test('what is old leaves the last seven days, but not the rest, also when a hub slept for long', async () => {
  const { world } = await worldWithSkill();
  await download(world, DOWNLOAD);
  await world.count();
  for (const [days, expected] of [
    [6, 1],
    [1, 0],
  ] as const) {
    world.advance(days * DAY);
    await world.sweep();
    expect(await counted(world)).toMatchObject({ total: 1, last_7_days: expected });
  }
  await download(world, DOWNLOAD);
  expect(await counted(world)).toMatchObject({ total: 2, last_7_days: 1 });
  world.advance(60 * DAY);
  await world.sweep();
  expect(await counted(world)).toEqual({ total: 2, last_7_days: 0, days: [] });
  expect((await getJson<Downloads>(world, `${PACKAGE}/downloads?days=90`)).days).toHaveLength(2);
  await world.sweep();
  expect((await world.client.execute('SELECT count(*) AS n FROM download_marks')).rows).toEqual([{ n: 0 }]);
});
