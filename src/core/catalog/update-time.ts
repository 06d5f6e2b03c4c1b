import { type SQL, sql } from 'drizzle-orm';

/**
 * The `updated_at` of a skill that changes now: later than that of every visible skill, even while the clock stands
 * still or goes back. So whoever keeps the latest time seen and asks for what is later misses no change.
 *
 * @param now milliseconds since the epoch
 */
export function nextUpdate(now: number): SQL<number> {
  return sql<number>`max(${now}, coalesce((select updated_at from skills where latest_version_id is not null order by updated_at desc limit 1), 0) + 1)`;
}
