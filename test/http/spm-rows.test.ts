import { beforeAll, describe, expect, test } from 'vitest';
import { newNamespace, publish } from '../support/skills.ts';
import { statements } from '../support/statements.ts';
import { createWorld, type World } from '../support/world.ts';

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

async function worldWith(skills: number): Promise<World> {
  // The signatures are no matter here, and an RSA-4096 key takes its time.
  const key = { id: 'key', pem: 'pem' };
  const sign = async () => ({ keyId: 'key', signature: new Uint8Array(512) });
  const world = await createWorld({ deps: { signer: { key: async () => key, sign, signPss: sign } } });
  const acme = await newNamespace(world);
  for (let i = 1; i <= skills; i++) {
    const yaml = `keywords: [common, tag-${i}]\ncapabilities: [talk]\nframeworks: [claude]\n`;
    await publish(world, acme.key, { name: `skill-${i}`, files: { 'skill.yaml': yaml } });
  }
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

/** Tables that a plan reads from end to end; what a statement makes for itself is bounded by its own limits. */
const TABLES = /^SCAN (skills|versions|skill_facets|facet_counts|common|stars|has)\b/;
const scansIn = (plan: string[]) => plan.filter((detail) => TABLES.test(detail));

// The statements are the same on D1, which has no hook to see them.
describe.skipIf(process.env.HUB_TEST_DATABASE === 'd1')('on libSQL', () => {
  beforeAll(async () => {
    [small, large] = await Promise.all([worldWith(3), worldWith(30)]);
  });

  test.each([...POINTED, ...FILTERED, ...SEARCHES, ...TAGS])(
    '%s costs the same statements among 3 and among 30 skills',
    async (path) => {
      const few = await readCold(small, path);
      expect(await readCold(large, path)).toEqual(few);
      expect(few.length).toBeGreaterThan(0);
      expect(few.length).toBeLessThanOrEqual(4);
    },
  );

  test.each([...POINTED, ...FILTERED, ...SEARCHES, ...TAGS])('%s scans no table', async (path) => {
    const plans = (await Promise.all((await readCold(large, path)).map(planOf))).flat();
    expect(plans.length).toBeGreaterThan(0);
    expect(scansIn(plans)).toEqual([]);
  });

  test.each(FILTERED)('%s looks the rarest value up and walks its newest skills', async (path) => {
    const [page = ''] = await readCold(large, path);
    const plan = (await planOf(page)).join('\n');
    expect(plan).toMatch(/SEARCH common USING INDEX sqlite_autoindex_facet_counts_1 \(kind=\? AND value=\?\)/);
    expect(plan).toMatch(
      /SEARCH skill_facets USING COVERING INDEX sqlite_autoindex_skill_facets_1 \(kind=\? AND value=\?\)/,
    );
    expect(plan).toMatch(/SEARCH has USING COVERING INDEX \w+ \(kind=\? AND value=\? AND skill_id=\?\)/);
  });

  test.each(TAGS)('%s walks an index and sorts nothing', async (path) => {
    const [list = ''] = await readCold(large, path);
    expect((await planOf(list)).filter((detail) => detail.includes('TEMP B-TREE'))).toEqual([]);
  });
});
