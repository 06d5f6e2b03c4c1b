import { beforeAll, describe, expect, test } from 'vitest';
import { plansOf, readCold, worldWith } from '../support/cold-reads.ts';
import type { World } from '../support/world.ts';

/** Orders of everything, and the index that each walks. */
const LISTS = [
  ['/v1/search?sort=downloads', 'skills_downloads'],
  ['/v1/search?sort=trending', 'skills_trending'],
  ['/v1/search?sort=updated', 'skills_updated'],
  ['/v1/search?sort=name', 'skills_name'],
] as const;
const FACETED = ['/v1/search?tag=common&framework=claude', '/v1/search?tag=common&author=ada&sort=downloads'];
const NARROWED = [...FACETED, '/v1/search?namespace=acme', '/v1/search?namespace=acme&tag=common&sort=name'];
const MATCHING = [
  '/v1/search?q=skill',
  '/v1/search?q=skill&tag=common&framework=claude&sort=updated',
  '/v1/search?q=skill&namespace=acme&author=ada&sort=trending',
];
const SIMILAR = '/v1/search?q=skil-numbre';

let small: World;
let large: World;

const skillOf = (number: number) => ({
  name: `skill-number-${number}`,
  files: { 'skill.yaml': 'author: {name: Ada}\nkeywords: [common]\nframeworks: [claude]\n' },
});

/** A search that finds something, or tells what is close. */
const search = (world: World, path: string) =>
  readCold(world, path, {}, async (response) => {
    expect((await response.json<{ packages: object[] }>()).packages).not.toEqual([]);
  });

const TABLES = /^SCAN (skills|versions|skill_facets|facet_counts|common|has|own|part|named)\b/;

// The statements are the same on D1, which has no hook to see them.
describe.skipIf(process.env.HUB_TEST_DATABASE === 'd1')('on libSQL', () => {
  beforeAll(async () => {
    [small, large] = await Promise.all([worldWith(3, skillOf), worldWith(30, skillOf)]);
  });

  test.each([...LISTS.map(([path]) => path), ...NARROWED])(
    '%s costs two statements, however many skills',
    async (path) => {
      const few = await search(small, path);
      expect(few).toHaveLength(2);
      expect(await search(large, path)).toEqual(few);
    },
  );

  test.each(MATCHING)('%s costs one statement, however many skills', async (path) => {
    const few = await search(small, path);
    expect(few).toHaveLength(1);
    expect(await search(large, path)).toEqual(few);
  });

  test('a page behind the end is counted by a statement of its own', async () => {
    const asked = await readCold(small, '/v1/search?q=skill&page=9', {}, async (response) => {
      expect(await response.json()).toMatchObject({ packages: [], total: 3 });
    });
    expect(asked).toHaveLength(2);
  });

  test.each(LISTS)('%s walks the index %s', async (path, index) => {
    const [page = ''] = await search(large, path);
    const plan = await plansOf(large, page);
    expect(plan).toContainEqual(expect.stringContaining(`SCAN skills USING INDEX ${index}`));
    expect(plan.filter((detail) => detail.includes('TEMP B-TREE') && !detail.includes('LAST TERM'))).toEqual([]);
  });

  test.each([...NARROWED, ...MATCHING])('%s scans no table', async (path) => {
    const plans = await plansOf(large, ...(await search(large, path)));
    expect(plans.length).toBeGreaterThan(0);
    expect(plans.filter((detail) => TABLES.test(detail))).toEqual([]);
  });

  test.each(FACETED)('%s looks the rarest value up and walks its newest skills', async (path) => {
    const [page = ''] = await search(large, path);
    const plan = (await plansOf(large, page)).join('\n');
    expect(plan).toMatch(/SEARCH common USING INDEX sqlite_autoindex_facet_counts_1 \(kind=\? AND value=\?\)/);
    expect(plan).toMatch(
      /SEARCH skill_facets USING COVERING INDEX sqlite_autoindex_skill_facets_1 \(kind=\? AND value=\?\)/,
    );
  });

  test('what nothing matches costs two statements more, which scan no table', async () => {
    const asked = await search(large, SIMILAR);
    expect(asked).toHaveLength(3);
    expect(await search(small, SIMILAR)).toEqual(asked);
    const plans = await plansOf(large, ...asked.slice(1));
    expect(plans.filter((detail) => TABLES.test(detail))).toEqual([]);
    expect(plans).toContainEqual(expect.stringMatching(/SEARCH part USING .*\(length=\? AND segment=\? AND text=\?\)/));
  });
});
