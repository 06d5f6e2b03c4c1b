import { beforeAll, describe, expect, test } from 'vitest';
import { plansOf, readCold, worldWith } from '../support/cold-reads.ts';
import type { World } from '../support/world.ts';

const READS = [
  '/skills/skill-1',
  '/skills/skill-1?ownerHandle=acme',
  '/skills/skill-1/versions',
  '/skills/skill-1/versions/1.0.0',
  '/skills/skill-1/install',
  '/skills/skill-1/verify',
  '/skills/skill-1/file?path=SKILL.md',
  '/download?slug=skill-1&version=1.0.0',
  `/resolve?slug=skill-1&hash=${'0'.repeat(64)}`,
];

const LISTS = [
  ['/skills?limit=5', 'skills_updated'],
  ['/skills?limit=5&sort=createdAt', 'PRIMARY KEY'],
  ['/skills?limit=5&sort=name', 'skills_name'],
  ['/skills?limit=5&prefix=skill-1', 'skills_name'],
  ['/skills?limit=5&sort=downloads', 'skills_downloads'],
  ['/skills?limit=5&sort=trending', 'skills_trending'],
  ['/trending?limit=5', 'skills_trending'],
] as const;

let small: World;
let large: World;

const read = (world: World, path: string) => readCold(world, `/api/v1${path}`);

// The statements are the same on D1, which has no hook to see them.
describe.skipIf(process.env.HUB_TEST_DATABASE === 'd1')('on libSQL', () => {
  beforeAll(async () => {
    [small, large] = await Promise.all([worldWith(3), worldWith(30)]);
  });

  test.each([...READS, ...LISTS.map(([path]) => path), '/skills?sort=stars', '/search?q=skill'])(
    '%s costs the same statements among 3 and among 30 skills',
    async (path) => {
      const few = await read(small, path);
      expect(await read(large, path)).toEqual(few);
      expect(few.length).toBeGreaterThan(0);
      expect(few.length).toBeLessThanOrEqual(4);
    },
  );

  test.each(READS)('%s scans no table', async (path) => {
    const plans = await plansOf(large, ...(await read(large, path)));
    expect(plans.length).toBeGreaterThan(0);
    // What a statement is given as JSON is read as a virtual table; what it makes itself has limits of its own.
    const scans = plans.filter((detail) => /^SCAN (?!\(subquery-\d+\))/.test(detail));
    expect(scans.filter((detail) => !detail.includes('VIRTUAL TABLE'))).toEqual([]);
  });

  test.each(LISTS)('%s walks an index and sorts nothing', async (path, index) => {
    const [page = ''] = await read(large, path);
    const plans = await plansOf(large, page);
    expect(plans.filter((detail) => detail.includes('TEMP B-TREE'))).toEqual([]);
    expect(plans.join('\n')).toMatch(index === 'PRIMARY KEY' ? /^SCAN skills$/ : new RegExp(`USING INDEX ${index}\\b`));
  });

  test.each(['downloads', 'trending'])('a further page by %s goes on inside those that are alike', async (sort) => {
    const path = `/skills?limit=5&sort=${sort}`;
    const { nextCursor } = await (await large.fetch(`/api/v1${path}`)).json<{ nextCursor: string }>();
    const plans = await plansOf(large, ...(await read(large, `${path}&cursor=${nextCursor}`)));
    expect(plans.filter((detail) => detail.includes(`skills_${sort}`))).toEqual([
      `SEARCH skills USING INDEX skills_${sort} (${sort}=? AND rowid<?)`,
      `SEARCH skills USING INDEX skills_${sort} (${sort}<?)`,
    ]);
  });
});
