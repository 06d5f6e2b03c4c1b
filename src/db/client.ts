import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1';
import * as schema from './schema/index.ts';

/**
 * The query builder that core uses. It speaks to D1 and to libSQL alike as long as callers keep to `select`,
 * `insert`/`update`/`delete` with `returning`, and `batch` (atomic): the two drivers differ in everything else,
 * above all in what `run` answers.
 */
export type Db = Pick<
  DrizzleD1Database<typeof schema>,
  'select' | 'selectDistinct' | 'insert' | 'update' | 'delete' | 'batch' | 'run' | 'all'
>;

export function d1(binding: D1Database): Db {
  return drizzle(binding, { schema });
}
