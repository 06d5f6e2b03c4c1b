import { expect } from 'vitest';
import { newNamespace, publish, type SkillOptions } from './skills.ts';
import { statements } from './statements.ts';
import { createWorld, type World } from './world.ts';

/**
 * A hub with so many skills of `acme`, published one after the other.
 *
 * @param skillOf what each is like; default `skill-1`, `skill-2` ...
 */
export async function worldWith(
  skills: number,
  skillOf: (number: number) => SkillOptions = (number) => ({ name: `skill-${number}` }),
): Promise<World> {
  // The signatures are no matter here, and an RSA-4096 key takes its time.
  const key = { id: 'key', pem: 'pem' };
  const sign = async () => ({ keyId: 'key', signature: new Uint8Array(512) });
  const world = await createWorld({ deps: { signer: { key: async () => key, sign, signPss: sign } } });
  const acme = await newNamespace(world);
  for (let number = 1; number <= skills; number++) await publish(world, acme.key, skillOf(number));
  return world;
}

/**
 * The statements of a read that finds nothing in memory, and is answered with 200.
 *
 * @param check reads the answer to its end, and looks at what it says
 */
export function readCold(
  world: World,
  path: string,
  headers?: Record<string, string>,
  check: (response: Response) => Promise<unknown> = (response) => response.arrayBuffer(),
): Promise<string[]> {
  world.advance(60_000);
  return statements(world, async () => {
    const response = await world.fetch(path, { headers });
    expect(response.status).toBe(200);
    await check(response);
  });
}

/** How SQLite goes about statements. A plan does not depend on the values, but there must be as many as are asked for. */
export async function plansOf(world: World, ...asked: string[]): Promise<string[]> {
  const plans = await Promise.all(
    asked.map(async (sql) => {
      const args = Array.from(sql.matchAll(/\?/g), () => null);
      return world.client.libsql?.execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, args });
    }),
  );
  return plans.flatMap((plan) => (plan?.rows ?? []).map(({ detail }) => String(detail)));
}
