import { beforeAll, expect, test } from 'vitest';
import { refusalOf } from '../support/clawhub.ts';
import { getJson, newNamespace, publish } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';

const WEEK = 7 * 24 * 3_600_000;

interface Page {
  items: { slug: string; stats: { downloads: number; stars: number } }[];
  nextCursor: string | null;
}

let world: World;
let headers: Record<string, string>;

/** Downloads of one name each by so many keys, which are clients of their own. */
async function download(times: Record<string, number>, keys: Record<string, string>[]): Promise<void> {
  for (const [slug, clients] of Object.entries(times)) {
    for (const by of keys.slice(0, clients)) {
      const response = await world.fetch(`/api/v1/download?slug=${slug}&ownerHandle=acme`, { headers: by });
      if (response.status !== 200) throw new Error(`download answered ${response.status}`);
    }
  }
  await world.count();
}

/**
 * By creation: csv, pdf-a, pdf-b, zip. By update: csv, zip, pdf-b, pdf-a. By stars: pdf-b, then the others. By downloads:
 * pdf-a, zip, csv; this week: zip, csv.
 */
beforeAll(async () => {
  world = await createWorld();
  const acme = await newNamespace(world);
  const umbrella = await newNamespace(world, 'umbrella');
  headers = acme.headers;
  for (const name of ['csv', 'pdf-alpha', 'pdf-brevier', 'zip-files']) {
    world.advance(1000);
    await publish(world, acme.key, { name });
  }
  await publish(world, acme.key, { name: 'pdf-confidential' }, '?visibility=private');
  world.advance(1000);
  await publish(world, acme.key, { name: 'csv', version: '1.1.0' });
  for (const by of [acme.headers, umbrella.headers]) {
    const response = await world.fetch('/api/v1/stars/pdf-brevier', { method: 'POST', headers: by });
    if (response.status !== 200) throw new Error(`star answered ${response.status}`);
  }
  const clients = [{}, acme.headers, umbrella.headers];
  await download({ 'pdf-alpha': 3 }, clients);
  world.advance(WEEK);
  await world.sweep();
  await download({ 'zip-files': 2, csv: 1 }, clients);
});

const list = (query: string, as = {}) => getJson<Page>(world, `/api/v1/skills${query}`, as);
const slugs = async (query: string, as = {}) => (await list(query, as)).items.map(({ slug }) => slug);

const BY_UPDATE = ['csv', 'zip-files', 'pdf-brevier', 'pdf-alpha'];
const BY_CREATION = ['zip-files', 'pdf-brevier', 'pdf-alpha', 'csv'];
const BY_NAME = ['csv', 'pdf-alpha', 'pdf-brevier', 'zip-files'];
const BY_STARS = ['pdf-brevier', 'csv', 'zip-files', 'pdf-alpha'];
const BY_DOWNLOADS = ['pdf-alpha', 'zip-files', 'csv', 'pdf-brevier'];
const BY_TREND = ['zip-files', 'csv', 'pdf-brevier', 'pdf-alpha'];

const SORTS: [string, string[]][] = [
  ['', BY_UPDATE],
  ['&sort=updated', BY_UPDATE],
  ['&sort=default', BY_UPDATE],
  ['&sort=recommended', BY_UPDATE],
  ['&sort=downloads', BY_DOWNLOADS],
  ['&sort=trending', BY_TREND],
  ['&sort=installs', BY_DOWNLOADS],
  ['&sort=installsCurrent', BY_DOWNLOADS],
  ['&sort=installsAllTime', BY_DOWNLOADS],
  ['&sort=createdAt', BY_CREATION],
  ['&sort=newest', BY_CREATION],
  ['&sort=name', BY_NAME],
  ['&sort=stars', BY_STARS],
  ['&sort=rating', BY_STARS],
  ['&prefix=', BY_NAME],
];

test.each(SORTS)('the order of ?limit=200%s', async (query, expected) => {
  expect(await slugs(`?limit=200${query}`)).toEqual(expected);
});

test.each(SORTS)('page by page it is the same: %s', async (query, expected) => {
  const seen: string[] = [];
  let cursor = '';
  for (let pages = 0; pages < 10; pages++) {
    const page = await list(`?limit=3${query}${cursor}`);
    seen.push(...page.items.map(({ slug }) => slug));
    if (page.nextCursor === null) break;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
  expect(seen).toEqual(expected);
});

test('a prefix of a name', async () => {
  expect(await slugs('?prefix=PDF-&limit=10')).toEqual(['pdf-alpha', 'pdf-brevier']);
  expect(await slugs('?prefix=pdf-b')).toEqual(['pdf-brevier']);
  expect(await slugs('?prefix=100%25')).toEqual([]);
  expect(await slugs('?prefix=pdf-', headers)).toEqual(['pdf-alpha', 'pdf-brevier', 'acme.pdf-confidential']);
});

test('stars are counted', async () => {
  const { items } = await list('?sort=stars');
  expect(items.map(({ stats }) => stats.stars)).toEqual([2, 0, 0, 0]);
});

test('downloads are counted', async () => {
  const { items } = await list('?sort=downloads');
  expect(items.map(({ stats }) => stats.downloads)).toEqual([3, 2, 1, 0]);
});

test('an order in which most are alike goes on where the page before ended', async () => {
  for (const sort of ['downloads', 'trending']) {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Page = await list(`?limit=1&sort=${sort}${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...page.items.map(({ slug }) => slug));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(sort === 'downloads' ? BY_DOWNLOADS : BY_TREND);
  }
});

test('sort=trending tells what has taken its place', async () => {
  const deprecation = async (query: string) => {
    const { headers: sent } = await world.fetch(`/api/v1/skills${query}`);
    return [sent.get('deprecation'), sent.get('link')];
  };
  for (const _ of ['cold', 'from memory']) {
    expect(await deprecation('?sort=trending')).toEqual(['true', '</api/v1/trending>; rel="successor-version"']);
  }
  expect(await deprecation('?sort=downloads')).toEqual([null, null]);
});

test('a query in a list searches', async () => {
  for (const query of ['?q=brevier', '?search=brevier']) expect(await slugs(query)).toEqual(['pdf-brevier']);
});

test('a cursor of another order, or of nobody, is refused', async () => {
  const { nextCursor } = await list('?limit=1&sort=name');
  for (const query of [`?cursor=${nextCursor}`, '?cursor=updated~x~1', '?cursor=updated~1', '?sort=stars&cursor=1']) {
    expect(await refusalOf(await world.fetch(`/api/v1/skills${query}`))).toEqual({
      status: 400,
      text: 'The cursor is not one of this list. Begin again without a cursor, and keep the other parameters the same from page to page.',
    });
  }
});

test.each([
  ['0', 400],
  ['-1', 400],
  ['1.5', 400],
  ['5000', 200],
])('limit=%s answers %i', async (limit, status) => {
  expect((await world.fetch(`/api/v1/skills?limit=${limit}`)).status).toBe(status);
});

test('trending is what was downloaded this week, with what OpenClaw wants to know', async () => {
  const { items } = await getJson<{ items: Record<string, unknown>[] }>(world, '/api/v1/trending?kind=skills&limit=3');
  expect(items).toEqual(
    BY_TREND.slice(0, 3).map((name) => ({
      slug: name,
      displayName: name,
      summary: 'Reads, fills and merges PDF files for an agent.',
      source: 'clawhub',
      install: { kind: 'clawhub', reference: `@acme/${name}`, sourceUrl: null },
      publisher: { kind: 'org', handle: 'acme', displayName: 'acme', image: null, official: false },
      metrics: {
        rolling60DayInstalls: null,
        bookmarks: name === 'pdf-brevier' ? 2 : 0,
        updatedAt: expect.any(Number),
      },
    })),
  );
});
