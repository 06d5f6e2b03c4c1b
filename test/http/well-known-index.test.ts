import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Settings } from '../../src/core/deps.ts';
import { readArchive } from '../../src/format/archive.ts';
import { getJson, newNamespace, postJson, problemOf, publish, skill, tarGz, upload, zip } from '../support/skills.ts';
import { unplugDatabase } from '../support/statements.ts';
import { createWorld, type World } from '../support/world.ts';

const SCHEMA = 'https://schemas.agentskills.io/discovery/0.2.0/schema.json';
const V2 = '.well-known/agent-skills/index.json';
const V1 = '.well-known/skills/index.json';
const SHORT = 'public, max-age=30';
const FOR_EVER = 'public, max-age=31536000, immutable';

interface Index {
  $schema?: string;
  skills: { name: string; url: string; digest: string; version: string; files: string[] }[];
}

async function hub(settings: Partial<Settings> = {}) {
  const world = await createWorld({ settings });
  return { world, ...(await newNamespace(world)) };
}

const names = ({ skills }: Index) => skills.map(({ name }) => name);

const hide = (world: World, name: string, headers: Record<string, string>) =>
  world.fetch(`/v1/packages/acme/${name}/visibility`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{"visibility":"private"}',
  });

test('the index of a skill names the archive and the digest of exactly its bytes', async () => {
  const { world, key } = await hub();
  await publish(world, key, { files: { 'scripts/run.sh': 'echo hi\n' } });
  const bytes = await tarGz({ files: { 'scripts/run.sh': 'echo hi\n' } });
  const digest = createHash('sha256').update(bytes).digest('hex');
  const response = await world.fetch(`/acme/pdf-tools/${V2}`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(response.headers.get('cache-control')).toBe(SHORT);
  const index = await response.json<Index>();
  expect(index).toEqual({
    $schema: SCHEMA,
    skills: [
      {
        name: 'pdf-tools',
        type: 'archive',
        description: 'Reads, fills and merges PDF files for an agent.',
        url: '/acme/pdf-tools/.well-known/agent-skills/1.0.0.tar.gz',
        digest: `sha256:${digest}`,
        namespace: 'acme',
        version: '1.0.0',
        size: bytes.length,
      },
    ],
  });

  const archive = await world.fetch(index.skills[0]?.url ?? '');
  expect(archive.status).toBe(200);
  expect(archive.headers.get('content-type')).toBe('application/gzip');
  expect(archive.headers.get('content-length')).toBe(String(bytes.length));
  expect(archive.headers.get('cache-control')).toBe(FOR_EVER);
  expect(archive.headers.get('etag')).toBe(`"${digest}"`);
  expect(archive.headers.get('access-control-allow-origin')).toBe('*');
  const served = new Uint8Array(await archive.arrayBuffer());
  expect(createHash('sha256').update(served).digest('hex')).toBe(digest);
  expect(await readArchive(served)).toEqual(skill({ files: { 'scripts/run.sh': 'echo hi\n' } }));
});

test('a prerelease that was uploaded as zip has its canonical tar.gz', async () => {
  const { world, key } = await hub();
  await upload(world, key, await zip({ version: '1.0.0-rc.7' }));
  await world.drain();
  const [entry] = (await getJson<Index>(world, `/acme/pdf-tools/${V2}`)).skills;
  expect(entry?.url).toBe('/acme/pdf-tools/.well-known/agent-skills/1.0.0-rc.7.tar.gz');
  const bytes = new Uint8Array(await (await world.fetch(entry?.url ?? '')).arrayBuffer());
  expect(`sha256:${createHash('sha256').update(bytes).digest('hex')}`).toBe(entry?.digest);
});

test('version 0.1 names single files, and serves them byte for byte', async () => {
  const { world, key } = await hub();
  const files = {
    'references/über uns.md': '# Wir\n',
    'scripts/run.sh': 'echo hi\n',
    'page.html': '<script>alert(1)</script>\n',
    'deep/down/here/data.json': '{}\n',
  };
  await publish(world, key, { files });
  const response = await world.fetch(`/acme/pdf-tools/${V1}`);
  expect(response.headers.get('cache-control')).toBe(SHORT);
  const index = await response.json<Index>();
  expect(index).toEqual({
    skills: [
      {
        name: 'pdf-tools',
        description: 'Reads, fills and merges PDF files for an agent.',
        files: ['SKILL.md', ...Object.keys(files).sort()].sort(),
        namespace: 'acme',
        version: '1.0.0',
      },
    ],
  });
  for (const { path, bytes } of skill({ files }).files) {
    const file = await world.fetch(`/acme/pdf-tools/.well-known/skills/pdf-tools/${path}`);
    expect(file.status, path).toBe(200);
    expect(new Uint8Array(await file.arrayBuffer())).toEqual(bytes);
    expect(file.headers.get('etag')).toBe(`"${createHash('sha256').update(bytes).digest('hex')}"`);
    expect(file.headers.get('cache-control')).toBe(SHORT);
    const type = path.endsWith('.md') ? 'text/markdown; charset=utf-8' : 'text/plain; charset=utf-8';
    expect(file.headers.get('content-type'), path).toBe(type);
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
  }
});

test('a file that is no text comes as bytes', async () => {
  const { world, key } = await hub();
  await publish(world, key, { files: { 'data.bin': 'a\0b' } });
  const file = await world.fetch('/acme/pdf-tools/.well-known/skills/pdf-tools/data.bin');
  expect(file.headers.get('content-type')).toBe('application/octet-stream');
});

test.each(['a..b.txt', 'c#.txt', '100%.txt'])(
  'a skill with %s, which clients of version 0.1 cannot fetch, is in the other index only',
  async (path) => {
    const { world, key } = await hub();
    await publish(world, key, { files: { [path]: 'x\n' } });
    await publish(world, key, { name: 'changelog-writer' });
    expect(names(await getJson<Index>(world, `/acme/${V2}`))).toEqual(['changelog-writer', 'pdf-tools']);
    expect(names(await getJson<Index>(world, `/acme/${V1}`))).toEqual(['changelog-writer']);
  },
);

test('a namespace has its newest 100 skills, newest first', async () => {
  const { world, key } = await hub({ maxNameDistance: 0 });
  const all = Array.from({ length: 101 }, (_, i) => `skill-${String(i).padStart(3, '0')}`);
  for (const name of all) await publish(world, key, { name });
  const newest = all.toReversed().slice(0, 100);
  expect(names(await getJson<Index>(world, `/acme/${V2}`))).toEqual(newest);
  expect(names(await getJson<Index>(world, `/acme/${V1}`))).toEqual(newest);
  expect((await getJson<Index>(world, `/acme@skill-000/${V2}`)).skills).toHaveLength(1);
}, 120_000);

test('files and archives are found from the index of a namespace', async () => {
  const { world, key } = await hub();
  await publish(world, key);
  await publish(world, key, { version: '1.1.0', body: 'Newer.\n' });
  const [entry] = (await getJson<Index>(world, `/acme/${V2}`)).skills;
  expect(entry).toMatchObject({ version: '1.1.0', url: '/acme/pdf-tools/.well-known/agent-skills/1.1.0.tar.gz' });
  const file = await world.fetch('/acme/.well-known/skills/pdf-tools/SKILL.md');
  expect(await file.text()).toContain('Newer.');
});

test.each([
  ['/acme/pdf-tools@1.0.0', '1.0.0'],
  ['/acme/pdf-tools@^1.0.0', '1.1.0'],
  ['/acme/pdf-tools@>=1 <1.1', '1.0.0'],
  ['/acme/pdf-tools@latest', '2.0.0'],
  ['/acme/pdf-tools@pdf-tools', '2.0.0'],
  ['/acme@pdf-tools', '2.0.0'],
  ['/acme@pdf-tools@1', '1.1.0'],
])('%s is version %s', async (address, version) => {
  const { world, key } = await hub();
  for (const published of ['1.0.0', '1.1.0', '2.0.0']) {
    await publish(world, key, { version: published, body: `This is ${published}.\n` });
  }
  const [entry] = (await getJson<Index>(world, `${address}/${V2}`)).skills;
  expect(entry?.version).toBe(version);
  expect(entry?.url).toBe(`/acme/pdf-tools/.well-known/agent-skills/${version}.tar.gz`);
  const [older] = (await getJson<Index>(world, `${address}/${V1}`)).skills;
  expect(older?.version).toBe(version);
  const file = await world.fetch(`${address}/.well-known/skills/pdf-tools/SKILL.md`);
  expect(await file.text()).toContain(`This is ${version}.`);
});

test('the hub lists the examples while its operator names nothing else', async () => {
  const { world, key } = await hub();
  await publish(world, key);
  expect(await getJson(world, `/${V2}`)).toEqual({ $schema: SCHEMA, skills: [] });
  const examples = await newNamespace(world, 'examples');
  await publish(world, examples.key, { name: 'csv-summary' });
  const index = await getJson<Index>(world, `/${V2}`);
  expect(index.skills).toMatchObject([
    { name: 'csv-summary', url: '/examples/csv-summary/.well-known/agent-skills/1.0.0.tar.gz' },
  ]);
  expect(names(await getJson<Index>(world, `/${V1}`))).toEqual(['csv-summary']);
  expect((await world.fetch('/.well-known/skills/csv-summary/SKILL.md')).status).toBe(200);
  expect((await world.fetch('/.well-known/skills/pdf-tools/SKILL.md')).status).toBe(404);
});

test('the operator names what the hub lists, in that order; private, missing and doubled names drop out', async () => {
  const listed = ['acme/csv-summary', 'acme/pdf-tools', 'other/pdf-tools', 'acme/ghost', 'acme/secret-plans'];
  const curatedSkills = listed.map((item) => {
    const [namespace = '', name = ''] = item.split('/');
    return { namespace, name };
  });
  const { world, key, headers } = await hub({ curatedSkills, maxNameDistance: 0 });
  const other = await newNamespace(world, 'other');
  for (const name of ['pdf-tools', 'csv-summary', 'secret-plans', 'unlisted']) await publish(world, key, { name });
  await publish(world, other.key);
  await hide(world, 'secret-plans', headers);
  const { skills } = await getJson<Index>(world, `/${V2}`, headers);
  expect(skills.map(({ url }) => url.split('/.')[0])).toEqual(['/acme/csv-summary', '/acme/pdf-tools']);
  expect((await world.fetch('/.well-known/skills/secret-plans/SKILL.md', { headers })).status).toBe(404);
});

test('an empty list of the operator leaves the hub without one', async () => {
  const { world } = await hub({ curatedSkills: [] });
  const examples = await newNamespace(world, 'examples');
  await publish(world, examples.key);
  expect(await getJson(world, `/${V2}`)).toEqual({ $schema: SCHEMA, skills: [] });
  expect(await getJson(world, `/${V1}`)).toEqual({ skills: [] });
});

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
