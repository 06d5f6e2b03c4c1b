import { and, eq } from 'drizzle-orm';
import { rowExists } from '../../db/row-exists.ts';
import { versions } from '../../db/schema/catalog.ts';
import { jobs, type StageResult } from '../../db/schema/jobs.ts';
import type { Deps } from '../deps.ts';
import { type HeldVersion, tellHeld } from '../moderation/tell-held.ts';
import type { Examined } from '../vetting/policy.ts';
import { dropStaged } from './finish-job.ts';
import { held, type LeasedJob, LeaseLost } from './job-state.ts';

export interface Quarantine {
  message: string;
  /** All three absent when the job goes back to where it was before: nobody is told then. */
  stages?: StageResult[];
  subject?: HeldVersion;
  examined?: Pick<Examined, 'verdict' | 'engineVersion'>;
}

/**
 * Ends a job until a person has decided: its version is seen by nobody, and its number stays taken. The bytes have to lie
 * under `bundleKeys.quarantined` before. Its owner is mailed, once at most.
 *
 * @throws LeaseLost
 */
export async function quarantineJob(
  deps: Pick<Deps, 'db' | 'bundles' | 'clock' | 'mailer' | 'log'>,
  job: LeasedJob,
  { message, stages, subject, examined }: Quarantine,
): Promise<void> {
  const { db } = deps;
  const mine = rowExists(db, jobs, held(job));
  const [, moved] = await db.batch([
    db
      .update(versions)
      .set({ state: 'quarantined', verdict: examined?.verdict, engineVersion: examined?.engineVersion })
      .where(and(eq(versions.id, job.versionId), eq(versions.state, 'pending'), mine)),
    db
      .update(jobs)
      .set({ state: 'quarantined', stages, message, lease: null, leaseUntil: null, updatedAt: deps.clock.now() })
      .where(held(job))
      .returning({ id: jobs.id }),
  ]);
  if (moved.length === 0) throw new LeaseLost();
  deps.log.info('publish.quarantined', { jobId: job.id, verdict: examined?.verdict, ...subject });
  await dropStaged(deps, job.id);
  if (subject) await tellHeld(deps, job.id, subject);
}
