import { expect, test } from 'vitest';
import { publishForm, refusalOf } from '../support/clawhub.ts';
import { furtherKey, getJson, newNamespace, publish, worldWithKey } from '../support/skills.ts';
import { OPERATOR_KEY, type World } from '../support/world.ts';

const NOT_FOUND = { status: 404, text: 'Skill not found' };

function send(world: World, method: string, path: string, headers: Record<string, string>, body?: unknown) {
  if (body === undefined) return world.fetch(`/api/v1${path}`, { method, headers });
  const init = { method, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
  return world.fetch(`/api/v1${path}`, init);
}

async function done(response: Response): Promise<unknown> {
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return response.json();
}

const total = async (world: World) => (await getJson<{ total: number }>(world, '/v1/search?q=pdf')).total;

async function worldWithVersions(...numbers: string[]) {
  const made = await worldWithKey();
  for (const version of numbers) await publish(made.world, made.key, { version, body: `# ${version}\n\nText.\n` });
  return made;
}

test('a deleted skill is gone for everybody until it is undeleted', async () => {
  const { world, headers } = await worldWithVersions('1.0.0');
  const before = await getJson(world, '/v1/packages/acme/pdf-tools/latest');
  expect(await total(world)).toBe(1);
  const reads = [
    '/v1/packages/acme/pdf-tools/latest',
    '/v1/packages/acme/pdf-tools/1.0.0',
    '/v1/packages/acme/pdf-tools/versions',
    '/v1/packages/acme/pdf-tools/1.0.0/preview',
    '/v1/download/acme/pdf-tools/1.0.0',
    '/v1/download/acme/pdf-tools/1.0.0/sig',
  ];
  const statuses = (sent?: Record<string, string>) =>
    Promise.all(reads.map(async (path) => (await world.fetch(path, { headers: sent })).status));
  expect(await statuses()).toEqual(reads.map(() => 200));

  expect(await done(await send(world, 'DELETE', '/skills/pdf-tools', headers))).toEqual({ ok: true });
  expect(await statuses()).toEqual(reads.map(() => 404));
  expect(await statuses(headers)).toEqual(reads.map(() => 404));
  expect(await total(world)).toBe(0);
  expect(await getJson(world, '/v1/search')).toMatchObject({ total: 0 });

  expect(await done(await send(world, 'POST', '/skills/pdf-tools/undelete', headers, {}))).toEqual({ ok: true });
  expect(await statuses()).toEqual(reads.map(() => 200));
  expect(await getJson(world, '/v1/packages/acme/pdf-tools/latest')).toEqual(before);
  expect(await total(world)).toBe(1);
});

test('deleting and undeleting twice is done once', async () => {
  const { world, headers } = await worldWithVersions('1.0.0');
  for (let i = 0; i < 2; i++) {
    expect(await done(await send(world, 'DELETE', '/skills/pdf-tools', headers, { reason: 'old' }))).toEqual({
      ok: true,
    });
  }
  const { rows: hidden } = await world.client.execute('SELECT hidden_at, updated_at FROM skills');
  expect(hidden[0]?.hidden_at).toBe(world.clock.now());
  for (let i = 0; i < 2; i++) {
    expect(await done(await send(world, 'POST', '/skills/pdf-tools/undelete', headers, { reason: 'x' }))).toEqual({
      ok: true,
    });
  }
  expect(await total(world)).toBe(1);
});

test('a deleted skill takes no new version', async () => {
  const { world, headers } = await worldWithVersions('1.0.0');
  await done(await send(world, 'DELETE', '/skills/pdf-tools', headers));
  expect(await refusalOf(await publishForm(world, headers, {}, { version: '1.1.0' }))).toEqual({
    status: 409,
    text: '@acme/pdf-tools is hidden, so nobody would see a new version. Show it again first.',
  });
});

test('a version that is being vetted while its skill is deleted stays out of sight', async () => {
  const { world, headers } = await worldWithVersions('1.0.0');
  const { send: deliver } = world.deps.queue;
  world.deps.queue.send = async () => undefined;
  const answer = await (await publishForm(world, headers, {}, { version: '1.1.0' })).json<{ attemptId: string }>();
  world.deps.queue.send = deliver;
  await done(await send(world, 'DELETE', '/skills/pdf-tools', headers));
  await world.deliver({ type: 'vet', jobId: answer.attemptId });
  expect(await total(world)).toBe(0);
  expect((await world.fetch('/v1/packages/acme/pdf-tools/latest')).status).toBe(404);
  await done(await send(world, 'POST', '/skills/pdf-tools/undelete', headers, {}));
  expect(await getJson(world, '/v1/packages/acme/pdf-tools/latest')).toMatchObject({ version: '1.1.0' });
});

test('an owner may be named, and only names what is theirs', async () => {
  const { world, headers } = await worldWithVersions('1.0.0');
  const other = await newNamespace(world, 'other');
  await publish(world, other.key);
  const foreign = await send(world, 'DELETE', '/skills/pdf-tools', other.headers);
  expect(await refusalOf(foreign)).toEqual({
    status: 403,
    text: expect.stringMatching(/^Your key belongs to the namespace 'other', not to 'acme'\./),
  });
  await done(await send(world, 'DELETE', '/skills/pdf-tools', other.headers, { ownerHandle: '@Other' }));
  expect((await world.fetch('/v1/packages/other/pdf-tools/latest')).status).toBe(404);
  expect((await world.fetch('/v1/packages/acme/pdf-tools/latest')).status).toBe(200);
  await done(await send(world, 'POST', '/skills/other.pdf-tools/undelete', other.headers, {}));
  expect((await world.fetch('/v1/packages/other/pdf-tools/latest')).status).toBe(200);
  const operator = { authorization: `Bearer ${OPERATOR_KEY}` };
  await done(await send(world, 'DELETE', '/skills/pdf-tools', operator, { reason: 'It steals.' }));
  expect(await refusalOf(await send(world, 'DELETE', '/skills/pdf-tools/versions/1.0.0', headers))).toEqual({
    status: 410,
    text: '@acme/pdf-tools was hidden by a moderator: It steals. Appeal: skills appeal @acme/pdf-tools, or POST /v1/packages/acme/pdf-tools/appeal.',
  });
});

const CHANGES: [string, string][] = [
  ['DELETE', '/skills/pdf-tools'],
  ['POST', '/skills/pdf-tools/undelete'],
  ['DELETE', '/skills/pdf-tools/versions/1.0.0'],
  ['POST', '/skills/pdf-tools/versions/1.0.0/restore'],
];

test.each(CHANGES)('%s %s needs a key that may publish for the skill', async (method, path) => {
  const { world, key } = await worldWithVersions('1.0.0', '1.1.0');
  const other = await newNamespace(world, 'other');
  const reader = await furtherKey(world, key, ['read']);
  expect(await refusalOf(await send(world, method, path, {}))).toMatchObject({ status: 401 });
  expect(await refusalOf(await send(world, method, path, other.headers))).toMatchObject({ status: 403 });
  expect(await refusalOf(await send(world, method, path, reader.headers))).toEqual({
    status: 403,
    text: "Your key lacks the scope 'publish'. Create a key with the scope 'publish'.",
  });
  expect(await refusalOf(await send(world, method, path.replace('pdf-tools', 'ghost'), other.headers))).toEqual(
    NOT_FOUND,
  );
});

test.each(CHANGES)('%s %s tells nobody of a private skill', async (method, path) => {
  const { world, key } = await worldWithKey();
  await publish(world, key, {}, '?visibility=private');
  const other = await newNamespace(world, 'other');
  const body = { ownerHandle: 'acme' };
  expect(await refusalOf(await send(world, method, path, other.headers, body))).toEqual(NOT_FOUND);
});

test('a version that is not the latest can be withdrawn and restored', async () => {
  const { world, headers } = await worldWithVersions('1.0.0', '1.1.0');
  const versions = async () => {
    const listed = await getJson<{ versions: { version: string }[] }>(world, '/v1/packages/acme/pdf-tools/versions');
    return listed.versions.map(({ version }) => version);
  };
  for (let i = 0; i < 2; i++) {
    const response = await send(world, 'DELETE', '/skills/pdf-tools/versions/1.0.0', headers, { version: '1.0.0' });
    expect(await done(response)).toEqual({ ok: true });
  }
  expect(await versions()).toEqual(['1.1.0']);
  const restored = await send(world, 'POST', '/skills/pdf-tools/versions/1.0.0/restore', headers, { version: '1.0.0' });
  expect(await done(restored)).toEqual({ ok: true });
  expect(await versions()).toEqual(['1.1.0', '1.0.0']);
});

test('the latest version cannot be withdrawn, nor one that is not there', async () => {
  const { world, headers } = await worldWithVersions('1.0.0', '1.1.0');
  expect(await refusalOf(await send(world, 'DELETE', '/skills/pdf-tools/versions/1.1.0', headers))).toEqual({
    status: 409,
    text: '1.1.0 is the latest version of @acme/pdf-tools. Publish its replacement first, or delete the whole skill.',
  });
  for (const [method, path] of [
    ['DELETE', '/skills/pdf-tools/versions/9.9.9'],
    ['POST', '/skills/pdf-tools/versions/9.9.9/restore'],
  ] as const) {
    expect(await refusalOf(await send(world, method, path, headers))).toEqual({
      status: 404,
      text: '@acme/pdf-tools has no published version 9.9.9. List the versions: skills info @acme/pdf-tools --versions.',
    });
  }
});

test('path and body name the same version', async () => {
  const { world, headers } = await worldWithVersions('1.0.0', '1.1.0');
  const response = await send(world, 'DELETE', '/skills/pdf-tools/versions/1.0.0', headers, { version: '1.1.0' });
  expect(await refusalOf(response)).toEqual({
    status: 400,
    text: 'The path names version 1.0.0, the body 1.1.0. Make them agree.',
  });
});

test.each(CHANGES)('%s %s wants a body that is JSON, if any', async (method, path) => {
  const { world, headers } = await worldWithVersions('1.0.0', '1.1.0');
  const init = { method, headers: { ...headers, 'content-type': 'application/json' }, body: '{' };
  expect(await refusalOf(await world.fetch(`/api/v1${path}`, init))).toMatchObject({ status: 400 });
  expect(await refusalOf(await send(world, method, path, headers, { ownerHandle: 7 }))).toMatchObject({
    status: 400,
    text: expect.stringMatching(/^Invalid body: ownerHandle: /),
  });
});
