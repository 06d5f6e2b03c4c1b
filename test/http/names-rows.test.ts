import { beforeAll, describe, expect, test } from 'vitest';
import { plansOf, readCold } from '../support/cold-reads.ts';
import { done, merge, rename, tag } from '../support/names.ts';
import { newNamespace, publish } from '../support/skills.ts';
import { statements } from '../support/statements.ts';
import { createWorld, type World } from '../support/world.ts';

const MOST = 5;
const READS: [path: string, asOwner?: boolean][] = [
  ['/v1/packages/acme/skill-1/beta'],
  ['/v1/packages/acme/old-1/1.0.0'],
  ['/v1/packages/acme/old-1/latest'],
  ['/v1/packages/acme/gone-1/latest'],
  ['/v1/packages/acme/gone-1/1.0.0'],
  ['/v1/packages/acme/old-1/versions'],
  ['/api/v1/skills/old-1'],
  ['/api/v1/skills/old-1?ownerHandle=acme'],
  ['/api/v1/skills/old-1', true],
  ['/api/v1/skills/skill-1', true],
  ['/api/v1/skills/gone-1'],
  ['/api/v1/download?slug=skill-1&tag=beta'],
  ['/api/skill/detail/old-1'],
  ['/api/skill/download/gone-1'],
];

let small: World;
let large: World;
let owner: Record<string, string>;

/** One skill that was renamed, one that was merged, one that is tagged, among others that are, too. */
async function worldWith(skills: number): Promise<World> {
  const world = await createWorld({ settings: { maxNameDistance: 0 } });
  const { key, headers } = await newNamespace(world);
  for (let i = 1; i <= skills; i++) {
    for (const name of ['skill', 'old', 'gone']) await publish(world, key, { name: `${name}-${i}` });
    await done(await tag(world, headers, `skill-${i}`, 'beta', '1.0.0'));
    await done(await rename(world, headers, `old-${i}`, `new-${i}`));
    await done(await merge(world, headers, `gone-${i}`, { targetSlug: `skill-${i}` }));
  }
  owner = headers;
  return world;
}

// The statements are the same on D1, which has no hook to see them.
describe.skipIf(process.env.HUB_TEST_DATABASE === 'd1')('on libSQL', () => {
  beforeAll(async () => {
    [small, large] = [await worldWith(1), await worldWith(8)];
  }, 120_000);

  test.each(READS.filter(([, asOwner]) => !asOwner))('%s costs the same among few and among many', async (path) => {
    const few = await readCold(small, path);
    expect(await readCold(large, path)).toEqual(few);
    expect(few.length).toBeLessThanOrEqual(MOST);
  });

  test.each(READS)('%s scans no table', async (path, asOwner) => {
    const asked = await readCold(large, path, asOwner ? owner : undefined);
    const plans = await plansOf(large, ...asked);
    expect(plans.length).toBeGreaterThan(0);
    // `line` is no table: it holds a namespace and whoever made it. Nor is what a statement makes itself, within a limit.
    const scans = plans.filter((detail) => /^SCAN (?!CONSTANT|line$|\(subquery-\d+\))/.test(detail));
    expect(scans.filter((detail) => !detail.includes('VIRTUAL TABLE'))).toEqual([]);
  });

  test('finding names that are close scans nothing', async () => {
    const world = await createWorld();
    const { key } = await newNamespace(world);
    const ran = await statements(world, async () => {
      expect((await publish(world, key)).status).toBe('pass');
    });
    const [probe = ''] = ran.filter((sql) => sql.startsWith('select distinct') && sql.includes('name_segments'));
    const plans = await plansOf(large, probe);
    expect(plans.length).toBeGreaterThan(0);
    expect(plans.filter((detail) => detail.startsWith('SCAN') && !detail.includes('VIRTUAL TABLE'))).toEqual([]);
  });
});
