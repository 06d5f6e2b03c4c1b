import { beforeAll, describe, expect, test } from 'vitest';
import { newNamespace, publish } from '../support/skills.ts';
import { statements } from '../support/statements.ts';
import { createWorld, type World } from '../support/world.ts';

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
    const response = await world.fetch(path);
    expect(response.status).toBe(200);
    await response.arrayBuffer();
  });
};

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
    const plans: string[] = [];
    for (const sql of await readCold(large, path)) {
      const plan = await large.client.libsql?.execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, args: placeholders(sql) });
      plans.push(...(plan?.rows ?? []).map(({ detail }) => String(detail)));
    }
    expect(plans.length).toBeGreaterThan(0);
    expect(plans.filter((detail) => detail.startsWith('SCAN'))).toEqual([]);
  });

  test.each(READS.filter((path) => /\/\d+\.\d+\.\d+/.test(path)))('%s finds its version by number', async (path) => {
    const [sql = ''] = await readCold(large, path);
    const plan = await large.client.libsql?.execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, args: placeholders(sql) });
    const details = plan?.rows.map(({ detail }) => String(detail)) ?? [];
    expect(details.filter((detail) => detail.includes('versions'))).toEqual([
      expect.stringContaining('USING INDEX versions_number (skill_id=? AND version=?)'),
    ]);
  });
});

/** A plan does not depend on the values, but there must be as many as the statement asks for. */
function placeholders(sql: string): null[] {
  return Array.from(sql.matchAll(/\?/g), () => null);
}
