import { type SQL, sql } from 'drizzle-orm';
import { skills } from '../../db/schema/catalog.ts';
import { downloadDays } from '../../db/schema/downloads.ts';
import { TREND_DAYS } from './day.ts';

/** What `trending` of the skill in the surrounding statement has to be on that day; reads its rows of the week only. */
export function trendOn(today: number): SQL<number> {
  return sql<number>`(select coalesce(sum(${downloadDays.downloads}), 0) from ${downloadDays} where ${downloadDays.skillId} = ${skills.id} and ${downloadDays.day} between ${today - TREND_DAYS + 1} and ${today})`;
}
