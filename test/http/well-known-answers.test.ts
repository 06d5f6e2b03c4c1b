import { expect, test } from 'vitest';
import { getJson, postJson, problemOf, publish } from '../support/skills.ts';
import { unplugDatabase } from '../support/statements.ts';
import { hide, hub, type Index, names, V1, V2 } from '../support/well-known.ts';

test('a private skill is there for a key of its namespace only', async () => {
  const { world, key, headers } = await hub();
  await publish(world, key);
  await publish(world, key, { name: 'open-book' });
  await hide(world, 'pdf-tools', headers);
  const paths = [
    `/acme/pdf-tools/${V2}`,
    `/acme/pdf-tools/${V1}`,
    '/acme/pdf-tools/.well-known/agent-skills/1.0.0.tar.gz',
    '/acme/pdf-tools/.well-known/skills/pdf-tools/SKILL.md',
    '/acme/.well-known/skills/pdf-tools/SKILL.md',
  ];
  for (const path of paths) {
    const known = await world.fetch(path, { headers });
    expect(known.status, path).toBe(200);
    expect(known.headers.get('cache-control')).toBe('private, no-cache');
    const hidden = await problemOf(await world.fetch(path));
    const missing = await problemOf(await world.fetch(path.replaceAll('pdf-tools', 'ghost')));
    expect(JSON.stringify(hidden).replaceAll('pdf-tools', 'ghost')).toBe(JSON.stringify(missing));
    expect(hidden).toMatchObject({ status: 404, code: 'not_found', detail: 'There is no skill @acme/pdf-tools.' });
  }
  expect(names(await getJson<Index>(world, `/acme/${V2}`))).toEqual(['open-book']);
  expect(names(await getJson<Index>(world, `/acme/${V2}`, headers))).toEqual(['open-book', 'pdf-tools']);
});

test.each([
  ['/ghosts/.well-known/agent-skills/index.json', 404, 'not_found', "There are no skills in the namespace 'ghosts'."],
  ['/acme/ghost/.well-known/skills/index.json', 404, 'not_found', 'There is no skill @acme/ghost.'],
  ['/acme/pdf-tools/.well-known/agent-skills/9.9.9.tar.gz', 404, 'not_found', '@acme/pdf-tools has no version 9.9.9.'],
  [
    '/acme/pdf-tools/.well-known/skills/pdf-tools/ghost.md',
    404,
    'not_found',
    "@acme/pdf-tools@1.0.0 has no file 'ghost.md'.",
  ],
  ['/acme/pdf-tools/.well-known/skills/other/SKILL.md', 404, 'not_found', 'There is no skill @acme/other.'],
  ['/.well-known/skills/ghost/SKILL.md', 404, 'not_found', "There is no skill ghost in this hub's own list."],
  [
    '/acme/pdf-tools/.well-known/agent-skills/nothing',
    404,
    'not_found',
    'There is no GET /acme/pdf-tools/.well-known/agent-skills/nothing.',
  ],
  ['/.well-known/agent-skills/x', 404, 'not_found', 'There is no GET /.well-known/agent-skills/x.'],
  [
    '/acme/pdf-tools@Newest/.well-known/agent-skills/index.json',
    400,
    'invalid_request',
    "'Newest' is not a version or a range",
  ],
  [
    '/ac/.well-known/agent-skills/index.json',
    400,
    'invalid_request',
    "namespace 'ac' is 2 characters long; it must be 3 to 32",
  ],
  ['/acme/PDF/.well-known/skills/index.json', 400, 'invalid_request', "skill name 'PDF' must be lower case"],
])('%s answers %i as JSON', async (path, status, code, detail) => {
  const { world, key } = await hub();
  await publish(world, key);
  const response = await world.fetch(path);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await problemOf(response)).toMatchObject({ status, code, detail });
});

test('a wrong key is refused', async () => {
  const { world } = await hub();
  const headers = { authorization: `Bearer skh_${'0'.repeat(64)}` };
  for (const path of [`/${V2}`, `/acme/${V1}`, `/acme/pdf-tools/${V2}`, '/api/search?q=x']) {
    expect((await problemOf(await world.fetch(path, { headers }))).code, path).toBe('unauthorized');
  }
});

test('the other well-known addresses are not taken', async () => {
  const { world } = await hub();
  const response = await world.fetch('/.well-known/security.txt');
  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
});

test.each([`/acme/pdf-tools/${V2}`, `/acme/pdf-tools/${V1}`, `/acme/${V2}`, `/${V2}`])(
  '%s is revalidated, and a hot one does without the database',
  async (path) => {
    const { world, key } = await hub({ curatedSkills: [{ namespace: 'acme', name: 'pdf-tools' }] });
    await publish(world, key);
    const first = await world.fetch(path);
    const body = await first.text();
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[0-9a-f]{32}"$/);
    const head = await world.fetch(path, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-type'), await head.text()]).toEqual([200, 'application/json', '']);
    const { db } = world.deps;
    unplugDatabase(world);
    expect(await (await world.fetch(path)).text()).toBe(body);
    expect((await world.fetch(path, { headers: { 'if-none-match': etag } })).status).toBe(304);
    world.deps.db = db;
    await publish(world, key, { version: '1.1.0' });
    const after = await world.fetch(path, { headers: { 'if-none-match': etag } });
    expect(after.status).toBe(200);
    expect(await after.text()).toContain('1.1.0');
  },
);

test('HEAD of an archive and of a file tell their size', async () => {
  const { world, key } = await hub();
  await publish(world, key);
  for (const path of [
    '/acme/pdf-tools/.well-known/agent-skills/1.0.0.tar.gz',
    '/acme/pdf-tools/.well-known/skills/pdf-tools/SKILL.md',
  ]) {
    const head = await world.fetch(path, { method: 'HEAD' });
    const get = await world.fetch(path);
    expect(head.status).toBe(200);
    expect(head.headers.get('etag')).toBe(get.headers.get('etag'));
    expect(head.headers.get('content-type')).toBe(get.headers.get('content-type'));
    expect(await head.text()).toBe('');
  }
});

test('a page of another origin may ask', async () => {
  const { world } = await hub();
  const preflight = await world.fetch(`/acme/pdf-tools/${V2}`, {
    method: 'OPTIONS',
    headers: { origin: 'https://agent.example', 'access-control-request-method': 'GET' },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
  expect(preflight.headers.get('access-control-allow-methods')).toBe('GET,HEAD');
});

test('yanked versions are gone', async () => {
  const { world, key, headers } = await hub();
  await publish(world, key);
  expect((await world.fetch(`/acme/pdf-tools/${V2}`)).status).toBe(200);
  expect((await world.fetch(`/acme/${V2}`)).status).toBe(200);
  await postJson(world, '/v1/packages/acme/pdf-tools/1.0.0/yank', {}, headers);
  expect((await world.fetch(`/acme/pdf-tools/${V2}`)).status).toBe(404);
  expect((await world.fetch(`/acme/${V2}`)).status).toBe(404);
  expect((await world.fetch('/acme/pdf-tools/.well-known/agent-skills/1.0.0.tar.gz')).status).toBe(404);
});

test('a skill that its owner hid is in no index', async () => {
  const { world, key } = await hub({ curatedSkills: [{ namespace: 'acme', name: 'pdf-tools' }] });
  await publish(world, key);
  await publish(world, key, { name: 'open-book' });
  await world.client.execute("UPDATE skills SET hidden_at = 1 WHERE name = 'pdf-tools'");
  expect(names(await getJson<Index>(world, `/${V2}`))).toEqual([]);
  expect(names(await getJson<Index>(world, `/acme/${V2}`))).toEqual(['open-book']);
  expect((await world.fetch(`/acme/pdf-tools/${V1}`)).status).toBe(404);
});

test('a description that clients would find too long is cut', async () => {
  const { world, key } = await hub();
  await publish(world, key, { description: `${'x'.repeat(1000)}${'\u{1f4c4}'.repeat(24)}` });
  const { skills } = await getJson<{ skills: { description: string }[] }>(world, `/acme/pdf-tools/${V2}`);
  expect(skills[0]?.description).toBe(`${'x'.repeat(1000)}${'\u{1f4c4}'.repeat(12)}`);
});
