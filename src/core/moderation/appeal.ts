import { and, eq, sql } from 'drizzle-orm';
import { skills } from '../../db/schema/catalog.ts';
import { jobs } from '../../db/schema/jobs.ts';
import { appeals } from '../../db/schema/moderation.ts';
import { type Actor, canRead, requireScope } from '../accounts/actor.ts';
import { isVisible, noSuchSkill } from '../catalog/find-skill.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { getJob } from '../publishing/get-job.ts';
import { findSubject } from './find-subject.ts';
import { isReviewable } from './review-job.ts';
import { newestStopped } from './stopped-job.ts';

/** How often one decision can be appealed; each answer ends one. */
export const MAX_APPEALS = 3;

type AppealDeps = Pick<Deps, 'db' | 'clock' | 'random' | 'log'>;
type Subject = { namespace: string; jobId: string | null; skillId: number | null; label: string };

/**
 * Asks a person to look at a version that the examination stopped, or a moderator rejected. Needs `publish`; whoever is
 * banned may ask too. One open appeal a job, and `MAX_APPEALS` in all.
 *
 * @returns the id of the appeal
 * @throws Problem `unauthorized`, `forbidden`, `not_found`, `state_conflict`
 */
export async function appealJob(
  deps: AppealDeps,
  actor: Actor,
  { id, text }: { id: string; text: string },
): Promise<string> {
  requireScopeSomewhere(actor);
  const { job, namespace, name, version } = await getJob(deps, id);
  requireScope(actor, 'publish', namespace);
  const label = `@${namespace}/${name}@${version}`;
  if (!isReviewable(job)) {
    throw new Problem('state_conflict', `Nothing about ${label} can be appealed: its job is ${job.state}.`, {
      fix: 'What the rules refuse has to be mended; see the findings of the job.',
    });
  }
  const guard = sql`exists (select 1 from ${jobs} where ${and(eq(jobs.id, id), eq(jobs.state, job.state))})`;
  return record(deps, { namespace, jobId: id, skillId: null, label }, text, guard);
}

/**
 * Asks a person to look at a skill that a moderator or reports have hidden. Needs `publish`; whoever is banned may ask too.
 * One open appeal a skill, and `MAX_APPEALS` in all.
 *
 * @returns the id of the appeal
 * @throws Problem `unauthorized`, `forbidden`, `invalid_request`, `not_found`, `state_conflict`
 */
export async function appealSkill(
  deps: AppealDeps,
  actor: Actor,
  { namespace, name, text }: { namespace: string; name: string; text: string },
): Promise<string> {
  requireScopeSomewhere(actor);
  const skill = await findSubject(deps, namespace, name);
  const hasNothing = skill.latestVersionId === null && skill.mergedInto === null;
  if (!isVisible(skill, actor) || (hasNothing && !canRead(actor, skill.namespace))) throw noSuchSkill(namespace, name);
  requireScope(actor, 'publish', skill.namespace);
  const label = `@${skill.namespace}/${skill.name}`;
  if (skill.hiddenAt === null || skill.hiddenBy === null || skill.hiddenBy === 'owner') {
    throw new Problem('state_conflict', `No moderator has hidden ${label}.`, {
      fix: skill.hiddenAt === null ? await whatToAppeal(deps, skill.id) : 'Show it again.',
    });
  }
  const guard = sql`exists (select 1 from ${skills} where ${and(eq(skills.id, skill.id), eq(skills.hiddenBy, skill.hiddenBy))})`;
  return record(deps, { namespace: skill.namespace, jobId: null, skillId: skill.id, label }, text, guard);
}

/** Whoever names a skill may mean a version of it. */
async function whatToAppeal(deps: AppealDeps, skillId: number): Promise<string> {
  const stopped = await newestStopped(deps, skillId);
  if (!stopped) return 'There is nothing to appeal.';
  const { jobId, version, state } = stopped;
  const what = `Version ${version} of it ${state === 'held' ? 'is held' : 'was rejected'}`;
  return `${what}; appeal that: skills appeal ${jobId}, or POST /v1/jobs/${jobId}/appeal.`;
}

/** Before anything is looked up, so that nobody learns what exists. */
function requireScopeSomewhere(actor: Actor): void {
  requireScope(actor, 'publish', actor.kind === 'key' ? actor.namespace : '');
}

async function record(
  deps: AppealDeps,
  subject: Subject,
  text: string,
  guard: ReturnType<typeof sql>,
): Promise<string> {
  const { db, clock, random } = deps;
  const { namespace, jobId, skillId, label } = subject;
  const id = random.id();
  const same = sql`from ${appeals} where (${appeals.jobId} = ${jobId} or ${appeals.skillId} = ${skillId})`;
  const inserted = await db
    .insert(appeals)
    .select(
      sql`select ${id}, ${namespace}, ${jobId}, ${skillId}, ${text}, 'open', null, null, ${clock.now()}, null
        where ${guard} and (select count(*) ${same}) < ${MAX_APPEALS}`,
    )
    .onConflictDoNothing()
    .returning({ id: appeals.id });
  if (inserted.length === 0) throw await whyNotTaken(deps, subject);
  deps.log.info('appeal.received', { appealId: id, subject: label });
  return id;
}

async function whyNotTaken({ db }: AppealDeps, { jobId, skillId, label }: Subject): Promise<Problem> {
  const made = await db
    .select({ state: appeals.state })
    .from(appeals)
    .where(sql`(${appeals.jobId} = ${jobId} or ${appeals.skillId} = ${skillId})`);
  if (made.some(({ state }) => state === 'open')) {
    return new Problem('state_conflict', `An appeal about ${label} is open already.`, {
      fix: 'Wait for the answer, which is mailed. See: skills appeal --list, or GET /v1/appeals.',
    });
  }
  if (made.length >= MAX_APPEALS) {
    return new Problem('state_conflict', `${label} was appealed ${MAX_APPEALS} times.`, {
      fix: 'Write to the operator of this hub.',
    });
  }
  return new Problem('state_conflict', `${label} was decided about in the meantime.`, { fix: 'Look at it again.' });
}
