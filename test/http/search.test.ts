import { beforeAll, describe, expect, test } from 'vitest';
import type { SearchBody } from '../../src/http/v1/schemas.ts';
import { bearer, getJson, type KeyHolder, newNamespace, problemOf, publish } from '../support/skills.ts';
import { createWorld, OPERATOR_KEY, type World } from '../support/world.ts';

const search = (world: World, query: Record<string, string | number>, headers?: Record<string, string>) => {
  const parameters = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
  return getJson<SearchBody>(world, `/v1/search?${parameters}`, headers);
};
const names = (body: SearchBody) => body.packages.map(({ name }) => name);

describe('in a small catalogue', () => {
  let world: World;
  let acme: KeyHolder;
  let umbrella: typeof acme;

  beforeAll(async () => {
    world = await createWorld();
    acme = await newNamespace(world);
    umbrella = await newNamespace(world, 'umbrella');
    const category = (name: string) =>
      JSON.stringify({ name, version: '1.0.0', category: 'documents', namespace: 'acme' });
    await publish(world, acme.key, {
      name: 'report-writer',
      description: 'Writes reports, and can turn them into a PDF document.',
      files: { 'manifest.json': category('report-writer') },
    });
    world.advance(1_000);
    await publish(world, acme.key, { name: 'pdf-tools', frontmatter: 'keywords: [acrobat, forms]\n' });
    world.advance(1_000);
    await publish(world, umbrella.key, {
      name: 'weather-report',
      description: 'Tells the weather of tomorrow, façade façon Zürich.',
    });
    world.advance(1_000);
    await publish(
      world,
      acme.key,
      { name: 'secret-report', description: 'Reports that nobody else may see.' },
      '?visibility=private',
    );
  });

  test('an answer holds what a list shows', async () => {
    expect(await search(world, { q: 'acrobat' })).toEqual({
      packages: [
        {
          id: expect.stringMatching(/^\d+$/),
          namespace: 'acme',
          name: 'pdf-tools',
          description: 'Reads, fills and merges PDF files for an agent.',
          category: null,
          author: null,
          keywords: ['acrobat', 'forms'],
          frameworks: [],
          visibility: 'public',
          created_at: '2026-01-01T00:00:01.000Z',
          updated_at: '2026-01-01T00:00:01.000Z',
          latest_version: '1.0.0',
          downloads: 0,
          verification: 'self_signed',
          verdict: 'clean',
        },
      ],
      total: 1,
      page: 1,
      page_size: 20,
    });
  });

  test.each([
    ['pdf', ['pdf-tools', 'report-writer']],
    ['pd', ['pdf-tools', 'report-writer']],
    ['PDF', ['pdf-tools', 'report-writer']],
    ['pdf-tools', ['pdf-tools']],
    ['pdf report', ['report-writer']],
    ['report pdf', ['report-writer']],
    ['pdf weather', []],
    ['umbrella', ['weather-report']],
    ['acme reports', ['report-writer']],
    ['zurich', ['weather-report']],
    ['Façade', ['weather-report']],
    ['df', []],
    ['nothing-of-the-kind', []],
  ])('%j finds %j', async (q, expected) => {
    const body = await search(world, { q });
    expect(names(body)).toEqual(expected);
    expect(body.total).toBe(expected.length);
  });

  test.each(['"', '***', '()'])('%j has no word and finds nothing', async (q) => {
    expect(await search(world, { q })).toMatchObject({ packages: [], total: 0 });
  });

  test.each(['', ' '])('%j lists everything, newest first', async (q) => {
    const body = await search(world, { q });
    expect(names(body)).toEqual(['weather-report', 'pdf-tools', 'report-writer']);
    expect(body.total).toBe(3);
  });

  test.each([
    ['pdf OR weather', []],
    ['pdf AND', ['pdf-tools', 'report-writer']],
    ['NOT pdf', []],
    ['NEAR(pdf tools)', []],
    ['name:pdf"tools', []],
    ['"pdf tools', ['pdf-tools']],
    ['pdf*', ['pdf-tools', 'report-writer']],
    ['^pdf', ['pdf-tools', 'report-writer']],
    ['{keywords}: pdf', []],
    ["pdf'; DROP TABLE skills; --", []],
    ['pdf)', ['pdf-tools', 'report-writer']],
    ['pdf\u0000tools', ['pdf-tools']],
    ['-pdf', ['pdf-tools', 'report-writer']],
    ['😀 pdf', ['pdf-tools', 'report-writer']],
  ])('%j is only words', async (q, expected) => {
    expect(names(await search(world, { q }))).toEqual(expected);
  });

  test('of a query no more than its first eight words count', async () => {
    expect(names(await search(world, { q: `${'pdf '.repeat(8)} nothing of the kind` }))).toHaveLength(2);
  });

  test('a category narrows a listing and a query', async () => {
    expect(names(await search(world, { category: 'documents' }))).toEqual(['report-writer']);
    expect(names(await search(world, { q: 'report', category: 'documents' }))).toEqual(['report-writer']);
    expect(await search(world, { q: 'weather', category: 'documents' })).toMatchObject({ packages: [], total: 0 });
    expect(await search(world, { category: 'none' })).toMatchObject({ packages: [], total: 0 });
  });

  test('a private skill is found by its own namespace and by operators alone', async () => {
    const query = { q: 'secret' };
    expect(await search(world, query)).toMatchObject({ packages: [], total: 0 });
    expect(await search(world, query, umbrella.headers)).toMatchObject({ packages: [], total: 0 });
    const own = await search(world, query, acme.headers);
    expect(own).toMatchObject({ packages: [{ name: 'secret-report', visibility: 'private' }], total: 1 });
    expect(await search(world, query, bearer(OPERATOR_KEY))).toEqual(own);
    expect(names(await search(world, {}, acme.headers))[0]).toBe('secret-report');
    expect((await search(world, {}, umbrella.headers)).total).toBe(3);
  });

  test('no publisher is verified yet', async () => {
    expect(await search(world, { q: 'pdf', verified: 'true' })).toMatchObject({ packages: [], total: 0 });
    expect(names(await search(world, { q: 'pdf', verified: 'false' }))).toHaveLength(2);
  });

  test.each([
    ['page=0', 'page'],
    ['page=1001', 'page'],
    ['page=two', 'page'],
    ['page=1.5', 'page'],
    [`q=${'x'.repeat(201)}`, 'q'],
    [`category=${'x'.repeat(65)}`, 'category'],
    ['verified=yes', 'verified'],
    ['sort=stars', 'sort'],
    ['limit=101', 'limit'],
    [`tag=${'x'.repeat(201)}`, 'tag'],
  ])('%s is refused', async (query, path) => {
    expect(await problemOf(await world.fetch(`/v1/search?${query}`))).toMatchObject({
      status: 400,
      code: 'invalid_request',
      errors: [{ path }],
    });
  });
});

test('the latest version is what a search reads', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  await publish(world, key, { description: 'Knows everything about walruses.' });
  await publish(world, key, { version: '2.0.0', description: 'Knows everything about octopuses.' });
  await publish(world, key, { version: '1.5.0', description: 'Knows everything about penguins.' });
  expect(names(await search(world, { q: 'octopuses' }))).toEqual(['pdf-tools']);
  expect(names(await search(world, { q: 'walruses' }))).toEqual([]);
  expect(names(await search(world, { q: 'penguins' }))).toEqual([]);
  expect(await search(world, { q: 'pdf' })).toMatchObject({ total: 1, packages: [{ latest_version: '2.0.0' }] });
});

test('pages hold twenty each, and together everything once', async () => {
  const world = await createWorld({ settings: { maxNameDistance: 0 } });
  const { key } = await newNamespace(world);
  for (let i = 1; i <= 23; i++) await publish(world, key, { name: `skill-${i}` });
  for (const q of ['', 'skill']) {
    const pages = await Promise.all([1, 2, 3].map((page) => search(world, { q, page })));
    expect(pages.map(({ packages, page, total }) => [packages.length, page, total])).toEqual([
      [20, 1, 23],
      [3, 2, 23],
      [0, 3, 23],
    ]);
    expect(new Set(pages.flatMap(names)).size).toBe(23);
  }
  expect((await search(world, {})).packages[0]?.name).toBe('skill-23');
});

test('a word that the whole catalogue holds stays cheap and does not hide the skill of that name', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  await publish(world, key, { name: 'common', description: 'The oldest skill in the whole catalogue.' });
  await world.client.execute(`WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 700)
    INSERT INTO skills (id, namespace, name, visibility, latest_version_id, created_at, updated_at)
    SELECT i, 'acme', 'other-' || i, 'public', (SELECT latest_version_id FROM skills WHERE id = 1), 0, 0 FROM n`);
  await world.client.execute(`INSERT INTO skill_search (rowid, name, namespace, keywords, description, visibility)
    SELECT id, name, namespace, '', 'one common word among common words', 'public' FROM skills WHERE id > 1`);
  const body = await search(world, { q: 'common' });
  expect(names(body).slice(0, 2)).toEqual(['common', 'other-201']);
  // The newest 500, and the one of that very name.
  expect(body.total).toBe(501);
  const last = await search(world, { q: 'common', page: '25' });
  expect(last.packages).toHaveLength(20);
});
