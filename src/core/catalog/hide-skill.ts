import { and, eq, isNotNull, isNull, or, sql } from 'drizzle-orm';
import { skills } from '../../db/schema/catalog.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { appendSkillEntries, skillEntry } from '../log/skill-entry.ts';
import { auditStatement, ifOperator } from '../moderation/audit.ts';
import { Problem } from '../problem.ts';
import { findByRef, type OwnedRef } from './find-by-ref.ts';
import { howToAppeal, type SkillRow, whyRemoved } from './find-skill.ts';
import { staleTags } from './keys.ts';
import { refreshSearchRow } from './latest-version.ts';
import { nextUpdate } from './update-time.ts';

type HideDeps = Pick<Deps, 'db' | 'bundles' | 'clock' | 'random' | 'cache' | 'log'>;

/**
 * Takes a skill with all its versions out of every list, search and download until it is shown again. Its names and
 * version numbers stay taken. Needs `publish`. Hiding it twice changes nothing.
 *
 * @param ref `reason` is kept, and told to the owner, where an operator hides it
 * @throws Problem `unauthorized`, `forbidden`, `not_found`
 */
export function hideSkill(deps: HideDeps, actor: Actor, ref: OwnedRef & { reason?: string }): Promise<void> {
  return move(deps, actor, ref, deps.clock.now());
}

/**
 * Shows a hidden skill again, just as it was. Needs `publish`, and an operator for one that its owner did not hide. Of one
 * that is not hidden nothing changes.
 *
 * @throws Problem `unauthorized`, `forbidden` also for what a moderator or reports have hidden, `not_found`
 */
export function showSkill(deps: HideDeps, actor: Actor, ref: OwnedRef): Promise<void> {
  return move(deps, actor, ref, null);
}

async function move(
  deps: HideDeps,
  actor: Actor,
  ref: OwnedRef & { reason?: string },
  hiddenAt: number | null,
): Promise<void> {
  const { db } = deps;
  const skill = await findByRef(deps, actor, ref);
  const { namespace, name } = skill;
  authorize(actor, 'publish', namespace);
  if (hiddenAt === null && actor.kind !== 'operator') requireOwnHiding(skill);
  const mine = or(isNull(skills.hiddenBy), eq(skills.hiddenBy, 'owner'));
  const hidden = and(isNotNull(skills.hiddenAt), actor.kind === 'operator' ? undefined : mine);
  const changes = and(eq(skills.id, skill.id), hiddenAt === null ? hidden : isNull(skills.hiddenAt));
  const hiddenBy = hiddenAt === null ? null : actor.kind === 'operator' ? 'moderator' : 'owner';
  const reason = hiddenBy === 'moderator' ? ref.reason : undefined;
  const done = hiddenAt === null ? 'skill.show' : 'skill.hide';
  const holds = sql`exists (select 1 from ${skills} where ${changes})`;
  const privileged = ifOperator(actor, holds);
  const by = actor.kind === 'operator' ? 'moderator' : 'owner';
  const entry = await skillEntry(deps, hiddenAt === null ? 'show' : 'hide', skill, by);
  await db.batch([
    appendSkillEntries(deps, [entry], holds),
    auditStatement(deps, actor, done, `@${namespace}/${name}`, reason === undefined ? {} : { reason }, privileged),
    db
      .update(skills)
      .set({ hiddenAt, hiddenBy, hiddenReason: reason ?? null, updatedAt: nextUpdate(deps.clock.now()) })
      .where(changes),
    ...refreshSearchRow(db, skill.id, sql`1`),
  ]);
  deps.cache.forget(staleTags(namespace, name));
  deps.log.info(hiddenAt === null ? 'skill.shown' : 'skill.hidden', { namespace, name });
}

function requireOwnHiding(skill: SkillRow): void {
  if (skill.hiddenAt === null || skill.hiddenBy === null || skill.hiddenBy === 'owner') return;
  throw new Problem('forbidden', whyRemoved(skill), { fix: howToAppeal(skill.namespace, skill.name) });
}
