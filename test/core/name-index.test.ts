import { join } from 'node:path';
import { expect, test } from 'vitest';
import { APPLIED_MIGRATIONS, migrate } from '../../cli/serve/migrate.ts';
import { lookAlikes } from '../../src/core/vetting/similar-names.ts';
import { d1 } from '../../src/db/client.ts';
import { countingD1, type Tally } from '../bench/counting-d1.ts';
import { nextD1Database } from '../support/d1.ts';

/** A hub with so many skills of another namespace, one of which looks like `g00gle-ana1yt1cs` and one of which has its stem. */
async function crowd(names: number): Promise<D1Database> {
  const binding = await nextD1Database();
  await migrate(
    {
      async exec(statements) {
        await binding.batch(statements.map(({ sql, values = [] }) => binding.prepare(sql).bind(...values)));
      },
      async names() {
        const { results } = await binding.prepare(APPLIED_MIGRATIONS).all<{ name: string }>();
        return results.map(({ name }) => name);
      },
    },
    join(import.meta.dirname, '../../drizzle'),
  );
  const row = (
    name: string,
  ) => `INSERT INTO skills (namespace, name, visibility, latest_version_id, created_at, updated_at)
    SELECT 'crowd', ${name}, 'public', 'v', 0, 0`;
  const numbers = `FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${names}) SELECT i FROM n)`;
  await binding.batch(
    [
      "INSERT INTO namespaces (slug, email, created_at) VALUES ('crowd', 'crowd@example.com', 0)",
      `${row("'skill-' || i")} ${numbers}`,
      row("'google-analytics'"),
      row("'google-analytics-pro'"),
      `INSERT INTO name_skeletons SELECT 'look:skill' || i, 'skill-' || i ${numbers}`,
      `INSERT INTO name_skeletons SELECT 'stem:skill' || i, 'skill-' || i ${numbers}`,
      `INSERT INTO name_skeletons VALUES ('look:googleanalytlcs', 'google-analytics'),
        ('stem:googleanalytlc', 'google-analytics'), ('look:googleanalytlcspro', 'google-analytics-pro'),
        ('stem:googleanalytlc', 'google-analytics-pro')`,
    ].map((sql) => binding.prepare(sql)),
  );
  return binding;
}

async function cost(binding: D1Database) {
  const tally: Tally = { statements: 0, rowsRead: 0 };
  const names = await lookAlikes({ db: d1(countingD1(binding, tally)) }, 'acme', 'g00gle-ana1yt1cs');
  return { names: names.map(({ name }) => name).sort(), ...tally };
}

test('finding look-alikes reads the same few rows among 100,000 names as among 100', { timeout: 120_000 }, async () => {
  const few = await cost(await crowd(100));
  expect(few).toMatchObject({ names: ['google-analytics', 'google-analytics-pro'], statements: 1 });
  expect(few.rowsRead).toBeLessThan(30);
  expect(await cost(await crowd(100_000))).toEqual(few);
});
