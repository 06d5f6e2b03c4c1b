import { beforeAll, describe, expect, test } from 'vitest';
import { plansOf, readCold, worldWith } from '../support/cold-reads.ts';
import type { World } from '../support/world.ts';

const POINTED = ['/skills/skill-1', '/skills/skill-1/1.0.0', '/skills/skill-1/latest'];
const FILTERED = [
  '/skills?tags=common,tag-1',
  '/skills?tags=common&sort=rating&offset=1',
  '/skills?capabilities=talk&frameworks=claude&sort=downloads',
  '/search?tags=common',
];
const SEARCHES = ['/search?q=skill&tags=common&frameworks=claude', '/search?q=skill&sort=recent&offset=1'];
const TAGS = ['/tags', '/tags?sort=count'];

let small: World;
let large: World;

const read = (world: World, path: string) => readCold(world, `/api/v1${path}`);

const skillOf = (number: number) => ({
  name: `skill-${number}`,
  files: { 'skill.yaml': `keywords: [common, tag-${number}]\ncapabilities: [talk]\nframeworks: [claude]\n` },
});

/** Tables that a plan reads from end to end; what a statement makes for itself is bounded by its own limits. */
const TABLES = /^SCAN (skills|versions|skill_facets|facet_counts|common|stars|has)\b/;
const scansIn = (plan: string[]) => plan.filter((detail) => TABLES.test(detail));

// The statements are the same on D1, which has no hook to see them.
describe.skipIf(process.env.HUB_TEST_DATABASE === 'd1')('on libSQL', () => {
  beforeAll(async () => {
    [small, large] = await Promise.all([worldWith(3, skillOf), worldWith(30, skillOf)]);
  });

  test.each([...POINTED, ...FILTERED, ...SEARCHES, ...TAGS])(
    '%s costs the same statements among 3 and among 30 skills',
    async (path) => {
      const few = await read(small, path);
      expect(await read(large, path)).toEqual(few);
      expect(few.length).toBeGreaterThan(0);
      expect(few.length).toBeLessThanOrEqual(4);
    },
  );

  test.each([...POINTED, ...FILTERED, ...SEARCHES, ...TAGS])('%s scans no table', async (path) => {
    const plans = await plansOf(large, ...(await read(large, path)));
    expect(plans.length).toBeGreaterThan(0);
    expect(scansIn(plans)).toEqual([]);
  });

  test.each(FILTERED)('%s looks the rarest value up and walks its newest skills', async (path) => {
    const [page = ''] = await read(large, path);
    const plan = (await plansOf(large, page)).join('\n');
    expect(plan).toMatch(/SEARCH common USING INDEX sqlite_autoindex_facet_counts_1 \(kind=\? AND value=\?\)/);
    expect(plan).toMatch(
      /SEARCH skill_facets USING COVERING INDEX sqlite_autoindex_skill_facets_1 \(kind=\? AND value=\?\)/,
    );
    expect(plan).toMatch(/SEARCH has USING COVERING INDEX \w+ \(kind=\? AND value=\? AND skill_id=\?\)/);
  });

  test.each(TAGS)('%s walks an index and sorts nothing', async (path) => {
    const [list = ''] = await read(large, path);
    expect((await plansOf(large, list)).filter((detail) => detail.includes('TEMP B-TREE'))).toEqual([]);
  });
});
