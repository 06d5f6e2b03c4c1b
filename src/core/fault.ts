import { DrizzleQueryError } from 'drizzle-orm';

/**
 * What may be recorded of an error that nobody expected. The query builder puts the statement and its parameters
 * (addresses, hashes, names of private skills) into its message: of those errors only the database's own words remain.
 */
export function describeFault(error: unknown): { cause: string; stack?: string } {
  if (!(error instanceof Error)) return { cause: 'unknown' };
  if (!(error instanceof DrizzleQueryError)) return { cause: error.message, stack: error.stack };
  const cause = error.cause?.message ?? 'the database refused a query';
  return { cause, stack: error.stack?.replace(error.message, cause) };
}
