import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A database to migrate; `exec` runs its statements in one transaction. */
export interface MigrationTarget {
  exec(statements: { sql: string; values?: string[] }[]): Promise<void>;
  names(): Promise<string[]>;
}

/**
 * Applies the migrations of `directory` that the database lacks, each as a whole or not at all, and records them as
 * `wrangler d1 migrations apply` does, so that either can go on from where the other stopped.
 *
 * @returns the names of those applied
 */
export async function migrate(target: MigrationTarget, directory: string): Promise<string[]> {
  await target.exec([
    {
      sql: 'CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)',
    },
  ]);
  const known = new Set(await target.names());
  const missing = readdirSync(directory)
    .filter((file) => file.endsWith('.sql') && !known.has(file))
    .sort();
  for (const file of missing) {
    const statements = readFileSync(join(directory, file), 'utf8').split('--> statement-breakpoint');
    await target.exec([
      ...statements.filter((sql) => sql.trim() !== '').map((sql) => ({ sql })),
      { sql: 'INSERT INTO d1_migrations (name) VALUES (?)', values: [file] },
    ]);
  }
  return missing;
}

/** What a target's `names` asks for. */
export const APPLIED_MIGRATIONS = 'SELECT name FROM d1_migrations ORDER BY id';
