import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';
import { migrate } from '../../cli/serve/migrate.ts';
import type { Db } from '../../src/db/client.ts';
import * as schema from '../../src/db/schema/index.ts';

/** A database on libSQL with every migration applied, in a file of its own. */
export async function libsqlDatabase(): Promise<{ db: Db; client: Client }> {
  const client = createClient({ url: `file:${join(mkdtempSync(join(tmpdir(), 'skills-hub-')), 'hub.sqlite')}` });
  await migrate(
    {
      async exec(statements) {
        await client.batch(
          statements.map(({ sql, values = [] }) => ({ sql, args: values })),
          'write',
        );
      },
      async names() {
        return (await client.execute('SELECT name FROM d1_migrations')).rows.map(({ name }) => String(name));
      },
    },
    join(import.meta.dirname, '../../drizzle'),
  );
  // The same edge as in src/adapters/db-libsql.ts.
  return { db: drizzle(client, { schema }) as unknown as Db, client };
}
