import { and, count, eq, inArray, type SQL, sql } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { downloadDays, downloadMarks } from '../../db/schema/downloads.ts';
import type { Deps, DownloadMark } from '../deps.ts';
import { dayOf } from './day.ts';
import { trendOn } from './trend.ts';

export interface DownloadBatch {
  /** Names the message, so that a second delivery is told from a second batch. */
  batchId: string;
  /** UTC days since the epoch. */
  day: number;
  marks: DownloadMark[];
}

/**
 * Counts a batch of downloads: each client once per version and day, however often the batch is delivered and in however
 * many batches the client stands. Versions that are unknown or were never published are passed over; a batch of another
 * day than today or yesterday is dropped with a log line, since the marks that it would have to be compared with may be
 * gone. Answers in memory are not forgotten for it: a count may be shown as late as anything else in them.
 */
export async function countDownloads(deps: Pick<Deps, 'db' | 'clock' | 'log'>, batch: DownloadBatch): Promise<void> {
  const { batchId, day, marks } = batch;
  const today = dayOf(deps.clock.now());
  if (day !== today && day !== today - 1) {
    deps.log.error('downloads.refused', { id: batchId, day, today, marks: marks.length });
    return;
  }
  const { db } = deps;
  const fresh = and(eq(downloadMarks.batch, batchId), eq(downloadMarks.counted, false));
  // One transaction, so that a fault leaves all of it or nothing, and `fresh` is what this delivery has brought.
  await db.batch([
    db.insert(downloadMarks).select(marksOf(deps, batch)).onConflictDoNothing(),
    db
      .insert(downloadDays)
      .select(freshByVersion(deps, fresh))
      .onConflictDoUpdate({
        target: [downloadDays.skillId, downloadDays.day, downloadDays.versionId],
        set: { downloads: sql`${downloadDays.downloads} + excluded.downloads` },
      }),
    addToSkills(deps, fresh),
    db.update(downloadMarks).set({ counted: true }).where(fresh),
    db
      .update(skills)
      .set({ trending: trendOn(today) })
      .where(inArray(skills.id, sql`(select ${versions.skillId} from ${versions} where ${isNamed(marks)})`)),
  ]);
}

type WithDb = Pick<Deps, 'db'>;

/** Rows of `download_marks`, in the order of its columns. All marks are one parameter: D1 takes a hundred at most. */
function marksOf({ db }: WithDb, { batchId, day, marks }: DownloadBatch) {
  return db
    .select({
      day: sql<number>`${day}`.as('day'),
      versionId: versions.id,
      client: sql<string>`mark.value ->> 'client'`.as('client'),
      batch: sql<string>`${batchId}`.as('batch'),
      counted: sql<boolean>`0`.as('counted'),
    })
    .from(sql`json_each(${JSON.stringify(marks)}) as mark`)
    .innerJoin(versions, eq(versions.id, sql`mark.value ->> 'versionId'`))
    .where(inArray(versions.state, ['published', 'yanked']));
}

/** Rows of `download_days`, in the order of its columns. */
function freshByVersion({ db }: WithDb, fresh: SQL | undefined) {
  return db
    .select({
      skillId: versions.skillId,
      day: downloadMarks.day,
      versionId: downloadMarks.versionId,
      downloads: count().as('downloads'),
    })
    .from(downloadMarks)
    .innerJoin(versions, eq(versions.id, downloadMarks.versionId))
    .where(fresh)
    .groupBy(versions.skillId, downloadMarks.day, downloadMarks.versionId);
}

function addToSkills({ db }: WithDb, fresh: SQL | undefined) {
  const added = db
    .select({ skillId: versions.skillId, downloads: count().as('added') })
    .from(downloadMarks)
    .innerJoin(versions, eq(versions.id, downloadMarks.versionId))
    .where(fresh)
    .groupBy(versions.skillId)
    .as('fresh');
  return db
    .update(skills)
    .set({ downloads: sql`${skills.downloads} + ${added.downloads}` })
    .from(added)
    .where(eq(skills.id, added.skillId));
}

function isNamed(marks: DownloadMark[]): SQL {
  const ids = JSON.stringify([...new Set(marks.map(({ versionId }) => versionId))]);
  return inArray(versions.id, sql`(select value from json_each(${ids}))`);
}
