import { expect, test } from 'vitest';
import { bearer, furtherKey, getJson, newNamespace, postJson, problemOf, publish } from '../support/skills.ts';
import { createWorld, OPERATOR_KEY, type World } from '../support/world.ts';

const setVisibility = (world: World, headers: Record<string, string>, visibility: string, path = 'acme/pdf-tools') =>
  world.fetch(`/v1/packages/${path}/visibility`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ visibility }),
  });

const slugOf = async (world: World, path: string, headers?: Record<string, string>) =>
  (await getJson<{ slug: string }>(world, `/v1/packages/${path}/latest`, headers)).slug;

const READS = [
  'packages/acme/pdf-tools/1.0.0',
  'packages/acme/pdf-tools/latest',
  'packages/acme/pdf-tools/%5E1',
  'packages/acme/pdf-tools/versions',
  'packages/acme/pdf-tools/1.0.0/preview',
  'download/acme/pdf-tools/1.0.0',
  'download/acme/pdf-tools/1.0.0?format=zip',
  'download/acme/pdf-tools/1.0.0/sig',
];

test('a private skill answers others exactly as a missing one does', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  await publish(world, key, {}, '?visibility=private');
  const neighbour = await newNamespace(world, 'umbrella');
  for (const headers of [{}, neighbour.headers]) {
    for (const path of READS) {
      const hidden = await world.fetch(`/v1/${path}`, { headers });
      const missing = await world.fetch(`/v1/${path.replace('pdf-tools', 'no-tools')}`, { headers });
      expect(hidden.status, path).toBe(404);
      expect([...hidden.headers]).toEqual([...missing.headers]);
      expect((await hidden.text()).replaceAll('pdf-tools', 'no-tools')).toBe(await missing.text());
    }
  }
});

test('its own namespace, with any key, and operators read a private skill', async () => {
  const world = await createWorld();
  const { key, headers } = await newNamespace(world);
  await publish(world, key, {}, '?visibility=private');
  const reader = await furtherKey(world, key, ['read']);
  for (const as of [headers, reader.headers, bearer(OPERATOR_KEY)]) {
    for (const path of READS) expect((await world.fetch(`/v1/${path}`, { headers: as })).status, path).toBe(200);
  }
});

test('a skill becomes private and public again, with all its versions', async () => {
  const world = await createWorld();
  const { key, headers } = await newNamespace(world);
  await publish(world, key);
  const hits = async () => (await getJson<{ total: number }>(world, '/v1/search?q=pdf')).total;
  for (const [visibility, status, total] of [
    ['private', 404, 0],
    ['public', 200, 1],
  ] as const) {
    const response = await setVisibility(world, headers, visibility);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ visibility });
    for (const path of READS) expect((await world.fetch(`/v1/${path}`)).status, path).toBe(status);
    expect(await hits()).toBe(total);
    expect(await getJson(world, '/v1/packages/acme/pdf-tools/latest', headers)).toMatchObject({ visibility });
  }
});

test('changing visibility needs admin in the namespace', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  await publish(world, key);
  const neighbour = await newNamespace(world, 'umbrella');
  const publisher = await furtherKey(world, key, ['publish']);
  expect(await problemOf(await setVisibility(world, {}, 'private'))).toMatchObject({ status: 401 });
  for (const { headers } of [neighbour, publisher]) {
    expect(await problemOf(await setVisibility(world, headers, 'private'))).toMatchObject({
      status: 403,
      code: 'forbidden',
    });
  }
  expect((await world.fetch('/v1/packages/acme/pdf-tools/1.0.0')).status).toBe(200);
  expect((await setVisibility(world, bearer(OPERATOR_KEY), 'private')).status).toBe(200);
});

test('a visibility that there is not, and a skill that there is not', async () => {
  const world = await createWorld();
  const { key, headers } = await newNamespace(world);
  await publish(world, key);
  expect(await problemOf(await setVisibility(world, headers, 'secret'))).toMatchObject({
    status: 422,
    code: 'invalid_body',
    errors: [{ path: 'visibility' }],
  });
  expect(await problemOf(await setVisibility(world, headers, 'private', 'acme/ghost'))).toMatchObject({
    status: 404,
    code: 'not_found',
  });
});

test('the first public skill of a name gets it bare, later ones behind their namespace, for good', async () => {
  const world = await createWorld();
  const acme = await newNamespace(world);
  const umbrella = await newNamespace(world, 'umbrella');
  await publish(world, umbrella.key);
  await publish(world, acme.key);
  const expectSlugs = async () => {
    expect(await slugOf(world, 'umbrella/pdf-tools', umbrella.headers)).toBe('pdf-tools');
    expect(await slugOf(world, 'acme/pdf-tools')).toBe('acme.pdf-tools');
  };
  await expectSlugs();
  await publish(world, acme.key, { version: '2.0.0' });
  await expectSlugs();
  await setVisibility(world, umbrella.headers, 'private', 'umbrella/pdf-tools');
  await publish(world, acme.key, { version: '3.0.0' });
  await expectSlugs();
  await postJson(world, '/v1/packages/umbrella/pdf-tools/1.0.0/yank', {}, umbrella.headers);
  await publish(world, acme.key, { version: '4.0.0' });
  expect(await slugOf(world, 'acme/pdf-tools')).toBe('acme.pdf-tools');
});

test('a private skill does not take the bare name, not even when it becomes public', async () => {
  const world = await createWorld();
  const acme = await newNamespace(world);
  const umbrella = await newNamespace(world, 'umbrella');
  await publish(world, acme.key, {}, '?visibility=private');
  expect(await slugOf(world, 'acme/pdf-tools', acme.headers)).toBe('acme.pdf-tools');
  await setVisibility(world, acme.headers, 'public');
  await publish(world, umbrella.key);
  expect(await slugOf(world, 'umbrella/pdf-tools')).toBe('pdf-tools');
  expect(await slugOf(world, 'acme/pdf-tools')).toBe('acme.pdf-tools');
});

test('a refused upload takes no slug', async () => {
  const world = await createWorld();
  const acme = await newNamespace(world);
  const umbrella = await newNamespace(world, 'umbrella');
  await publish(world, acme.key, { description: 'Too short.' });
  await publish(world, umbrella.key);
  expect(await slugOf(world, 'umbrella/pdf-tools')).toBe('pdf-tools');
});
