import { expect, test } from 'vitest';
import { refusalOf } from '../support/clawhub.ts';
import { getJson, newNamespace, postJson, problemOf, publish, tarGz, upload, worldWithKey } from '../support/skills.ts';

const READS = [
  '/skills/pdf-tools',
  '/skills/pdf-tools/versions',
  '/skills/pdf-tools/versions/1.0.0',
  '/skills/pdf-tools/file?path=SKILL.md',
  '/skills/pdf-tools/install',
  '/skills/pdf-tools/verify',
  '/download?slug=pdf-tools',
  `/resolve?slug=pdf-tools&hash=${'0'.repeat(64)}`,
].map((path) => `/api/v1${path}`);

const V1_READS = [
  '/v1/packages/acme/pdf-tools/1.0.0',
  '/v1/packages/acme/pdf-tools/latest',
  '/v1/packages/acme/pdf-tools/%5E1',
  '/v1/packages/acme/pdf-tools/versions',
  '/v1/packages/acme/pdf-tools/1.0.0/preview',
  '/v1/download/acme/pdf-tools/1.0.0',
  '/v1/download/acme/pdf-tools/1.0.0/sig',
];

test('a hidden skill is read by nobody; its own namespace learns why', async () => {
  const { world, key, headers } = await worldWithKey();
  const umbrella = await newNamespace(world, 'umbrella');
  await publish(world, key);
  for (const path of [...READS, ...V1_READS]) expect((await world.fetch(path)).status, path).toBe(200);

  expect((await world.fetch('/api/v1/skills/pdf-tools', { method: 'DELETE', headers })).status).toBe(200);
  for (const path of READS) {
    for (const as of [{}, umbrella.headers]) {
      expect(await refusalOf(await world.fetch(path, { headers: as })), path).toEqual({
        status: 404,
        text: 'Skill not found',
      });
    }
    expect(await refusalOf(await world.fetch(path, { headers })), path).toEqual({
      status: 410,
      text: 'Skill is hidden. Run `clawhub undelete` to show it again.',
    });
  }
  for (const path of V1_READS) {
    expect(await problemOf(await world.fetch(path)), path).toMatchObject({
      status: 404,
      detail: 'There is no skill @acme/pdf-tools.',
    });
    expect(await problemOf(await world.fetch(path, { headers })), path).toMatchObject({
      status: 404,
      detail: '@acme/pdf-tools is hidden.',
    });
  }

  expect((await world.fetch('/api/v1/skills/pdf-tools/undelete', { method: 'POST', headers })).status).toBe(200);
  for (const path of [...READS, ...V1_READS]) expect((await world.fetch(path)).status, path).toBe(200);
});

test('no list and no search shows a hidden skill, not even when a version was on its way', async () => {
  const { world, key, headers } = await worldWithKey();
  await publish(world, key);
  await upload(world, key, await tarGz({ version: '2.0.0' }));
  await world.fetch('/api/v1/skills/pdf-tools', { method: 'DELETE', headers });
  await world.drain();
  for (const as of [{}, headers]) {
    for (const [path, empty] of [
      ['/api/v1/search?q=pdf', { results: [] }],
      ['/api/v1/search?q=pdf-tools&mode=exact', { results: [] }],
      ['/api/v1/skills', { items: [], nextCursor: null }],
      ['/api/v1/skills?sort=stars', { items: [], nextCursor: null }],
      ['/api/v1/skills?prefix=pdf', { items: [], nextCursor: null }],
      ['/api/v1/trending', { items: [] }],
      ['/v1/search', { packages: [], total: 0, page: 1, page_size: 20 }],
      ['/v1/search?q=pdf', { packages: [], total: 0, page: 1, page_size: 20 }],
    ] as const) {
      expect(await getJson(world, path, as), path).toMatchObject(empty);
    }
  }
  await world.fetch('/api/v1/skills/pdf-tools/undelete', { method: 'POST', headers });
  expect(await getJson(world, '/v1/search?q=pdf')).toMatchObject({ total: 1 });
  expect(await getJson(world, '/api/v1/skills/pdf-tools')).toMatchObject({ latestVersion: { version: '2.0.0' } });
});

test('a withdrawn version is gone, which is more than missing', async () => {
  const { world, key, headers } = await worldWithKey();
  await publish(world, key);
  await publish(world, key, { version: '1.1.0' });
  await postJson(world, '/v1/packages/acme/pdf-tools/1.0.0/yank', {}, headers);
  for (const path of [
    '/api/v1/skills/pdf-tools/versions/1.0.0',
    '/api/v1/download?slug=pdf-tools&version=1.0.0',
    '/api/v1/skills/pdf-tools/file?path=SKILL.md&version=1.0.0',
    '/api/v1/skills/pdf-tools/verify?version=1.0.0',
  ]) {
    expect(await refusalOf(await world.fetch(path)), path).toEqual({ status: 410, text: 'Version not available' });
  }
  expect(await getJson(world, '/api/v1/skills/pdf-tools/versions')).toMatchObject({ items: [{ version: '1.1.0' }] });
});
