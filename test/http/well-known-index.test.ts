import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { readArchive } from '../../src/format/archive.ts';
import { getJson, newNamespace, publish, skill, tarGz, upload, zip } from '../support/skills.ts';
import { hide, hub, type Index, names, V1, V2 } from '../support/well-known.ts';

const SCHEMA = 'https://schemas.agentskills.io/discovery/0.2.0/schema.json';
const SHORT = 'public, max-age=30';
const FOR_EVER = 'public, max-age=31536000, immutable';

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
