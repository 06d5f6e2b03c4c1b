import { and, eq, isNotNull, isNull, ne, or, type SQL, sql } from 'drizzle-orm';
import { skills } from '../../db/schema/catalog.ts';
import { appeals, reports } from '../../db/schema/moderation.ts';
import type { Actor } from '../accounts/actor.ts';
import type { SkillRow } from '../catalog/find-skill.ts';
import { staleTags } from '../catalog/keys.ts';
import { refreshSearchRow } from '../catalog/latest-version.ts';
import { nextUpdate } from '../catalog/update-time.ts';
import type { Deps } from '../deps.ts';
import type { NewEntry } from '../log/append-entries.ts';
import { appendSkillEntries, skillEntry } from '../log/skill-entry.ts';
import { Problem } from '../problem.ts';
import { auditStatement } from './audit.ts';
import { closeAppeals } from './close-appeals.ts';
import { findSubject } from './find-subject.ts';
import { requireModerator } from './require-moderator.ts';
import { tellNamespace } from './tell-namespace.ts';

export type ModerateDeps = Pick<Deps, 'db' | 'bundles' | 'clock' | 'random' | 'cache' | 'log' | 'mailer'>;
type Decision = { namespace: string; name: string; reason: string };
/** The skill as it is called now, and whether anything changed. */
export type Moderated = { namespace: string; name: string; changed: boolean };

/** A select of a row while the condition holds for the skill. */
const holdsFor = (id: number, condition: SQL | undefined): SQL =>
  sql`exists (select 1 from ${skills} where ${and(eq(skills.id, id), condition)})`;

/**
 * Takes a skill out of sight, so that its owner cannot show it again. For operators and moderators. Also of one that its
 * owner or reports have hidden; of one that a moderator has hidden nothing changes.
 *
 * @throws Problem `unauthorized`, `forbidden`, `not_found`
 */
export async function hideByModerator(deps: ModerateDeps, actor: Actor, decision: Decision): Promise<Moderated> {
  requireModerator(actor);
  const { db } = deps;
  const skill = await findSubject(deps, decision.namespace, decision.name);
  requireModerator(actor, skill.namespace);
  const open = or(isNull(skills.hiddenAt), isNull(skills.hiddenBy), ne(skills.hiddenBy, 'moderator'));
  const now = deps.clock.now();
  const subject = labelOf(skill);
  const entry = await skillEntry(deps, 'hide', skill, 'moderator');
  const [, , hidden] = await db.batch([
    appendSkillEntries(deps, [entry], holdsFor(skill.id, open)),
    auditStatement(deps, actor, 'skill.hide', subject, { reason: decision.reason }, holdsFor(skill.id, open)),
    db
      .update(skills)
      .set({ hiddenAt: now, hiddenBy: 'moderator', hiddenReason: decision.reason, updatedAt: nextUpdate(now) })
      .where(and(eq(skills.id, skill.id), open))
      .returning({ id: skills.id }),
    ...refreshSearchRow(db, skill.id, sql`1`),
  ]);
  return after(deps, skill, hidden.length > 0, {
    subject: `${subject} was hidden`,
    text: `A moderator has hidden ${subject}:\n\n${decision.reason}\n\nNobody can see or download it. If you think that this is wrong, appeal:\nskills appeal ${subject}\nor POST /v1/packages/${skill.namespace}/${skill.name}/appeal\n`,
  });
}

/**
 * Shows a skill again that a moderator or reports have hidden; its open reports are dismissed, and an appeal is
 * granted. For operators and
 * moderators. Of one that is shown nothing changes.
 *
 * @throws Problem `unauthorized`, `forbidden`, `not_found`, `state_conflict` for one that its owner has hidden
 */
export async function showByModerator(deps: ModerateDeps, actor: Actor, decision: Decision): Promise<Moderated> {
  requireModerator(actor);
  const skill = await findSubject(deps, decision.namespace, decision.name);
  requireModerator(actor, skill.namespace);
  const subject = labelOf(skill);
  if (skill.hiddenAt !== null && (skill.hiddenBy === null || skill.hiddenBy === 'owner')) {
    throw new Problem('state_conflict', `${subject} was hidden by its owner.`, { fix: 'Leave it to the owner.' });
  }
  const entry = await skillEntry(deps, 'show', skill, 'moderator');
  const [, , , , shown] = await deps.db.batch(showStatements(deps, actor, skill, { reason: decision.reason, entry }));
  return after(deps, skill, shown.length > 0, shownMail(subject, decision.reason));
}

/**
 * The statements, for one batch, that show a skill again that a moderator or reports have hidden. The fifth one returns
 * its row if it was hidden so.
 *
 * @param entry what the log is to hold of it
 */
function showStatements(
  deps: Pick<Deps, 'db' | 'clock' | 'random'>,
  actor: Actor,
  skill: SkillRow,
  { reason, entry }: { reason: string; entry: NewEntry },
) {
  const { db } = deps;
  const now = deps.clock.now();
  const removed = and(isNotNull(skills.hiddenAt), or(eq(skills.hiddenBy, 'moderator'), eq(skills.hiddenBy, 'reports')));
  const hidden = holdsFor(skill.id, removed);
  return [
    appendSkillEntries(deps, [entry], hidden),
    auditStatement(deps, actor, 'skill.show', labelOf(skill), { reason }, hidden),
    db
      .update(reports)
      .set({ state: 'dismissed', triagedAt: now })
      .where(and(eq(reports.skillId, skill.id), eq(reports.state, 'open'), hidden)),
    closeAppeals(deps, actor, eq(appeals.skillId, skill.id), { state: 'granted', answer: reason }, hidden),
    db
      .update(skills)
      .set({ hiddenAt: null, hiddenBy: null, hiddenReason: null, updatedAt: nextUpdate(now) })
      .where(and(eq(skills.id, skill.id), removed))
      .returning({ id: skills.id }),
    ...refreshSearchRow(db, skill.id, sql`1`),
  ] as const;
}

/** What the owner is told of a skill that is shown again. */
export function shownMail(subject: string, reason: string) {
  return { subject: `${subject} is shown again`, text: `${subject} is shown again:\n\n${reason}\n` };
}

export function labelOf({ namespace, name }: Pick<SkillRow, 'namespace' | 'name'>): string {
  return `@${namespace}/${name}`;
}

async function after(
  deps: ModerateDeps,
  skill: SkillRow,
  changed: boolean,
  mail: { subject: string; text: string },
): Promise<Moderated> {
  const { namespace, name } = skill;
  deps.cache.forget(staleTags(namespace, name));
  if (changed) await tellNamespace(deps, namespace, mail);
  deps.log.info('skill.moderated', { namespace, name, changed });
  return { namespace, name, changed };
}
