import { and, desc, eq, gt } from 'drizzle-orm';
import { versions } from '../../db/schema/catalog.ts';
import { downloadDays } from '../../db/schema/downloads.ts';
import { upTo } from '../../db/up-to.ts';
import { type Actor, canRead } from '../accounts/actor.ts';
import { findSkill } from '../catalog/find-skill.ts';
import type { Deps } from '../deps.ts';
import { dateOf, dayOf } from './day.ts';

/** How many days a caller may ask for, and how many rows one answer holds at most. */
export const DOWNLOAD_DAYS = { default: 30, max: 90 };
export const DOWNLOAD_ROWS = 2_000;

export interface SkillDownloads {
  /** Of all versions, ever; and in the last seven days, today included. */
  total: number;
  trending: number;
  /** Days and versions with downloads, the latest day first. */
  days: { date: string; version: string; downloads: number }[];
}

/**
 * How often a skill was downloaded, by day (UTC, `YYYY-MM-DD`) and version. Yanked versions are listed for those only who
 * may read the namespace, but count in the totals.
 *
 * @param days how many, today included, 1 to `DOWNLOAD_DAYS.max`; beyond `DOWNLOAD_ROWS` rows the oldest are left out
 * @throws Problem as `findSkill` does
 */
export async function listDownloads(
  deps: Pick<Deps, 'db' | 'clock'>,
  actor: Actor,
  { namespace, name, days }: { namespace: string; name: string; days: number },
): Promise<SkillDownloads> {
  const skill = await findSkill(deps, actor, namespace, name);
  const rows = await deps.db
    .select({ day: downloadDays.day, version: versions.version, downloads: downloadDays.downloads })
    .from(downloadDays)
    .innerJoin(versions, eq(versions.id, downloadDays.versionId))
    .where(
      and(
        eq(downloadDays.skillId, skill.id),
        gt(downloadDays.day, dayOf(deps.clock.now()) - days),
        canRead(actor, skill.namespace) ? undefined : eq(versions.state, 'published'),
      ),
    )
    .orderBy(desc(downloadDays.day), desc(versions.sortKey))
    .limit(upTo(DOWNLOAD_ROWS));
  return {
    total: skill.downloads,
    trending: skill.trending,
    days: rows.map(({ day, version, downloads }) => ({ date: dateOf(day), version, downloads })),
  };
}
