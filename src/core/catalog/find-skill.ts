import { and, eq, type SQL } from 'drizzle-orm';
import { skills } from '../../db/schema/catalog.ts';
import { checkNamespace, checkSkillName } from '../../format/names.ts';
import { type Actor, canRead } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';

export type Skill = typeof skills.$inferSelect & { latestVersionId: string };

/**
 * A skill that the actor may see. A private or hidden skill answers others exactly as a missing one does.
 *
 * @throws Problem `invalid_request` for a name that no skill can have, `not_found`
 */
export async function findSkill(deps: Pick<Deps, 'db'>, actor: Actor, namespace: string, name: string): Promise<Skill> {
  const skill = await findAnySkill(deps, actor, namespace, name);
  const { latestVersionId } = skill;
  if (latestVersionId === null) throw noSuchSkill(namespace, name);
  return { ...skill, latestVersionId };
}

/**
 * The same, but also finds a skill of the actor's own that has nothing to show: all its versions are yanked or not
 * yet published.
 *
 * @throws Problem `invalid_request`, `not_found`
 */
export async function findAnySkill(deps: Pick<Deps, 'db'>, actor: Actor, namespace: string, name: string) {
  const [skill] = await deps.db.select().from(skills).where(isSkill(namespace, name));
  const known = skill && isVisible(skill, actor) && (skill.latestVersionId !== null || canRead(actor, namespace));
  if (!known) throw noSuchSkill(namespace, name);
  if (skill.hiddenAt !== null) throw hiddenSkill(namespace, name);
  return skill;
}

/** The condition that finds a skill by its names. @throws Problem `invalid_request` for names that none can have */
export function isSkill(namespace: string, name: string): SQL | undefined {
  const reason = checkNamespace(namespace) ?? checkSkillName(name);
  if (reason) throw new Problem('invalid_request', reason, { fix: 'Skills are addressed as <namespace>/<name>.' });
  return and(eq(skills.namespace, namespace), eq(skills.name, name));
}

type Seen = Pick<typeof skills.$inferSelect, 'visibility' | 'namespace' | 'hiddenAt'>;

/** Whether the actor may know that the skill exists. One that is hidden is known to its own namespace alone. */
export function isVisible(skill: Seen, actor: Actor): boolean {
  return (skill.visibility === 'public' && skill.hiddenAt === null) || canRead(actor, skill.namespace);
}

/** What its own namespace is told of a skill that it has hidden: nobody reads it, they neither. */
export function hiddenSkill(namespace: string, name: string): Problem {
  return new Problem('not_found', `@${namespace}/${name} is hidden.`, { fix: 'Show it again first.', gone: 'hidden' });
}

/** The one answer for a skill that is missing, hidden or has nothing to show. */
export function noSuchSkill(namespace: string, name: string): Problem {
  return new Problem('not_found', `There is no skill @${namespace}/${name}.`, {
    fix: 'Check the spelling, or search for it. A private skill needs a key of its namespace.',
    missing: 'skill',
  });
}
