import { beforeAll, describe, expect, test } from 'vitest';
import { newNamespace, publish } from '../support/skills.ts';
import { statements } from '../support/statements.ts';
import { createWorld, type World } from '../support/world.ts';

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

async function worldWith(skills: number): Promise<World> {
  // The signatures are no matter here, and an RSA-4096 key takes its time.
  const key = { id: 'key', pem: 'pem' };
  const sign = async () => ({ keyId: 'key', signature: new Uint8Array(512) });
  const signer = { key: async () => key, sign, signPss: sign };
  const world = await createWorld({ deps: { signer } });
  const acme = await newNamespace(world);
  for (let i = 1; i <= skills; i++) await publish(world, acme.key, { name: `skill-${i}` });
  return world;
}

const readCold = async (world: World, path: string) => {
  world.advance(60_000);
  return statements(world, async () => {
    const response = await world.fetch(`/api/v1${path}`);
    expect(response.status).toBe(200);
    await response.arrayBuffer();
  });
};

/** How SQLite goes about a statement. A plan does not depend on the values. */
async function planOf(sql: string): Promise<string[]> {
  const args = Array.from(sql.matchAll(/\?/g), () => null);
  const plan = await large.client.libsql?.execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, args });
  return (plan?.rows ?? []).map(({ detail }) => String(detail));
}

// The statements are the same on D1, which has no hook to see them.
describe.skipIf(process.env.HUB_TEST_DATABASE === 'd1')('on libSQL', () => {
  beforeAll(async () => {
    [small, large] = await Promise.all([worldWith(3), worldWith(30)]);
  });

  test.each([...READS, ...LISTS.map(([path]) => path), '/skills?sort=stars', '/search?q=skill'])(
    '%s costs the same statements among 3 and among 30 skills',
    async (path) => {
      const few = await readCold(small, path);
      expect(await readCold(large, path)).toEqual(few);
      expect(few.length).toBeGreaterThan(0);
      expect(few.length).toBeLessThanOrEqual(4);
    },
  );

  test.each(READS)('%s scans no table', async (path) => {
    const plans = (await Promise.all((await readCold(large, path)).map(planOf))).flat();
    expect(plans.length).toBeGreaterThan(0);
    // What a statement is given as JSON is read as a virtual table.
    expect(plans.filter((detail) => detail.startsWith('SCAN') && !detail.includes('VIRTUAL TABLE'))).toEqual([]);
  });

  test.each(LISTS)('%s walks an index and sorts nothing', async (path, index) => {
    const [page = ''] = await readCold(large, path);
    const plans = await planOf(page);
    expect(plans.filter((detail) => detail.includes('TEMP B-TREE'))).toEqual([]);
    expect(plans.join('\n')).toMatch(index === 'PRIMARY KEY' ? /^SCAN skills$/ : new RegExp(`USING INDEX ${index}\\b`));
  });

  test.each(['downloads', 'trending'])('a further page by %s goes on inside those that are alike', async (sort) => {
    const path = `/skills?limit=5&sort=${sort}`;
    const { nextCursor } = await (await large.fetch(`/api/v1${path}`)).json<{ nextCursor: string }>();
    const plans = (await Promise.all((await readCold(large, `${path}&cursor=${nextCursor}`)).map(planOf))).flat();
    expect(plans.filter((detail) => detail.includes(`skills_${sort}`))).toEqual([
      `SEARCH skills USING INDEX skills_${sort} (${sort}=? AND rowid<?)`,
      `SEARCH skills USING INDEX skills_${sort} (${sort}<?)`,
    ]);
  });
});
