import { and, eq, sql } from 'drizzle-orm';
import { rowExists } from '../../db/row-exists.ts';
import { skills } from '../../db/schema/catalog.ts';
import { stars } from '../../db/schema/faces.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { findByRef, findShownByRef, type OwnedRef } from './find-by-ref.ts';
import type { SkillRow } from './find-skill.ts';
import { staleTags } from './keys.ts';
import { refreshSearchRow } from './latest-version.ts';
import { changedMeanwhile, isMovable, requireMovable } from './movable-skill.ts';
import { nextUpdate } from './update-time.ts';

type MergeDeps = Pick<Deps, 'db' | 'clock' | 'cache' | 'log'>;

/**
 * Lets one skill take the place of another: the old one leaves lists and searches, takes no new versions, and all its
 * names mean the new one, but for exact numbers of its own versions, which lock files hold. Stars move along. Needs
 * `admin` in both namespaces. A target that was merged itself is followed to where it leads, and skills that were merged
 * into the old one lead to the new one from now on.
 *
 * @returns both skills as they were
 * @throws Problem `unauthorized`, `forbidden`, `not_found`, `state_conflict` for a skill and itself and for a public and a
 * private one, and as `requireMovable` does for the old one
 */
export async function mergeSkills(
  deps: MergeDeps,
  actor: Actor,
  { source: from, target: to }: { source: OwnedRef; target: OwnedRef },
): Promise<{ source: SkillRow; target: SkillRow }> {
  const source = await findByRef(deps, actor, from);
  authorize(actor, 'admin', source.namespace);
  const target = await findShownByRef(deps, actor, to);
  authorize(actor, 'admin', target.namespace);
  await requireMovable(deps, source);
  requireMatch(source, target);
  await merge(deps, source, target);
  deps.cache.forget([source, target].flatMap(({ namespace, name }) => staleTags(namespace, name)));
  const into = `${target.namespace}/${target.name}`;
  deps.log.info('skill.merged', { namespace: source.namespace, name: source.name, into });
  return { source, target };
}

function requireMatch(source: SkillRow, target: SkillRow): void {
  const labels = [source, target].map(({ namespace, name }) => `@${namespace}/${name}`);
  if (source.id === target.id) {
    throw new Problem('state_conflict', `${labels[0]} cannot be merged into itself.`, { fix: 'Name another skill.' });
  }
  if (source.visibility === target.visibility) return;
  const message = `${labels[0]} is ${source.visibility}, but ${labels[1]} is ${target.visibility}.`;
  throw new Problem('state_conflict', message, { fix: 'Change the visibility of one of them first.' });
}

/** Without a latest version nothing lists the old skill any more; `setLatestVersion` gives it none again. */
async function merge(deps: MergeDeps, source: SkillRow, target: SkillRow): Promise<void> {
  const { db } = deps;
  const isTarget = sql`exists (select 1 from skills as target where target.id = ${target.id} and target.merged_into is null
    and target.hidden_at is null and target.latest_version_id is not null and target.visibility = ${skills.visibility})`;
  const isMerged = and(eq(skills.id, source.id), eq(skills.mergedInto, target.id));
  const merged = rowExists(db, skills, isMerged);
  const [changed] = await db.batch([
    db
      .update(skills)
      .set({ mergedInto: target.id, latestVersionId: null, updatedAt: nextUpdate(deps.clock.now()) })
      .where(and(isMovable(source), isTarget))
      .returning({ id: skills.id }),
    db
      .update(skills)
      .set({ mergedInto: target.id })
      .where(and(eq(skills.mergedInto, source.id), merged)),
    db
      .insert(stars)
      .select(
        sql`select ${target.id}, given.namespace, given.created_at from stars as given where given.skill_id = ${source.id} and ${merged}`,
      )
      .onConflictDoNothing(),
    db.delete(stars).where(and(eq(stars.skillId, source.id), merged)),
    ...refreshSearchRow(db, source.id, merged),
  ]);
  if (changed.length === 0) throw changedMeanwhile(source);
}
