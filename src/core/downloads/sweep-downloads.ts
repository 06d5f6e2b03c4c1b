import { and, eq, inArray, lt, lte, min, ne, sql } from 'drizzle-orm';
import { skills } from '../../db/schema/catalog.ts';
import { downloadDays, downloadMarks } from '../../db/schema/downloads.ts';
import type { Deps } from '../deps.ts';
import { dayOf, TREND_DAYS } from './day.ts';
import { trendOn } from './trend.ts';

/** Marks older than this many days are of no use: a batch of such a day is refused. */
const MARKS_KEPT_DAYS = 2;
/** What one run does at most; the next one goes on from there. */
export const SWEEP_DOWNLOADS = { marks: 1_000, skills: 200 };

type SweepDeps = Pick<Deps, 'db' | 'clock' | 'log'>;

/**
 * What counting leaves to do once a day: deletes marks that are older than two days, and takes days that are more than a
 * week old out of `skills.trending`. One mark of each day stays until that second part is done: it says that the day is
 * still to be taken out, so a run that finds nothing to do reads a handful of rows, and one that was cut off is resumed.
 */
export async function sweepDownloads(deps: SweepDeps): Promise<void> {
  const today = dayOf(deps.clock.now());
  const marks = await deleteOldMarks(deps, today);
  const refreshed = await takeOutOldestDay(deps, today);
  if (marks + refreshed > 0) deps.log.info('sweep.downloads', { marks, skills: refreshed });
}

/** All but the first of each day, in the order of the primary key, which finds both. */
async function deleteOldMarks({ db }: SweepDeps, today: number): Promise<number> {
  const old = sql`select mark.rowid from ${downloadMarks} as mark where mark.day < ${today - MARKS_KEPT_DAYS} and exists (select 1 from ${downloadMarks} as earlier where earlier.day = mark.day and (earlier.version_id, earlier.client) < (mark.version_id, mark.client)) limit ${SWEEP_DOWNLOADS.marks}`;
  const deleted = await db.delete(downloadMarks).where(sql`rowid in (${old})`).returning({ day: downloadMarks.day });
  return deleted.length;
}

/** @returns how many skills were given another `trending` */
async function takeOutOldestDay({ db }: SweepDeps, today: number): Promise<number> {
  const [oldest] = await db
    .select({ day: min(downloadMarks.day).as('oldest') })
    .from(downloadMarks)
    .where(lte(downloadMarks.day, today - TREND_DAYS));
  const day = oldest?.day ?? null;
  if (day === null) return 0;
  const stale = await db
    .selectDistinct({ id: skills.id })
    .from(downloadDays)
    .innerJoin(skills, eq(skills.id, downloadDays.skillId))
    .where(and(eq(downloadDays.day, day), ne(skills.trending, trendOn(today))))
    .limit(SWEEP_DOWNLOADS.skills);
  if (stale.length > 0) {
    const ids = JSON.stringify(stale.map(({ id }) => id));
    await db
      .update(skills)
      .set({ trending: trendOn(today) })
      .where(inArray(skills.id, sql`(select value from json_each(${ids}))`));
  }
  if (stale.length < SWEEP_DOWNLOADS.skills) await forgetDay({ db }, day);
  return stale.length;
}

/** Only the one mark that was kept: while there are others, a day has to be found again. */
async function forgetDay({ db }: Pick<Deps, 'db'>, day: number): Promise<void> {
  const others = sql`(select count(*) from (select 1 from ${downloadMarks} as mark where mark.day = ${day} limit 2))`;
  await db.delete(downloadMarks).where(and(eq(downloadMarks.day, day), lt(others, 2)));
}
