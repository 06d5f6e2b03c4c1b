import { and, count, eq, type SQL, sql } from 'drizzle-orm';
import { rowExists } from '../../db/row-exists.ts';
import { skillAliases, skills } from '../../db/schema/catalog.ts';
import { checkSkillName } from '../../format/names.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { requireDistinctName } from '../vetting/distinct-name.ts';
import { requireUnreservedName } from '../vetting/reserved-names.ts';
import { indexName } from '../vetting/similar-names.ts';
import { findByRef, type OwnedRef } from './find-by-ref.ts';
import type { SkillRow } from './find-skill.ts';
import { staleTags } from './keys.ts';
import { refreshSearchRow } from './latest-version.ts';
import { changedMeanwhile, isMovable, requireMovable } from './movable-skill.ts';
import { nextUpdate } from './update-time.ts';

/** How many names a skill can leave behind: each is lost to everybody else for good. */
export const MAX_FORMER_NAMES = 20;

type RenameDeps = Pick<Deps, 'db' | 'clock' | 'cache' | 'log' | 'settings'>;

/**
 * Gives a skill another name in its namespace. Needs `admin`. The old name and the old flat slug lead to it for good and
 * are nobody else's; the new flat slug is what a first publication under the new name would get. A name that the skill
 * had before can be taken again, with its slug. Published archives stay as they are, with the old name in SKILL.md.
 *
 * @returns both names
 * @throws Problem `unauthorized`, `forbidden`, `not_found` also for a skill that was never published, `invalid_name`,
 * `state_conflict` for a name that is taken or too close to another namespace's, and as `requireMovable` does
 */
export async function renameSkill(
  deps: RenameDeps,
  actor: Actor,
  { newName, ...ref }: OwnedRef & { newName: string },
): Promise<{ namespace: string; name: string; previousName: string }> {
  const skill = await findByRef(deps, actor, ref);
  const { namespace, name } = skill;
  authorize(actor, 'admin', namespace);
  const reason = checkSkillName(newName);
  if (reason) throw new Problem('invalid_name', `The ${reason}.`, { fix: 'Choose another name.' });
  await requireUnreservedName(deps, actor, { namespace, name: newName });
  await requireMovable(deps, skill);
  await requireFreeName(deps, skill, newName);
  if (skill.visibility === 'public') await requireDistinctName(deps, { namespace, name: newName });
  await move(deps, skill, newName);
  deps.cache.forget([...staleTags(namespace, name), ...staleTags(namespace, newName)]);
  deps.log.info('skill.renamed', { namespace, name, newName });
  return { namespace, name: newName, previousName: name };
}

async function requireFreeName({ db }: RenameDeps, skill: SkillRow, newName: string): Promise<void> {
  const { namespace } = skill;
  const [holder] = await db
    .select({ id: skills.id })
    .from(skills)
    .where(and(eq(skills.namespace, namespace), eq(skills.name, newName)));
  const [former] = await db
    .select({ id: skillAliases.skillId })
    .from(skillAliases)
    .where(and(eq(skillAliases.namespace, namespace), eq(skillAliases.name, newName)));
  if (holder) throw taken(skill, newName, holder.id === skill.id ? 'is its name already' : 'is another skill');
  if (former && former.id !== skill.id) throw taken(skill, newName, 'leads to another skill, which was called so');
  if (former) return;
  const [left] = await db.select({ n: count() }).from(skillAliases).where(eq(skillAliases.skillId, skill.id));
  if ((left?.n ?? 0) >= MAX_FORMER_NAMES) {
    throw new Problem('state_conflict', `@${namespace}/${skill.name} had ${MAX_FORMER_NAMES} other names before.`, {
      fix: 'Take one of them again.',
    });
  }
}

function taken({ namespace }: SkillRow, newName: string, why: string): Problem {
  return new Problem('state_conflict', `@${namespace}/${newName} ${why}.`, { fix: 'Choose another name.' });
}

/**
 * One atomic batch, each statement of which does nothing unless the skill is still as it was read.
 *
 * @throws Problem `state_conflict` when it is not, or somebody else took the name
 */
async function move(deps: RenameDeps, skill: SkillRow, newName: string): Promise<void> {
  const { db } = deps;
  const { id, namespace, name } = skill;
  const now = deps.clock.now();
  const foreign = sql`select 1 from skill_aliases as former
    where former.namespace = ${namespace} and former.name = ${newName} and former.skill_id <> ${id}`;
  const isNamed = and(eq(skills.id, id), eq(skills.namespace, namespace), eq(skills.name, newName));
  const moved = rowExists(db, skills, isNamed);
  try {
    const [renamed] = await db.batch([
      db
        .update(skills)
        .set({ name: newName, slug: newSlug(skill, newName), updatedAt: nextUpdate(now) })
        .where(and(isMovable(skill), sql`not exists (${foreign})`))
        .returning({ id: skills.id }),
      db.insert(skillAliases).select(sql`select ${namespace}, ${name}, ${skill.slug}, ${id}, ${now} where ${moved}`),
      db.delete(skillAliases).where(and(eq(skillAliases.namespace, namespace), eq(skillAliases.name, newName), moved)),
      ...refreshSearchRow(db, id, moved),
      // What the old name is found by stays, since it still leads here.
      ...indexName(deps, newName, skill.visibility === 'public' ? moved : sql`0`),
    ]);
    if (renamed.length === 0) throw changedMeanwhile(skill);
  } catch (error) {
    await requireFreeName(deps, skill, newName);
    throw error;
  }
}

/** The slug that went with the name before, else as a first publication gets it. */
function newSlug({ id, namespace, visibility }: SkillRow, newName: string): SQL<string> {
  const qualified = `${namespace}.${newName}`;
  const former = sql`(select former.slug from skill_aliases as former
    where former.namespace = ${namespace} and former.name = ${newName} and former.skill_id = ${id})`;
  if (visibility === 'private') return sql`coalesce(${former}, ${qualified})`;
  return sql`coalesce(${former}, case
    when exists (select 1 from skills as other where other.slug = ${newName})
      or exists (select 1 from skill_aliases as former where former.slug = ${newName}) then ${qualified}
    else ${newName} end)`;
}
