import { beforeAll, describe, expect, test } from 'vitest';
import { plansOf, readCold, worldWith } from '../support/cold-reads.ts';
import type { World } from '../support/world.ts';

const READS = [
  '/v1/packages/acme/skill-1/1.0.0',
  '/v1/packages/acme/skill-1/latest',
  '/v1/packages/acme/skill-1/%5E1',
  '/v1/packages/acme/skill-1/versions',
  '/v1/packages/acme/skill-1/downloads',
  '/v1/packages/acme/skill-1/1.0.0/preview',
  '/v1/download/acme/skill-1/1.0.0',
  '/v1/download/acme/skill-1/latest',
  '/v1/download/acme/skill-1/1.0.0/sig',
  '/v1/search?q=skill',
  '/v1/search',
];

let small: World;
let large: World;

// The statements are the same on D1, which has no hook to see them.
describe.skipIf(process.env.HUB_TEST_DATABASE === 'd1')('on libSQL', () => {
  beforeAll(async () => {
    [small, large] = await Promise.all([worldWith(3), worldWith(60)]);
  });

  test.each(READS)('%s costs the same statements among 3 and among 60 skills', async (path) => {
    const few = await readCold(small, path);
    expect(await readCold(large, path)).toEqual(few);
    expect(few.length).toBeGreaterThan(0);
    expect(few.length).toBeLessThanOrEqual(3);
  });

  test.each(READS.filter((path) => !path.startsWith('/v1/search')))('%s scans no table', async (path) => {
    const plans = await plansOf(large, ...(await readCold(large, path)));
    expect(plans.length).toBeGreaterThan(0);
    expect(plans.filter((detail) => detail.startsWith('SCAN'))).toEqual([]);
  });

  test.each(READS.filter((path) => /\/\d+\.\d+\.\d+/.test(path)))('%s finds its version by number', async (path) => {
    const [sql = ''] = await readCold(large, path);
    const plan = await plansOf(large, sql);
    expect(plan.filter((detail) => detail.includes('versions'))).toEqual([
      expect.stringContaining('USING INDEX versions_number (skill_id=? AND version=?)'),
    ]);
  });
});
