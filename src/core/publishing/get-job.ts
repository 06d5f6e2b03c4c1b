import { eq } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { jobs, type Stage } from '../../db/schema/jobs.ts';
import { type Actor, canRead } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { isModerator } from '../moderation/require-moderator.ts';
import { Problem } from '../problem.ts';

/**
 * A job with the identity of its version. Whoever knows the unguessable id may read it.
 *
 * @throws Problem `not_found`
 */
export async function getJob(deps: Pick<Deps, 'db'>, jobId: string) {
  const [found] = await deps.db
    .select({ job: jobs, version: versions.version, namespace: skills.namespace, name: skills.name })
    .from(jobs)
    .innerJoin(versions, eq(versions.id, jobs.versionId))
    .innerJoin(skills, eq(skills.id, versions.skillId))
    .where(eq(jobs.id, jobId));
  if (!found)
    throw new Problem('not_found', 'There is no such job.', {
      fix: 'Use the id of the job that publishing told, the job_id of POST /v1/publish.',
    });
  return found;
}

const HIDDEN: readonly Stage[] = ['examination', 'scanners'];

/**
 * The same for somebody who asks. What the examination and scanners found in a version that is not public is for its owner and for
 * reviewers: others learn from it how to get past.
 *
 * @throws Problem `not_found`
 */
export async function readJob(deps: Pick<Deps, 'db'>, actor: Actor, jobId: string) {
  const found = await getJob(deps, jobId);
  const { job, namespace } = found;
  if (job.state === 'pass' || canRead(actor, namespace) || isModerator(actor)) return found;
  const stages = job.stages.map((stage) => (HIDDEN.includes(stage.stage) ? { ...stage, findings: [] } : stage));
  return { ...found, job: { ...job, stages } };
}
