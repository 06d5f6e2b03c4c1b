import { type Placeholder, type SQL, sql } from 'drizzle-orm';

/**
 * A count that stands in the text of a statement, for `limit`. As a parameter it would cost: SQLite (from 3.47) takes its value into
 * account, so it plans the statement again as soon as the value is bound, which takes longer than most reads here.
 *
 * @throws RangeError for what is not a whole number from 0
 */
export function countOf(count: number): SQL {
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`${count} is no count`);
  return sql.raw(String(count));
}

/** The same for the query builder, which puts any object into the statement as it is, but has a type for parameters alone. */
export function upTo(count: number): Placeholder {
  return countOf(count) as unknown as Placeholder;
}
