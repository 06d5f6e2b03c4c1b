import { and, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import { namespaces } from '../../db/schema/accounts.ts';
import { versions } from '../../db/schema/catalog.ts';
import { jobs, type StageResult } from '../../db/schema/jobs.ts';
import { appeals } from '../../db/schema/moderation.ts';
import type { Actor } from '../accounts/actor.ts';
import { banOver, banSentence, readBan } from '../accounts/ban.ts';
import { bundleKeys } from '../catalog/keys.ts';
import type { Deps } from '../deps.ts';
import { describeFault } from '../fault.ts';
import { Problem } from '../problem.ts';
import { getJob } from '../publishing/get-job.ts';
import { DELIVERY_GRACE_MS, type Job } from '../publishing/job-state.ts';
import { isScannersRefusal } from '../vetting/ask-scanners.ts';
import { auditName, auditStatement } from './audit.ts';
import { closeAppeals } from './close-appeals.ts';
import { requireModerator } from './require-moderator.ts';
import { tellNamespace } from './tell-namespace.ts';

type ReviewDeps = Pick<Deps, 'db' | 'bundles' | 'queue' | 'clock' | 'random' | 'settings' | 'mailer' | 'log'>;
type FoundJob = Awaited<ReturnType<typeof getJob>>;

export interface Reviewed {
  /** False when it was decided so before. */
  changed: boolean;
  namespace: string;
  name: string;
  version: string;
}

/**
 * Decides that a version may be public. One that was quarantined, or refused by the examination or scanners alone, goes through vetting
 * again without the policy on verdicts, and is signed and published; one that is public is taken out of the queue. For
 * operators and moderators.
 *
 * @throws Problem `unauthorized`, `forbidden`, `not_found`, `state_conflict` for a job that waits for nobody, whose number
 * was taken since, or whose namespace is banned
 */
export async function approveJob(
  deps: ReviewDeps,
  actor: Actor,
  { id, note }: { id: string; note: string },
): Promise<Reviewed> {
  const found = await findReviewed(deps, actor, id);
  const { job } = found;
  if (job.state === 'pass') return keep(deps, actor, found, note);
  if (job.reviewedBy !== null && (job.state === 'pending' || job.state === 'running')) return answer(found, false);
  await requireReviewable(deps, found);
  const { db } = deps;
  const now = deps.clock.now();
  const guard = sql`exists (select 1 from ${jobs} where ${isStill(job)}) and not exists (select 1 from ${versions} as other, ${versions} as mine
    where mine.id = ${job.versionId} and other.skill_id = mine.skill_id and other.version = mine.version and other.id <> mine.id and other.state <> 'rejected')`;
  const review = { reviewedBy: auditName(actor), reviewNote: note, reviewedAt: now };
  const results = await db.batch([
    auditStatement(deps, actor, 'version.approve', labelOf(found), { job: id, note }, guard),
    closeAppeals(deps, actor, eq(appeals.jobId, id), { state: 'granted', answer: note }, guard),
    // The job before the version: its guard looks at the job's row, and then at nothing else.
    db
      .update(jobs)
      .set({
        ...review,
        state: 'pending',
        stages: job.stages.map(passed),
        message: 'Approved; waiting to be published.',
        attempts: 0,
        dueAt: now + DELIVERY_GRACE_MS,
        updatedAt: now,
      })
      .where(and(isStill(job), guard))
      .returning({ id: jobs.id }),
    db
      .update(versions)
      .set({ state: 'pending' })
      .where(
        and(
          eq(versions.id, job.versionId),
          inArray(versions.state, ['quarantined', 'rejected']),
          sql`exists (select 1 from ${jobs} where ${and(eq(jobs.id, id), eq(jobs.state, 'pending'))})`,
        ),
      ),
  ]);
  if (results[2].length === 0) throw changedMeanwhile(found);
  await nudge(deps, id);
  deps.log.info('review.approved', { jobId: id });
  const text = `${labelOf(found)} was approved and is being published.\n\n${note}\n`;
  await tellNamespace(deps, found.namespace, { subject: `${labelOf(found)} was approved`, text });
  return answer(found, true);
}

/**
 * Decides that a quarantined version is not published; its number is free again. For operators and moderators.
 *
 * @throws Problem `unauthorized`, `forbidden`, `not_found`, `state_conflict` for a job that is not quarantined
 */
export async function rejectJob(
  deps: ReviewDeps,
  actor: Actor,
  { id, reason }: { id: string; reason: string },
): Promise<Reviewed> {
  const found = await findReviewed(deps, actor, id);
  const { job } = found;
  if (job.state === 'fail' && job.reviewedBy !== null) return answer(found, false);
  if (job.state !== 'quarantined') throw notWaiting(found);
  const { db } = deps;
  const now = deps.clock.now();
  const guard = sql`exists (select 1 from ${jobs} where ${isStill(job)})`;
  const review = { reviewedBy: auditName(actor), reviewNote: reason, reviewedAt: now };
  const results = await db.batch([
    auditStatement(deps, actor, 'version.reject', labelOf(found), { job: id, reason }, guard),
    closeAppeals(deps, actor, eq(appeals.jobId, id), { state: 'denied', answer: reason }, guard),
    db
      .update(versions)
      .set({ state: 'rejected' })
      .where(and(eq(versions.id, job.versionId), eq(versions.state, 'quarantined'), guard)),
    db
      .update(jobs)
      .set({ ...review, state: 'fail', message: `Rejected by a moderator: ${reason}`, updatedAt: now })
      .where(isStill(job))
      .returning({ id: jobs.id }),
  ]);
  if (results[3].length === 0) throw changedMeanwhile(found);
  deps.log.info('review.rejected', { jobId: id });
  const text = `A moderator has rejected ${labelOf(found)}:\n\n${reason}\n\nNothing of it was public, and its number is free again. If you think that this is wrong, appeal:\nskills appeal ${id}\nor POST /v1/jobs/${id}/appeal\n`;
  await tellNamespace(deps, found.namespace, { subject: `${labelOf(found)} was rejected`, text });
  return answer(found, true);
}

/** Whether a person can still let the version through: what the rules refuse, nobody can. */
export function isReviewable({ state, stages }: Pick<Job, 'state' | 'stages'>): boolean {
  const refused = stages.find(({ status }) => status === 'fail');
  if (state === 'quarantined' || refused === undefined) return state === 'quarantined';
  return state === 'fail' && (refused.stage === 'examination' || isScannersRefusal(refused));
}

async function keep(deps: ReviewDeps, actor: Actor, found: FoundJob, note: string): Promise<Reviewed> {
  const { job } = found;
  const open = and(isStill(job), isNull(jobs.reviewedAt));
  const guard = sql`exists (select 1 from ${jobs} where ${open})`;
  const review = { reviewedBy: auditName(actor), reviewNote: note, reviewedAt: deps.clock.now() };
  const [, kept] = await deps.db.batch([
    auditStatement(deps, actor, 'version.keep', labelOf(found), { job: job.id, note }, guard),
    deps.db.update(jobs).set(review).where(open).returning({ id: jobs.id }),
  ]);
  return answer(found, kept.length > 0);
}

async function findReviewed(deps: ReviewDeps, actor: Actor, id: string): Promise<FoundJob> {
  requireModerator(actor);
  const found = await getJob(deps, id);
  requireModerator(actor, found.namespace);
  return found;
}

async function requireReviewable(deps: ReviewDeps, found: FoundJob): Promise<void> {
  if (!isReviewable(found.job)) throw notWaiting(found);
  const { namespace } = found;
  const [owner] = await deps.db
    .select({ ban: banOver(namespace).as('ban') })
    .from(namespaces)
    .where(eq(namespaces.slug, namespace));
  const ban = readBan(owner?.ban ?? null);
  if (ban) {
    throw new Problem('state_conflict', `${banSentence(namespace, ban.namespace)}.`, { fix: 'End the ban first.' });
  }
  if (await deps.bundles.has(bundleKeys.quarantined(found.job.id))) return;
  throw new Problem('state_conflict', `The files of ${labelOf(found)} are gone.`, { fix: 'Have it uploaded again.' });
}

/** The condition that nobody has moved the job since it was read. */
function isStill({ id, state }: Job): SQL | undefined {
  return and(eq(jobs.id, id), eq(jobs.state, state));
}

function passed(result: StageResult): StageResult {
  const isJudgement = result.stage === 'examination' || result.stage === 'scanners';
  return isJudgement ? { ...result, status: 'pass' } : result;
}

/** A nudge that is lost costs time only: the sweeper sends it again. */
async function nudge(deps: ReviewDeps, jobId: string): Promise<void> {
  try {
    await deps.queue.send({ type: 'vet', jobId });
  } catch (error) {
    deps.log.error('queue.send.failed', { jobId, ...describeFault(error) });
  }
}

function labelOf({ namespace, name, version }: Pick<FoundJob, 'namespace' | 'name' | 'version'>): string {
  return `@${namespace}/${name}@${version}`;
}

function answer({ namespace, name, version }: FoundJob, changed: boolean): Reviewed {
  return { namespace, name, version, changed };
}

function notWaiting(found: FoundJob): Problem {
  return new Problem(
    'state_conflict',
    `${labelOf(found)} does not wait for a decision: its job is ${found.job.state}.`,
    {
      fix: 'See what waits: skills admin queue, or GET /v1/admin/queue. A public version is hidden with its skill, or yanked by its owner.',
    },
  );
}

function changedMeanwhile(found: FoundJob): Problem {
  return new Problem('state_conflict', `${labelOf(found)} was decided about, or its number taken, in the meantime.`, {
    fix: 'Look at the job again.',
  });
}
