import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { SUSPICIOUS } from '../support/harmful.ts';
import { searchCatalogue } from '../support/search-catalogue.ts';
import { newNamespace, publish } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';
import { type HubSession, hubSession, REGISTRY } from './hub.ts';

let world: World;
let session: HubSession;

beforeEach(async () => {
  world = await createWorld();
  await searchCatalogue(world, 'Ada');
  session = await hubSession({ world });
});

const INDEX = '.skills/.cache/registry-metadata.json';

interface Found {
  packages: { name: string }[];
}

async function names(...argv: string[]): Promise<string[]> {
  const { code, document } = await session.json('search', ...argv);
  expect(code).toBe(0);
  return (document as Found).packages.map(({ name }) => name);
}

describe('skills search', () => {
  it('passes every filter on', async () => {
    const filters = ['--tag', 'documents', '--tag', 'forms', '--framework', 'claude', '--author', 'ADA'];
    const found = await names('pdf', ...filters, '--namespace', '@Acme', '--sort', 'downloads', '--limit', '5');
    expect(found).toEqual(['pdf-tools']);
    expect(session.sent.map(({ url }) => url.replace(REGISTRY, ''))).toEqual([
      '/v1/search?q=pdf&limit=5&namespace=acme&author=ADA&tag=documents%2Cforms&framework=claude&sort=downloads',
    ]);
    expect(await names('--verified')).toEqual([]);
  });

  it('shows what is close when nothing matches, and says so', async () => {
    expect(await session.run('search', 'pdftoolz')).toEqual({
      code: 0,
      stdout: '@acme/pdf-tools  1.0.0  Reads, fills and merges PDF files for an agent.\n',
      stderr: "note: nothing matches 'pdftoolz'; this is close to it.\n",
    });
    expect((await session.json('search', 'pdftoolz')).document).toMatchObject({ approximate: true, total: 1 });
  });

  it('says of what is suspicious that it is, with and without the network', async () => {
    const { key } = await newNamespace(world, 'wonderland');
    await publish(world, key, { ...SUSPICIOUS, name: 'odd-tool' });
    const line = expect.stringMatching(/^@wonderland\/odd-tool {2}1\.0\.0 {2}suspicious: \S.*\n$/);
    expect(await session.run('search', 'odd', 'tool')).toEqual({ code: 0, stdout: line, stderr: '' });
    expect((await session.run('search', 'odd', 'tool', '--offline')).stdout).toEqual(line);
    const { document } = await session.json('search', 'odd', 'tool');
    expect(document).toMatchObject({ packages: [{ name: 'odd-tool', verdict: 'suspicious' }] });
    expect((await session.run('search', 'pdf')).stdout).not.toContain('clean');
  });

  it('asks the registry that a namespace belongs to', async () => {
    await session.run('registry', 'add', 'http://private.test', '--namespace', '@umbrella');
    session.sent.length = 0;
    await session.run('search', '--namespace', 'umbrella');
    expect(session.sent.map(({ url }) => new URL(url).origin)).toEqual(['http://private.test']);
  });

  it.each([
    ['--page', '0', '--page 0 is not a number from 1 to 1000.'],
    ['--limit', '101', '--limit 101 is not a number from 1 to 100.'],
    ['--sort', 'stars', '--sort stars is no order.'],
  ])('refuses %s %s', async (flag, value, message) => {
    expect(await session.json('search', flag, value)).toMatchObject({
      code: 2,
      document: { error: { code: 'usage', message } },
    });
    expect(session.sent).toEqual([]);
  });
});

describe('skills search --offline', () => {
  it('searches what earlier searches found, and tells of what age that is', async () => {
    await session.run('search', 'documents');
    session.sent.length = 0;
    expect(await session.run('search', 'pdftoolz', '--offline')).toEqual({
      code: 0,
      stdout: '@acme/pdf-tools  1.0.0  Reads, fills and merges PDF files for an agent.\n',
      stderr:
        'note: only among 2 skills seen by earlier searches, the last less than an hour ago; `skills search --refresh` fetches all.\n',
    });
    expect(await names('weather', '--offline')).toEqual([]);
    expect(session.sent).toEqual([]);
  });

  it('searches everything after --refresh', async () => {
    expect(await session.run('search', '--refresh')).toEqual({
      code: 0,
      stdout: '',
      stderr: `note: 3 skills of ${REGISTRY} can be searched with --offline now.\n`,
    });
    session.sent.length = 0;
    expect(await names('--offline')).toEqual(['weather-report', 'csv-summarizer', 'pdf-tools']);
    expect(await names('--offline', '--sort', 'name')).toEqual(['csv-summarizer', 'pdf-tools', 'weather-report']);
    expect(await names('--offline', '--author', 'ada', '--sort', 'name')).toEqual(['pdf-tools', 'weather-report']);
    expect(await names('--offline', '--tag', 'documents', '--framework', 'openai')).toEqual(['csv-summarizer']);
    expect(await names('--offline', '--namespace', 'umbrella')).toEqual(['weather-report']);
    expect(await names('--offline', '--limit', '2', '--page', '2')).toEqual(['pdf-tools']);
    expect(await names('wether', 'tomorow', '--offline')).toEqual(['weather-report']);
    expect(session.sent).toEqual([]);
    const { document } = await session.json('search', 'forms', '--offline');
    expect(document).toEqual({
      registry: REGISTRY,
      packages: [expect.objectContaining({ namespace: 'acme', name: 'pdf-tools', latest_version: '1.0.0' })],
      total: 1,
      page: 1,
      page_size: 20,
      offline: { refreshed_at: '2026-01-01T00:00:00.000Z', seen_at: '2026-01-01T00:00:00.000Z' },
    });
  });

  it('forgets with --refresh what the registry does not have any more', async () => {
    await session.run('search', '--refresh');
    const path = join(session.home, INDEX);
    await writeFile(path, (await readFile(path, 'utf8')).replace('csv-summarizer', 'csv-gone'));
    expect(await names('gone', '--offline')).toEqual(['csv-gone']);
    await session.run('search', '--refresh');
    expect(await names('gone', '--offline')).toEqual([]);
  });

  it('knows what was installed, and does as SKILLS_OFFLINE says', async () => {
    await session.run('install', '@acme/pdf-tools');
    const offline = await hubSession({ world, cwd: session.cwd, home: session.home, env: { SKILLS_OFFLINE: '1' } });
    expect(await offline.run('search', 'pdf')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('@acme/pdf-tools  1.0.0'),
      stderr: 'note: only among 1 skills that were installed; `skills search --refresh` fetches all.\n',
    });
    expect(offline.sent).toEqual([]);
  });

  it('keeps the registries apart', async () => {
    await session.run('search', '--refresh');
    expect(await names('--offline', '--registry', 'http://other.test')).toEqual([]);
  });

  it('drops a damaged index with a note', async () => {
    await session.run('search', '--refresh');
    const path = join(session.home, INDEX);
    await writeFile(path, '{"registries": 1}');
    const { code, stderr } = await session.run('search', '--offline');
    expect([code, stderr]).toEqual([
      0,
      expect.stringContaining(`note: ${path} was damaged, and is dropped from the cache.\n`),
    ]);
  });

  it.each([
    [['--sort', 'trending'], '--sort trending needs the network.'],
    [['--verified'], '--verified needs the network.'],
    [['--refresh'], '--refresh needs the network.'],
  ])('refuses %j', async (flags, message) => {
    expect(await session.json('search', '--offline', ...flags)).toMatchObject({
      code: 2,
      document: { error: { code: 'usage', message } },
    });
  });
});
