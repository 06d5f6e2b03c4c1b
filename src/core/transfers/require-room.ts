import { and, eq, ne } from 'drizzle-orm';
import { namespaces } from '../../db/schema/accounts.ts';
import { skillAliases, skills } from '../../db/schema/catalog.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { requireDistinctName } from '../vetting/distinct-name.ts';

export type TransferredSkill = Pick<
  typeof skills.$inferSelect,
  'id' | 'namespace' | 'name' | 'slug' | 'visibility' | 'hiddenAt' | 'mergedInto'
>;

export interface Room {
  /** True when the skill had its name there before, as an alias that it takes back. */
  returns: boolean;
  /** The flat slug that went with that alias. */
  formerSlug: string | null;
}

/**
 * Passes when the skill can live in the namespace `to` under its name.
 *
 * @throws Problem `not_found` for a namespace that nobody has, `state_conflict` for a skill that is there already, was merged
 * into another, is hidden (which only an operator may give away), or whose name is taken there, now or formerly, or too
 * close to another namespace's: then it could never be published again
 */
export async function requireRoom(
  deps: Pick<Deps, 'db' | 'settings'>,
  actor: Actor,
  skill: TransferredSkill,
  to: string,
): Promise<Room> {
  const { namespace, name } = skill;
  if (to === namespace) {
    throw new Problem('state_conflict', `@${namespace}/${name} belongs to '${to}' already.`, {
      fix: 'Name another namespace.',
    });
  }
  if (skill.hiddenAt !== null && actor.kind !== 'operator') {
    throw new Problem('state_conflict', `@${namespace}/${name} is hidden.`, { fix: 'Show it again first.' });
  }
  if (skill.mergedInto !== null) {
    throw new Problem('state_conflict', `@${namespace}/${name} was merged into another skill.`, {
      fix: 'Transfer that one.',
    });
  }
  const [known] = await deps.db.select({ slug: namespaces.slug }).from(namespaces).where(eq(namespaces.slug, to));
  if (!known) throw new Problem('not_found', `There is no namespace '${to}'.`, { fix: 'Check its spelling.' });
  const room = await requireFreeName(deps, skill, to);
  if (skill.visibility === 'public') await requireDistinctName(deps, { namespace: to, name });
  return room;
}

async function requireFreeName({ db }: Pick<Deps, 'db'>, skill: TransferredSkill, to: string): Promise<Room> {
  const { id, name } = skill;
  const [other] = await db
    .select({ id: skills.id })
    .from(skills)
    .where(and(eq(skills.namespace, to), eq(skills.name, name), ne(skills.id, id)));
  const [alias] = await db
    .select({ skillId: skillAliases.skillId, slug: skillAliases.slug })
    .from(skillAliases)
    .where(and(eq(skillAliases.namespace, to), eq(skillAliases.name, name)));
  if (other || (alias && alias.skillId !== id)) {
    const what = other ? 'has a skill of that name' : 'had a skill of that name, which still leads to it';
    throw new Problem('state_conflict', `'${to}' ${what}: ${name}.`, { fix: 'Rename the skill first.' });
  }
  return { returns: alias !== undefined, formerSlug: alias?.slug ?? null };
}
