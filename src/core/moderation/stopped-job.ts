import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import { versions } from '../../db/schema/catalog.ts';
import { jobs } from '../../db/schema/jobs.ts';
import type { Deps } from '../deps.ts';
import { isReviewable } from './review-job.ts';

/** How many of a skill's newest jobs are looked at: most that failed did so for what nobody can appeal. */
const LOOKED_AT = 20;

/** A version that a person can still let through. */
export interface StoppedVersion {
  jobId: string;
  version: string;
  state: 'held' | 'rejected';
}

/** The newest held version of a skill, else the newest rejected one whose number is free; nothing where there is none. */
export async function newestStopped({ db }: Pick<Deps, 'db'>, skillId: number): Promise<StoppedVersion | undefined> {
  const isFree = sql`not exists (select 1 from ${versions} as other where other.skill_id = ${skillId}
    and other.version = ${versions.version} and other.id <> ${versions.id} and other.state <> 'rejected')`;
  const newest = await db
    .select({ id: jobs.id, state: jobs.state, stages: jobs.stages, version: versions.version })
    .from(jobs)
    .innerJoin(versions, eq(versions.id, jobs.versionId))
    .where(and(eq(versions.skillId, skillId), inArray(jobs.state, ['quarantined', 'fail']), isFree))
    .orderBy(desc(sql`${jobs.state} = 'quarantined'`), desc(jobs.id))
    .limit(LOOKED_AT);
  const found = newest.find(isReviewable);
  return found && { jobId: found.id, version: found.version, state: found.state === 'fail' ? 'rejected' : 'held' };
}
