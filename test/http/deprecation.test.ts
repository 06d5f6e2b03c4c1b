import { expect, test } from 'vitest';
import { auditOf, OPERATOR } from '../support/moderation.ts';
import { furtherKey, getJson, newNamespace, postJson, problemOf, publish, tarGz, upload } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';

type Headers = Record<string, string>;

const MESSAGE = 'Use @acme/pdf-kit.';
const PATH = '/v1/packages/acme/pdf-tools';

async function worldWith(...versions: string[]) {
  const world = await createWorld();
  const acme = await newNamespace(world);
  for (const version of versions) await publish(world, acme.key, { version });
  const put = (message: unknown, range?: string, headers: Headers = acme.headers) =>
    world.fetch(`${PATH}/deprecation${query(range)}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ message }),
    });
  const remove = (range?: string, headers: Headers = acme.headers) =>
    world.fetch(`${PATH}/deprecation${query(range)}`, { method: 'DELETE', headers });
  return { world, ...acme, put, remove };
}

const query = (range: string | undefined) => (range === undefined ? '' : `?range=${encodeURIComponent(range)}`);

async function ok(response: Promise<Response>): Promise<unknown> {
  const answer = await response;
  expect(answer.status).toBe(200);
  return answer.json();
}

/** What anybody reads of a version, and of each in the list. */
const said = async (world: World, version: string) =>
  (await getJson<{ deprecated?: string }>(world, `${PATH}/${version}`)).deprecated;
const listed = async (world: World, headers?: Headers) => {
  const { versions } = await getJson<{ versions: { version: string; deprecated?: string }[] }>(
    world,
    `${PATH}/versions`,
    headers,
  );
  return Object.fromEntries(versions.map(({ version, deprecated }) => [version, deprecated]));
};
const found = async (world: World) =>
  (await getJson<{ packages: { deprecated?: string }[] }>(world, '/v1/search?q=pdf')).packages.map(
    ({ deprecated }) => deprecated,
  );

test('a whole skill is deprecated, with what is published later, and everything can still be read', async () => {
  const { world, key, put } = await worldWith('1.0.0', '2.0.0');
  expect([await said(world, '1.0.0'), await found(world)]).toEqual([undefined, [undefined]]);
  expect(await ok(put(` ${MESSAGE} `))).toEqual({
    namespace: 'acme',
    name: 'pdf-tools',
    range: null,
    versions: ['2.0.0', '1.0.0'],
  });
  expect(await said(world, '1.0.0')).toBe(MESSAGE);
  expect(await found(world)).toEqual([MESSAGE]);
  await publish(world, key, { version: '3.0.0' });
  expect(await said(world, 'latest')).toBe(MESSAGE);
  expect(await listed(world)).toEqual({ '3.0.0': MESSAGE, '2.0.0': MESSAGE, '1.0.0': MESSAGE });
  expect((await world.fetch('/v1/download/acme/pdf-tools/1.0.0')).status).toBe(200);
});

test('a range deprecates what was published in it, prereleases too, and nothing else', async () => {
  const { world, key, put } = await worldWith('1.0.0', '1.5.0-rc.1', '2.0.0-rc.1', '2.0.0');
  expect(await ok(put(MESSAGE, '<2'))).toEqual({
    namespace: 'acme',
    name: 'pdf-tools',
    range: '<2',
    versions: ['1.5.0-rc.1', '1.0.0'],
  });
  await publish(world, key, { version: '1.9.0' });
  expect(await listed(world)).toEqual({
    '2.0.0': undefined,
    '2.0.0-rc.1': undefined,
    '1.9.0': undefined,
    '1.5.0-rc.1': MESSAGE,
    '1.0.0': MESSAGE,
  });
  expect(await found(world)).toEqual([undefined]);
});

test('a version goes before its skill, and the search says what the latest one says', async () => {
  const { world, put } = await worldWith('1.0.0', '2.0.0');
  await ok(put('All of it is old.'));
  await ok(put('It deletes files.', '2.0.0'));
  expect(await listed(world)).toEqual({ '2.0.0': 'It deletes files.', '1.0.0': 'All of it is old.' });
  expect(await found(world)).toEqual(['It deletes files.']);
  await ok(put('Do not use it.', '2.0.0'));
  expect(await said(world, '2.0.0')).toBe('Do not use it.');
});

test('it is taken back for a range, or for everything', async () => {
  const { world, put, remove } = await worldWith('1.0.0', '1.1.0', '2.0.0');
  await ok(put(MESSAGE, '<2'));
  expect(await ok(remove('1.0.0'))).toEqual({
    namespace: 'acme',
    name: 'pdf-tools',
    range: '1.0.0',
    versions: ['1.0.0'],
  });
  expect(await listed(world)).toEqual({ '2.0.0': undefined, '1.1.0': MESSAGE, '1.0.0': undefined });
  await ok(put('All of it is old.'));
  expect(await problemOf(await remove('1.1.0'))).toMatchObject({
    status: 409,
    code: 'state_conflict',
    detail: '@acme/pdf-tools is deprecated as a whole.',
  });
  expect(await ok(remove())).toMatchObject({ range: null, versions: ['2.0.0', '1.1.0', '1.0.0'] });
  expect(await listed(world)).toEqual({ '2.0.0': undefined, '1.1.0': undefined, '1.0.0': undefined });
  expect(await ok(remove())).toMatchObject({ versions: [] });
  expect(await ok(remove('^1'))).toMatchObject({ versions: [] });
});

test('answers in memory are forgotten, and caches elsewhere keep none for long', async () => {
  const { world, put, remove } = await worldWith('1.0.0');
  const paths = [`${PATH}/1.0.0`, `${PATH}/latest`, `${PATH}/%5E1`, `${PATH}/versions`, '/v1/search?q=pdf'];
  const says = async () =>
    Promise.all(
      paths.map(async (path) => {
        const response = await world.fetch(path);
        expect(response.headers.get('cache-control'), path).toBe('public, max-age=30');
        return (await response.text()).includes(MESSAGE);
      }),
    );
  expect(await says()).toEqual(paths.map(() => false));
  await ok(put(MESSAGE, '1.0.0'));
  expect(await says()).toEqual(paths.map(() => true));
  await ok(remove('1.0.0'));
  expect(await says()).toEqual(paths.map(() => false));
});

test('it stays with the skill when that is renamed or yanked', async () => {
  const { world, headers, put } = await worldWith('1.0.0', '2.0.0');
  await postJson(world, `${PATH}/2.0.0/yank`, {}, headers);
  expect(await ok(put(MESSAGE, '>=1'))).toMatchObject({ versions: ['2.0.0', '1.0.0'] });
  await postJson(world, `${PATH}/2.0.0/unyank`, {}, headers);
  const renamed = await postJson(world, '/api/v1/skills/pdf-tools/rename', { newSlug: 'pdf-kit' }, headers);
  expect(renamed.status).toBe(200);
  expect(await getJson(world, '/v1/packages/acme/pdf-kit/2.0.0')).toMatchObject({ deprecated: MESSAGE });
  expect(await said(world, '1.0.0')).toBe(MESSAGE);
  expect(await ok(put('Another one.', '2.0.0'))).toMatchObject({ name: 'pdf-kit', versions: ['2.0.0'] });
});

test.each([
  ['', 422, 'invalid_body'],
  ['   ', 422, 'invalid_body'],
  ['x'.repeat(501), 422, 'invalid_body'],
  ['two\nlines', 422, 'invalid_body'],
  ['\u001b[31mred', 422, 'invalid_body'],
  ['left \u202e right', 422, 'invalid_body'],
  [7, 422, 'invalid_body'],
])('the message %j is refused', async (message, status, code) => {
  const { world, put } = await worldWith('1.0.0');
  expect(await problemOf(await put(message))).toMatchObject({ status, code });
  expect(await said(world, '1.0.0')).toBeUndefined();
});

test('500 characters are a message', async () => {
  const { world, put } = await worldWith('1.0.0');
  await ok(put('😀'.repeat(500)));
  expect(await said(world, '1.0.0')).toBe('😀'.repeat(500));
});

test.each([
  ['latest', 400, 'invalid_request'],
  ['not a range', 400, 'invalid_request'],
  ['^9', 404, 'not_found'],
])('there is nothing to deprecate in the range %s', async (range, status, code) => {
  const { put, remove } = await worldWith('1.0.0');
  expect(await problemOf(await put(MESSAGE, range))).toMatchObject({ status, code });
  expect(await problemOf(await remove(range))).toMatchObject({ status, code });
});

test('it needs a key of the namespace that may publish', async () => {
  const { world, key, put, remove } = await worldWith('1.0.0');
  const neighbour = await newNamespace(world, 'umbrella');
  const reader = await furtherKey(world, key, ['read']);
  const publisher = await furtherKey(world, key, ['publish']);
  for (const act of [(as: Headers) => put(MESSAGE, undefined, as), (as: Headers) => remove(undefined, as)]) {
    expect(await problemOf(await act({ authorization: '' }))).toMatchObject({ status: 401, code: 'unauthorized' });
    for (const { headers } of [neighbour, reader]) {
      expect(await problemOf(await act(headers))).toMatchObject({ status: 403, code: 'forbidden' });
    }
    expect((await act(publisher.headers)).status).toBe(200);
  }
});

test('a skill that has nothing published has nothing to deprecate', async () => {
  const { world, key, put } = await worldWith();
  expect(await problemOf(await put(MESSAGE))).toMatchObject({ status: 404, code: 'not_found' });
  await upload(world, key, await tarGz());
  expect(await problemOf(await put(MESSAGE))).toMatchObject({
    status: 404,
    detail: '@acme/pdf-tools has no published version.',
  });
});

test('only what an operator does is in the audit log, and the message is in no log', async () => {
  const { world, put, remove } = await worldWith('1.0.0');
  await ok(put(MESSAGE));
  expect(await auditOf(world)).toEqual([]);
  await ok(put(MESSAGE, '1.0.0', OPERATOR));
  await ok(remove(undefined, OPERATOR));
  expect(await auditOf(world)).toEqual([
    { actor: 'operator', act: 'skill.deprecate', subject: '@acme/pdf-tools@1.0.0' },
    { actor: 'operator', act: 'skill.undeprecate', subject: '@acme/pdf-tools' },
  ]);
  expect(world.logs.map(({ event }) => event)).toEqual(
    expect.arrayContaining(['skill.deprecated', 'skill.undeprecated']),
  );
  expect(JSON.stringify(world.logs)).not.toContain(MESSAGE);
});
