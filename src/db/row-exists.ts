import { exists, notExists, type SQL, sql } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Db } from './client.ts';

/** The condition that a table has a row which meets another condition: the guard of a statement in a batch. */
export function rowExists(db: Pick<Db, 'select'>, table: SQLiteTable, where: SQL | undefined): SQL {
  return exists(rows(db, table, where));
}

/** The condition that it has none. */
export function noRowExists(db: Pick<Db, 'select'>, table: SQLiteTable, where: SQL | undefined): SQL {
  return notExists(rows(db, table, where));
}

function rows(db: Pick<Db, 'select'>, table: SQLiteTable, where: SQL | undefined) {
  return db.select({ one: sql`1` }).from(table).where(where);
}
