import { and, eq, type SQL, sql } from 'drizzle-orm';
import { skillAliases, skills } from '../../db/schema/catalog.ts';
import { checkNamespace, checkSkillName } from '../../format/names.ts';
import { type Actor, canRead } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';

export type SkillRow = typeof skills.$inferSelect;
export type Skill = SkillRow & { latestVersionId: string };

/**
 * A skill that the actor may see, by its name or a former one; for one that was merged, the skill that took its place.
 * A private or hidden skill answers others exactly as a missing one does.
 *
 * @throws Problem `invalid_request` for a name that no skill can have, `not_found`
 */
export async function findSkill(deps: Pick<Deps, 'db'>, actor: Actor, namespace: string, name: string): Promise<Skill> {
  const named = await findNamed(deps, actor, namespace, name);
  const skill = await followMerge(deps, actor, named);
  const { latestVersionId } = skill ?? {};
  if (!skill || !latestVersionId) throw noSuchSkill(namespace, name);
  return { ...skill, latestVersionId };
}

/**
 * The very skill that has or had the name, also a merged one, and one of the actor's own that has nothing to show: all
 * its versions are yanked or not yet published. Its namespace can be another than the one that was asked for.
 *
 * @throws Problem `invalid_request`, `not_found`
 */
export async function findAnySkill(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  namespace: string,
  name: string,
): Promise<SkillRow> {
  const skill = await findNamed(deps, actor, namespace, name);
  const hasNothing = skill.latestVersionId === null && skill.mergedInto === null;
  if (hasNothing && !canRead(actor, skill.namespace)) throw noSuchSkill(namespace, name);
  return skill;
}

async function findNamed(deps: Pick<Deps, 'db'>, actor: Actor, namespace: string, name: string): Promise<SkillRow> {
  const [direct] = await deps.db.select().from(skills).where(isSkill(namespace, name));
  const [skill] = direct ? [direct] : await deps.db.select().from(skills).where(wasSkill(namespace, name));
  if (!skill || !isVisible(skill, actor)) throw noSuchSkill(namespace, name);
  if (skill.hiddenAt !== null) throw hiddenSkill(skill);
  return skill;
}

/**
 * The skill that took the place of a merged one, any other skill itself; nothing where the actor may not see it.
 *
 * @throws Problem `not_found` for one that the actor's own namespace has hidden
 */
export async function followMerge(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  skill: SkillRow,
): Promise<SkillRow | undefined> {
  if (skill.mergedInto === null) return skill;
  const [target] = await deps.db.select().from(skills).where(eq(skills.id, skill.mergedInto));
  if (!target || !isVisible(target, actor)) return undefined;
  if (target.hiddenAt !== null) throw hiddenSkill(target);
  return target;
}

/** The condition that finds a skill by its names. @throws Problem `invalid_request` for names that none can have */
export function isSkill(namespace: string, name: string): SQL | undefined {
  const reason = checkNamespace(namespace) ?? checkSkillName(name);
  if (reason) throw new Problem('invalid_request', reason, { fix: 'Skills are addressed as <namespace>/<name>.' });
  return and(eq(skills.namespace, namespace), eq(skills.name, name));
}

/** The condition that finds a skill by names that it had before. */
export function wasSkill(namespace: string, name: string): SQL {
  return sql`${skills.id} = (select ${skillAliases.skillId} from ${skillAliases}
    where ${skillAliases.namespace} = ${namespace} and ${skillAliases.name} = ${name})`;
}

type Seen = Pick<SkillRow, 'visibility' | 'namespace' | 'hiddenAt'>;

/** Whether the actor may know that the skill exists. One that is hidden is known to its own namespace alone. */
export function isVisible(skill: Seen, actor: Actor): boolean {
  return (skill.visibility === 'public' && skill.hiddenAt === null) || canRead(actor, skill.namespace);
}

/** What its own namespace is told of a skill that is hidden: nobody reads it, they neither. */
export function hiddenSkill({ namespace, name, hiddenBy, hiddenReason }: HiddenSkill): Problem {
  if (hiddenBy === null || hiddenBy === 'owner') {
    return new Problem('not_found', `@${namespace}/${name} is hidden.`, {
      fix: 'Show it again first.',
      gone: 'hidden',
    });
  }
  return new Problem('not_found', whyRemoved({ namespace, name, hiddenBy, hiddenReason }), {
    fix: howToAppeal(namespace, name),
    gone: 'removed',
  });
}

export type HiddenSkill = Pick<SkillRow, 'namespace' | 'name' | 'hiddenBy' | 'hiddenReason'>;

/** The sentence about a skill that somebody else than its owner has hidden. */
export function whyRemoved({ namespace, name, hiddenBy, hiddenReason }: HiddenSkill): string {
  if (hiddenBy === 'reports')
    return `@${namespace}/${name} is hidden until a moderator has looked at reports about it.`;
  return `@${namespace}/${name} was hidden by a moderator: ${hiddenReason ?? 'no reason was given'}`;
}

/** What its owner can do then. */
export function howToAppeal(namespace: string, name: string): string {
  return `Appeal: skills appeal @${namespace}/${name}, or POST /v1/packages/${namespace}/${name}/appeal.`;
}

/** What to do about a version that is not there. */
export function howToList({ namespace, name }: { namespace: string; name: string }): string {
  return `List the versions: skills info @${namespace}/${name} --versions.`;
}

/** The one answer for a skill that is missing, hidden or has nothing to show. */
export function noSuchSkill(namespace: string, name: string): Problem {
  return new Problem('not_found', `There is no skill @${namespace}/${name}.`, {
    fix: 'Check the spelling, or search for it. A private skill needs a key of its namespace.',
    missing: 'skill',
  });
}
