import { and, eq, sql } from 'drizzle-orm';
import { skills } from '../../db/schema/catalog.ts';
import { appeals } from '../../db/schema/moderation.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { readAppealPage } from './appeal-page.ts';
import { auditStatement } from './audit.ts';
import { closeAppeals } from './close-appeals.ts';
import { showByModerator } from './moderate-skill.ts';
import { requireModerator } from './require-moderator.ts';
import { approveJob } from './review-job.ts';
import { tellNamespace } from './tell-namespace.ts';

type DecideDeps = Pick<Deps, 'db' | 'bundles' | 'queue' | 'clock' | 'random' | 'settings' | 'mailer' | 'cache' | 'log'>;
type Answer = { id: string; answer: string };
/** `label`: the skill, or the version, that it is about. */
type Appeal = typeof appeals.$inferSelect & { label: string };

/**
 * Gives an appeal right: its version is approved, or its skill shown. For operators and moderators. Doing it again changes
 * nothing.
 *
 * @returns whether anything changed
 * @throws Problem `unauthorized`, `forbidden`, `not_found`, `state_conflict` for one that was denied, and as `approveJob` and
 * `showByModerator` do
 */
export async function grantAppeal(deps: DecideDeps, actor: Actor, { id, answer }: Answer): Promise<boolean> {
  const appeal = await findAppeal(deps, actor, id);
  if (appeal.state === 'granted') return false;
  if (appeal.state === 'denied') throw endedAlready(appeal);
  if (appeal.jobId !== null) return (await approveJob(deps, actor, { id: appeal.jobId, note: answer })).changed;
  const [skill] = await deps.db
    .select({ namespace: skills.namespace, name: skills.name })
    .from(skills)
    .where(eq(skills.id, appeal.skillId ?? -1));
  if (!skill) throw new Error(`the skill of appeal ${id} has no row`);
  return (await showByModerator(deps, actor, { ...skill, reason: answer })).changed;
}

/**
 * Gives an appeal no right: everything stays as it is, and its author is told why. For operators and moderators. Doing it
 * again changes nothing.
 *
 * @returns whether anything changed
 * @throws Problem `unauthorized`, `forbidden`, `not_found`, `state_conflict` for one that was granted
 */
export async function denyAppeal(deps: DecideDeps, actor: Actor, { id, answer }: Answer): Promise<boolean> {
  const { label, ...appeal } = await findAppeal(deps, actor, id);
  if (appeal.state === 'denied') return false;
  if (appeal.state === 'granted') throw endedAlready(appeal);
  const open = sql`exists (select 1 from ${appeals} where ${and(eq(appeals.id, id), eq(appeals.state, 'open'))})`;
  const [, denied] = await deps.db.batch([
    auditStatement(deps, actor, 'appeal.deny', `appeal:${id}`, { namespace: appeal.namespace, answer }, open),
    closeAppeals(deps, actor, eq(appeals.id, id), { state: 'denied', answer }, sql`1`).returning({ id: appeals.id }),
  ]);
  deps.log.info('appeal.denied', { appealId: id });
  if (denied.length === 0) throw endedAlready(await findAppeal(deps, actor, id));
  await tellNamespace(deps, appeal.namespace, {
    subject: `The appeal about ${label} was denied`,
    text: `Your appeal about ${label} (${id}) was denied:\n\n${answer}\n\nWhat you wrote:\n\n${appeal.text}\n`,
  });
  return true;
}

async function findAppeal(deps: DecideDeps, actor: Actor, id: string): Promise<Appeal> {
  requireModerator(actor);
  const [found] = await readAppealPage(deps, eq(appeals.id, id), undefined, 1);
  if (!found)
    throw new Problem('not_found', 'There is no such appeal.', {
      fix: 'See those that are open: skills admin queue, or GET /v1/admin/queue.',
    });
  const { appeal, name, version } = found;
  requireModerator(actor, appeal.namespace);
  const label = `@${appeal.namespace}/${name}${version === null ? '' : `@${version}`}`;
  return { ...appeal, label };
}

function endedAlready({ state }: Pick<Appeal, 'state'>): Problem {
  return new Problem('state_conflict', `The appeal is ${state} already.`, { fix: 'Leave it so.' });
}
