import { sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import * as z from 'zod';
import { namespaces } from '../../db/schema/accounts.ts';

/** A column with the namespaces that another one made for itself, as `namesIn` reads it. */
export function ownedBy(namespace: SQLiteColumn) {
  return sql<string>`(select json_group_array(made.slug) from ${namespaces} as made where made.owner = ${namespace})`;
}

/** The namespaces in a column made by `ownedBy`. */
export function namesIn(column: string): string[] {
  return z.array(z.string()).parse(JSON.parse(column));
}
