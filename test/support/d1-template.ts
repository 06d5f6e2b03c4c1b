import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Miniflare } from 'miniflare';
import type { TestProject } from 'vitest/node';
import { APPLIED_MIGRATIONS, migrate } from '../../cli/serve/migrate.ts';
import { d1File } from './d1-file.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** An SQLite file with every migration applied, as the simulator of D1 stores it; its log lies beside it. */
    d1Template: string;
  }
}

/** Applies the migrations once: the simulator takes a second for them, and copies of its file take none. */
export default async function setup(project: TestProject): Promise<void> {
  const d1Persist = mkdtempSync(join(tmpdir(), 'skills-hub-d1-'));
  const miniflare = new Miniflare({
    modules: true,
    script: 'export default { fetch: () => new Response() }',
    d1Databases: { DB: 'template' },
    d1Persist,
  });
  const database = await miniflare.getD1Database('DB');
  await migrate(
    {
      async exec(statements) {
        await database.batch(statements.map(({ sql, values = [] }) => database.prepare(sql).bind(...values)));
      },
      async names() {
        const { results } = await database.prepare(APPLIED_MIGRATIONS).all<{ name: string }>();
        return results.map(({ name }) => name);
      },
    },
    join(import.meta.dirname, '../../drizzle'),
  );
  await miniflare.dispose();
  project.provide('d1Template', d1File(d1Persist, 'template'));
}
