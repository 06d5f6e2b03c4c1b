import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';
import { APPLIED_MIGRATIONS, type MigrationTarget, migrate } from '../../cli/serve/migrate.ts';
import { type Db, d1 } from '../../src/db/client.ts';
import * as schema from '../../src/db/schema/index.ts';
import { nextD1Database } from './d1.ts';

const MIGRATIONS = join(import.meta.dirname, '../../drizzle');

export interface TestDatabase {
  db: Db;
  /** Looks into the database past the app. */
  execute(sql: string): Promise<{ rows: Record<string, unknown>[] }>;
  /** The driver underneath, where it is libSQL's. */
  libsql?: Client;
}

/** An empty database with every migration applied: D1 where the project says so, else libSQL in a file of its own. */
export function testDatabase(): Promise<TestDatabase> {
  return process.env.HUB_TEST_DATABASE === 'd1' ? d1Database() : libsqlDatabase();
}

/** A database with every migration applied, made once for all the databases of a test file. */
let migrated: Promise<string> | undefined;

async function libsqlDatabase(): Promise<TestDatabase> {
  migrated ??= migratedFile();
  const path = newPath();
  copyFileSync(await migrated, path);
  const client = createClient({ url: `file:${path}` });
  const execute = async (sql: string) => ({ rows: (await client.execute(sql)).rows.map((row) => ({ ...row })) });
  // The same edge as in src/adapters/db-libsql.ts.
  return { db: drizzle(client, { schema }) as unknown as Db, execute, libsql: client };
}

function newPath(): string {
  return join(mkdtempSync(join(tmpdir(), 'skills-hub-')), 'hub.sqlite');
}

async function migratedFile(): Promise<string> {
  const path = newPath();
  const client = createClient({ url: `file:${path}` });
  const target: MigrationTarget = {
    async exec(statements) {
      await client.batch(
        statements.map(({ sql, values = [] }) => ({ sql, args: values })),
        'write',
      );
    },
    names: async () => (await client.execute(APPLIED_MIGRATIONS)).rows.map(({ name }) => String(name)),
  };
  await migrate(target, MIGRATIONS);
  client.close();
  return path;
}

async function d1Database(): Promise<TestDatabase> {
  const binding = await nextD1Database();
  const execute = async (sql: string) => {
    const { results } = await binding.prepare(sql).all<Record<string, unknown>>();
    return { rows: results };
  };
  return { db: d1(binding), execute };
}
