import { beforeAll, describe, expect, test } from 'vitest';
import type { KeyHolder } from '../support/skills.ts';
import { type Answer, PDF_SKILL, publish, type SpmCatalogue, spmCatalogue } from '../support/spm-catalogue.ts';
import type { World } from '../support/world.ts';

let world: World;
let acme: KeyHolder;
let get: SpmCatalogue['get'];
let listed: SpmCatalogue['listed'];
let found: SpmCatalogue['found'];

beforeAll(async () => {
  ({ world, acme, get, listed, found } = await spmCatalogue());
});

describe('GET /skills', () => {
  test("stands beside ClawHub's keys", async () => {
    const page = await get<Record<string, unknown>>('/skills?limit=1&offset=2');
    expect(Object.keys(page).sort()).toEqual(['data', 'items', 'nextCursor', 'success']);
    expect(page).toMatchObject({
      success: true,
      data: { skills: [PDF_SKILL], pagination: { limit: 1, offset: 2, total: 3, hasMore: false } },
      items: [{ slug: 'pdf-tools' }],
    });
    expect(Object.keys((page.data as Answer['data']).skills[0] ?? {})).toEqual(Object.keys(PDF_SKILL));
  });

  test('is the latest first, page by page', async () => {
    expect(await listed('')).toEqual(['umbrella.pdf-tools', 'csv', 'pdf-tools']);
    expect((await get('/skills?limit=2')).data.pagination).toEqual({ limit: 2, offset: 0, total: 3, hasMore: true });
    expect(await listed('?limit=2&offset=1')).toEqual(['csv', 'pdf-tools']);
    expect((await get('/skills?limit=2&offset=1')).data.pagination).toMatchObject({ hasMore: false });
    expect(await listed('?offset=3')).toEqual([]);
    expect((await get('/skills', acme.headers)).data.pagination).toMatchObject({ total: 4 });
  });

  test.each([
    ['recent', ['umbrella.pdf-tools', 'csv', 'pdf-tools']],
    ['rating', ['csv', 'umbrella.pdf-tools', 'pdf-tools']],
    ['downloads', ['umbrella.pdf-tools', 'csv', 'pdf-tools']],
  ])('sort=%s', async (sort, names) => {
    expect(await listed(`?sort=${sort}`)).toEqual(names);
    expect(await listed(`?sort=${sort}&offset=1`)).toEqual(names.slice(1));
  });

  test.each([
    ['?tags=forms', ['csv', 'pdf-tools']],
    ['?tags=Forms,%20pdf', ['pdf-tools']],
    ['?tags=forms&capabilities=read-csv', ['csv']],
    ['?frameworks=claude&sort=rating', ['csv', 'pdf-tools']],
    ['?frameworks=claude,roundtable', ['pdf-tools']],
    ['?tags=hidden', []],
    ['?tags=form', []],
    ['?tags=forms,nobody-has-this', []],
    ['?tags=%27%22%3B--', []],
    ['?tags=,%20,', ['umbrella.pdf-tools', 'csv', 'pdf-tools']],
    ['?tags=forms&limit=1&offset=1', ['pdf-tools']],
    ['?tags=forms&prefix=pdf', ['pdf-tools']],
    ['?q=tables&tags=forms', ['csv']],
  ])('filtered: %s', async (query, names) => {
    expect(await listed(query)).toEqual(names);
    const { pagination } = (await get(`/skills${query}`)).data;
    if (!query.includes('limit')) expect(pagination).toMatchObject({ total: names.length, hasMore: false });
    else expect(pagination).toEqual({ limit: 1, offset: 1, total: 2, hasMore: false });
  });

  test('filtered, page by page with a cursor', async () => {
    const first = await get<{ nextCursor: string }>('/skills?tags=forms&limit=1');
    expect(await listed(`?tags=forms&limit=1&cursor=${first.nextCursor}`)).toEqual(['pdf-tools']);
  });

  test.each(['limit=0', 'offset=-1', 'offset=10001', 'sort=best', `tags=${'a,'.repeat(11)}`, `tags=${'a'.repeat(65)}`])(
    '%s is refused as text, as all on this path',
    async (query) => {
      const response = await world.fetch(`/api/v1/skills?${query}`);
      expect(response.status).toBe(400);
      expect(await response.text()).toMatch(/^Invalid query: /);
    },
  );
});

describe('GET /search', () => {
  test("stands beside ClawHub's rows, with reasons", async () => {
    const answer = await get('/search?q=fills+pdf&tags=forms&capabilities=read-pdf&frameworks=Claude&limit=5');
    expect(answer).toMatchObject({ results: [{ slug: 'pdf-tools' }] });
    expect(answer.data).toEqual({
      results: [
        {
          ...PDF_SKILL,
          matchScore: expect.any(Number),
          matchReasons: [
            'description match: fills',
            'name match: pdf',
            'tag match: forms',
            'capability match: read-pdf',
            'framework match: Claude',
          ],
        },
      ],
      pagination: { limit: 5, offset: 0, total: 1, hasMore: false },
      query: { q: 'fills pdf', tags: ['forms'], capabilities: ['read-pdf'], frameworks: ['Claude'] },
    });
    const [best] = answer.data.results;
    expect(best?.matchScore).toBeGreaterThanOrEqual(0);
    expect(best?.matchScore).toBeLessThanOrEqual(1);
  });

  test('pages', async () => {
    const all = await found('?q=pdf');
    expect(all.length).toBe(2);
    expect(await found('?q=pdf&limit=1')).toEqual(all.slice(0, 1));
    expect(await found('?q=pdf&limit=1&offset=1')).toEqual(all.slice(1));
    const pages = await Promise.all([0, 1].map((offset) => get(`/search?q=pdf&limit=1&offset=${offset}`)));
    expect(pages.map(({ data }) => data.pagination)).toEqual([
      { limit: 1, offset: 0, total: 2, hasMore: true },
      { limit: 1, offset: 1, total: 2, hasMore: false },
    ]);
  });

  test('sorts what it found', async () => {
    expect(await found('?q=pdf&sort=recent')).toEqual(['umbrella.pdf-tools', 'pdf-tools']);
    expect(await found('?q=files&sort=rating')).toEqual(['umbrella.pdf-tools', 'pdf-tools']);
    expect((await found('?q=pdf&sort=downloads')).length).toBe(2);
    expect((await world.fetch('/api/v1/search?q=pdf&sort=newest')).status).toBe(400);
  });

  test.each([
    ['?q=pdf&tags=forms', ['pdf-tools']],
    ['?q=tables&tags=forms', ['csv']],
    ['?q=pdf&tags=tables', []],
    ['?q=pdf&capabilities=READ-PDF', ['pdf-tools']],
    ['?q=pdf&capabilities=read', []],
    ['?q=tables&frameworks=claude', ['csv']],
    ['?q=pdf&frameworks=openai', []],
    ['?q=read-csv', ['csv']],
    ['?tags=forms', ['csv', 'pdf-tools']],
    ['?tags=forms&sort=rating', ['csv', 'pdf-tools']],
    ['?capabilities=fill-forms', ['pdf-tools']],
    ['?q=', []],
    ['', []],
  ])('%s', async (query, names) => {
    expect(await found(query)).toEqual(names);
    expect((await get(`/search${query}`)).data.pagination).toMatchObject({ total: names.length, hasMore: false });
  });

  test('with filters alone everything matches as well', async () => {
    const { results } = (await get('/search?tags=forms')).data;
    expect(results.map(({ matchScore, matchReasons }) => [matchScore, matchReasons])).toEqual([
      [1, ['tag match: forms']],
      [1, ['tag match: forms']],
    ]);
  });
});

test('a skill whose versions say very much of themselves is told of with as many as D1 puts into one value', async () => {
  const name = 'long-winded';
  for (const version of ['1.0.0', '1.1.0', '1.2.0']) await publish(world, acme.key, { name, version });
  const long = "json_set(metadata, '$.allowedTools', hex(zeroblob(120000)))";
  const ids = "select id from skills where name = 'long-winded'";
  await world.client.execute(`update versions set metadata = ${long} where skill_id in (${ids})`);
  const { data } = await get<{ data: { versions: { version: string }[] } }>(`/skills/${name}`);
  expect(data.versions.map(({ version }) => version)).toEqual(['1.2.0', '1.1.0']);
});
