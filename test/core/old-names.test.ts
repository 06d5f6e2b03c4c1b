import { copyFileSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';
import { describe, expect, test } from 'vitest';
import { APPLIED_MIGRATIONS, migrate } from '../../cli/serve/migrate.ts';
import { NAMES_PAGE } from '../../src/core/vetting/index-old-names.ts';
import type { Db } from '../../src/db/client.ts';
import * as schema from '../../src/db/schema/index.ts';
import { FaultPlan, type FaultTiming, makeDatabaseFaulty } from '../support/faults.ts';
import { newNamespace, postJson, publish } from '../support/skills.ts';
import { statements } from '../support/statements.ts';
import { createWorld, type World } from '../support/world.ts';

const MIGRATIONS = join(import.meta.dirname, '../../drizzle');
/** The last release that knew no looks. */
const BEFORE = readdirSync(MIGRATIONS).filter((file) => file.endsWith('.sql') && file < '0005');

/** What stood in a hub of that time: public skills, one that was renamed, a private one, and many more. */
const rowsOf = (many: number) => `
  INSERT INTO namespaces (slug, email, created_at) VALUES ('umbrella-labs', 'umbrella@example.com', 0);
  INSERT INTO skills (namespace, name, slug, visibility, latest_version_id, created_at, updated_at) VALUES
    ('umbrella-labs', 'google-analytics', 'google-analytics', 'public', 'v', 0, 0),
    ('umbrella-labs', 'visitor-numbers', 'visitor-numbers', 'public', 'v', 0, 0),
    ('umbrella-labs', 'secret-reports', 'umbrella-labs.secret-reports', 'private', 'v', 0, 0),
    ('umbrella-labs', 'never-published', NULL, 'public', NULL, 0, 0);
  INSERT INTO skill_aliases (namespace, name, slug, skill_id, created_at) VALUES
    ('umbrella-labs', 'billing-lists', 'billing-lists', 2, 0),
    ('umbrella-labs', 'older-reports', 'umbrella-labs.older-reports', 3, 0);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${many})
    INSERT INTO skills (namespace, name, slug, visibility, latest_version_id, created_at, updated_at)
    SELECT 'umbrella-labs', 'number-' || i, 'number-' || i, 'public', 'v', 0, 0 FROM n WHERE ${many} > 0`;

/** A hub of today on a database that was made, and filled, by that release. */
async function oldHub(many = 0): Promise<World> {
  const directory = mkdtempSync(join(tmpdir(), 'skills-hub-old-'));
  for (const file of BEFORE) copyFileSync(join(MIGRATIONS, file), join(directory, file));
  const client = createClient({ url: `file:${join(directory, 'hub.sqlite')}` });
  const target = {
    async exec(all: { sql: string; values?: string[] }[]) {
      await client.batch(
        all.map(({ sql, values = [] }) => ({ sql, args: values })),
        'write',
      );
    },
    names: async () => (await client.execute(APPLIED_MIGRATIONS)).rows.map(({ name }) => String(name)),
  };
  await migrate(target, directory);
  await client.executeMultiple(rowsOf(many));
  await migrate(target, MIGRATIONS);
  // The same edge as in src/adapters/db-libsql.ts.
  const world = await createWorld({ deps: { db: drizzle(client, { schema }) as unknown as Db } });
  const execute = async (sql: string) => ({ rows: (await client.execute(sql)).rows.map((row) => ({ ...row })) });
  return { ...world, client: { db: world.deps.db, execute, libsql: client } };
}

const claim = (world: World, slug: string) => postJson(world, '/v1/namespaces', { slug, email: `${slug}@example.com` });

const skeletons = async (world: World) =>
  (await world.client.execute('SELECT skeleton, name FROM name_skeletons ORDER BY skeleton, name')).rows;

test('what was there before looks were compared stands in the way of its imitators after a sweep', async () => {
  const world = await oldHub();
  expect(await skeletons(world)).toEqual([]);
  await world.sweep();
  expect(new Set((await skeletons(world)).map(({ name }) => name))).toEqual(
    new Set(['google-analytics', 'visitor-numbers', 'billing-lists', 'umbrella-labs']),
  );
  expect((await claim(world, 'umbre11a-labs')).status).toBe(409);
  const { key } = await newNamespace(world);
  for (const [name, other] of [
    ['g00g1e-ana1ytics', 'google-analytics'],
    ['v1s1t0r-numbers', 'visitor-numbers'],
    ['bi11lng-1ists', 'billing-lists'],
  ] as const) {
    expect((await publish(world, key, { name })).message).toBe(
      `Stage 3 failed: name '${name}' looks like existing package '${other}'`,
    );
  }
  expect((await publish(world, key, { name: 'secret-rep0rts' })).status).toBe('pass');
});

test('it takes some thousands at a time, goes on where it stopped, and is done once', async () => {
  const many = NAMES_PAGE * 12;
  const world = await oldHub(many);
  const left = async () => {
    const { rows } = await world.client.execute(
      `SELECT count(*) AS n FROM skills WHERE slug IS NOT NULL AND visibility = 'public'
        AND NOT EXISTS (SELECT 1 FROM name_skeletons WHERE name_skeletons.name = skills.name AND skeleton LIKE 'look:%')`,
    );
    return Number(rows[0]?.n);
  };
  await world.sweep();
  expect(await left()).toBe(many + 2 - NAMES_PAGE * 10);
  await world.sweep();
  expect(await left()).toBe(0);
  await world.client.execute('DELETE FROM name_skeletons');
  const asked = await statements(world, () => world.sweep());
  expect(asked.filter((sql) => sql.includes('backfills'))).toHaveLength(1);
  expect(await skeletons(world)).toEqual([]);
  expect(world.logs.filter(({ event }) => event === 'backfill.done')).toHaveLength(3);
});

describe.each<FaultTiming>(['before', 'after'])('a fault %s each call', (timing) => {
  test('of the database loses no name', async () => {
    let calls = 0;
    for (let fired = true; fired; calls++) {
      const world = await oldHub(1);
      const plan = new FaultPlan();
      makeDatabaseFaulty(world.client.libsql, plan);
      plan.arm(calls, timing);
      await world.sweep();
      plan.disarm();
      await world.sweep();
      expect(new Set((await skeletons(world)).map(({ name }) => name)).size).toBe(5);
      const { rows } = await world.client.execute('SELECT count(*) AS n FROM backfills WHERE done_at IS NOT NULL');
      expect(rows).toEqual([{ n: 3 }]);
      fired = plan.fired;
    }
    expect(calls).toBeGreaterThan(15);
  });
});
