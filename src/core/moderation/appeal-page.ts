import { and, asc, eq, gt, or, type SQL } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { jobs } from '../../db/schema/jobs.ts';
import { appeals } from '../../db/schema/moderation.ts';
import type { Deps } from '../deps.ts';

/** Appeals that meet a condition, oldest first, each with the skill and the version that it is about. */
export function readAppealPage(
  { db }: Pick<Deps, 'db'>,
  condition: SQL | undefined,
  after: string | undefined,
  limit: number,
) {
  return db
    .select({ appeal: appeals, name: skills.name, version: versions.version })
    .from(appeals)
    .leftJoin(jobs, eq(jobs.id, appeals.jobId))
    .leftJoin(versions, eq(versions.id, jobs.versionId))
    .leftJoin(skills, or(eq(skills.id, appeals.skillId), eq(skills.id, versions.skillId)))
    .where(and(condition, after === undefined ? undefined : gt(appeals.id, after)))
    .orderBy(asc(appeals.id))
    .limit(limit);
}
