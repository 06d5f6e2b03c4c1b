import { expect, test } from 'vitest';
import { furtherKey, getJson, newNamespace, postJson, problemOf, publish, tarGz, upload } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';

async function worldWith(...versions: string[]) {
  const world = await createWorld();
  const acme = await newNamespace(world);
  for (const version of versions) {
    await publish(world, acme.key, {
      version,
      description: `This is what version ${version.replaceAll('.', '')} does.`,
    });
  }
  const act = (verb: string, version: string, headers: Record<string, string> = acme.headers) =>
    postJson(world, `/v1/packages/acme/pdf-tools/${version}/${verb}`, {}, headers);
  return { world, ...acme, act };
}

const latest = async (world: World) =>
  (await getJson<{ version: string }>(world, '/v1/packages/acme/pdf-tools/latest')).version;
const hits = async (world: World, q: string) =>
  (await getJson<{ packages: { latest_version: string }[] }>(world, `/v1/search?q=${q}`)).packages.map(
    (hit) => hit.latest_version,
  );

test('a yanked version is gone, latest moves back, and the search says what the older one says', async () => {
  const { world, act } = await worldWith('1.0.0', '2.0.0');
  expect(await hits(world, '200')).toEqual(['2.0.0']);
  const response = await act('yank', '2.0.0');
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ yanked: 1 });
  for (const path of [
    'packages/acme/pdf-tools/2.0.0',
    'packages/acme/pdf-tools/2.0.0/preview',
    'download/acme/pdf-tools/2.0.0',
    'download/acme/pdf-tools/2.0.0/sig',
  ]) {
    expect(await problemOf(await world.fetch(`/v1/${path}`)), path).toMatchObject({ status: 404, code: 'not_found' });
  }
  expect(await latest(world)).toBe('1.0.0');
  expect(await hits(world, '200')).toEqual([]);
  expect(await hits(world, '100')).toEqual(['1.0.0']);
  expect(await problemOf(await world.fetch('/v1/packages/acme/pdf-tools/%5E2'))).toMatchObject({ status: 404 });
});

test('yanking an older version changes nothing about latest', async () => {
  const { world, act } = await worldWith('1.0.0', '2.0.0');
  expect((await act('yank', '1.0.0')).status).toBe(200);
  expect(await latest(world)).toBe('2.0.0');
  expect(await hits(world, 'pdf')).toEqual(['2.0.0']);
});

test('the second time there is nothing left to do', async () => {
  const { act } = await worldWith('1.0.0');
  expect(await (await act('yank', '1.0.0')).json()).toEqual({ yanked: 1 });
  expect(await (await act('yank', '1.0.0')).json()).toEqual({ yanked: 0 });
  expect(await (await act('unyank', '1.0.0')).json()).toEqual({ unyanked: 1 });
  expect(await (await act('unyank', '1.0.0')).json()).toEqual({ unyanked: 0 });
});

test('a skill without any version left is gone, and comes back', async () => {
  const { world, act } = await worldWith('1.0.0');
  await act('yank', '1.0.0');
  expect(await problemOf(await world.fetch('/v1/packages/acme/pdf-tools/latest'))).toMatchObject({
    status: 404,
    detail: 'There is no skill @acme/pdf-tools.',
  });
  expect((await world.fetch('/v1/packages/acme/pdf-tools/versions')).status).toBe(404);
  expect(await hits(world, '')).toEqual([]);
  await act('unyank', '1.0.0');
  expect(await latest(world)).toBe('1.0.0');
  expect(await hits(world, '100')).toEqual(['1.0.0']);
  expect((await world.fetch('/v1/download/acme/pdf-tools/1.0.0')).status).toBe(200);
});

test('a yanked number stays taken', async () => {
  const { world, key, act } = await worldWith('1.0.0');
  await act('yank', '1.0.0');
  expect(await problemOf(await upload(world, key, await tarGz({ body: 'Mended.\n' })))).toMatchObject({
    status: 409,
    code: 'version_exists',
  });
});

test.each(['yank', 'unyank'])('%s needs a key of the namespace that may publish', async (verb) => {
  const { world, key, act } = await worldWith('1.0.0');
  const neighbour = await newNamespace(world, 'umbrella');
  const reader = await furtherKey(world, key, ['read']);
  const publisher = await furtherKey(world, key, ['publish']);
  expect(await problemOf(await act(verb, '1.0.0', {}))).toMatchObject({ status: 401, code: 'unauthorized' });
  expect(await problemOf(await act(verb, '1.0.0', neighbour.headers))).toMatchObject({
    status: 403,
    code: 'forbidden',
  });
  expect(await problemOf(await act(verb, '1.0.0', reader.headers))).toMatchObject({ status: 403, code: 'forbidden' });
  expect((await world.fetch('/v1/packages/acme/pdf-tools/1.0.0')).status).toBe(200);
  expect((await act(verb, '1.0.0', publisher.headers)).status).toBe(200);
});

test.each(['9.9.9', 'latest', '%5E1', '1.0.0-rc.1'])('there is no version %s to yank', async (version) => {
  const { world, act } = await worldWith('1.0.0');
  expect(await problemOf(await act('yank', version))).toMatchObject({ status: 404, code: 'not_found' });
  expect(await latest(world)).toBe('1.0.0');
});

test('neither a pending nor a refused version can be yanked', async () => {
  const { world, key, act } = await worldWith('1.0.0');
  await upload(world, key, await tarGz({ version: '1.1.0', description: 'Too short.' }));
  expect((await act('yank', '1.1.0')).status).toBe(404);
  await world.drain();
  expect((await act('yank', '1.1.0')).status).toBe(404);
});

test('a skill of somebody else that is private cannot even be refused', async () => {
  const { world, key, headers } = await worldWith();
  await publish(world, key, {}, '?visibility=private');
  const neighbour = await newNamespace(world, 'umbrella');
  const yank = async (name: string, as: Record<string, string>) =>
    problemOf(await postJson(world, `/v1/packages/acme/${name}/1.0.0/yank`, {}, as));
  const hidden = await yank('pdf-tools', neighbour.headers);
  expect(hidden).toMatchObject({ status: 404 });
  expect(JSON.stringify(await yank('no-tools', neighbour.headers)).replaceAll('no-tools', 'pdf-tools')).toBe(
    JSON.stringify(hidden),
  );
  expect((await postJson(world, '/v1/packages/acme/pdf-tools/1.0.0/yank', {}, headers)).status).toBe(200);
});

const yankAll = (world: World, headers: Record<string, string>, name = 'pdf-tools') =>
  postJson(world, `/v1/packages/acme/${name}/yank`, {}, headers);

test('all versions are yanked at once, and each can come back', async () => {
  const { world, headers, act } = await worldWith('1.0.0', '1.1.0', '2.0.0');
  await act('yank', '1.1.0');
  expect(await (await yankAll(world, headers)).json()).toEqual({ yanked: 2 });
  expect((await world.fetch('/v1/packages/acme/pdf-tools/versions')).status).toBe(404);
  expect((await world.fetch('/v1/download/acme/pdf-tools/2.0.0')).status).toBe(404);
  expect(await hits(world, '')).toEqual([]);
  const again = await yankAll(world, headers);
  expect(again.status).toBe(200);
  expect(await again.json()).toEqual({ yanked: 0 });
  expect(await (await act('unyank', '1.0.0')).json()).toEqual({ unyanked: 1 });
  expect(await latest(world)).toBe('1.0.0');
  expect(await hits(world, '100')).toEqual(['1.0.0']);
});

test('yanking all needs no body, and leaves other skills alone', async () => {
  const { world, key, headers } = await worldWith('1.0.0');
  await publish(world, key, { name: 'csv-summary' });
  const response = await world.fetch('/v1/packages/acme/pdf-tools/yank', { method: 'POST', headers });
  expect(await response.json()).toEqual({ yanked: 1 });
  expect((await world.fetch('/v1/packages/acme/csv-summary/latest')).status).toBe(200);
});

test('yanking all needs a key of the namespace that may publish', async () => {
  const { world, key } = await worldWith('1.0.0');
  const neighbour = await newNamespace(world, 'umbrella');
  const reader = await furtherKey(world, key, ['read']);
  expect(await problemOf(await yankAll(world, {}))).toMatchObject({ status: 401, code: 'unauthorized' });
  for (const { headers } of [neighbour, reader]) {
    expect(await problemOf(await yankAll(world, headers))).toMatchObject({ status: 403, code: 'forbidden' });
  }
  expect(await latest(world)).toBe('1.0.0');
});

test('there is nothing to yank of a skill that is missing, or was never published', async () => {
  const { world, key, headers } = await worldWith();
  expect(await problemOf(await yankAll(world, headers))).toMatchObject({ status: 404, code: 'not_found' });
  expect(await problemOf(await yankAll(world, headers, 'PDF'))).toMatchObject({ status: 400, code: 'invalid_request' });
  await upload(world, key, await tarGz());
  expect(await problemOf(await yankAll(world, headers))).toMatchObject({ status: 404, code: 'not_found' });
});
