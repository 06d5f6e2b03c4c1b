import { and, eq, inArray, ne, sql } from 'drizzle-orm';
import { namespaces } from '../../db/schema/accounts.ts';
import { skillAliases, skills } from '../../db/schema/catalog.ts';
import { type Actor, canRead } from '../accounts/actor.ts';
import { banOver, banSentence, readBan } from '../accounts/ban.ts';
import { isVisible, type SkillRow } from '../catalog/find-skill.ts';
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
 * Passes when the skill can live in the namespace `to` under its name, as far as the actor may know: a name that is taken
 * there by what the actor cannot see does not show before the receiver accepts.
 *
 * @throws Problem `not_found` for a namespace that nobody has, `state_conflict` for a skill that is there already, was merged
 * into another, is hidden or at either end of a ban (which only an operator may give away), or whose name is taken there,
 * now or formerly, or too close to another namespace's: then it could never be published again
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
  await requireOpen(deps, actor, namespace, to);
  const room = await requireFreeName(deps, actor, skill, to);
  if (skill.visibility === 'public') await requireDistinctName(deps, { namespace: to, name });
  return room;
}

/** Nothing leaves a banned namespace, or enters one, but by an operator. */
async function requireOpen({ db }: Pick<Deps, 'db'>, actor: Actor, from: string, to: string): Promise<void> {
  const ends = await db
    .select({ slug: namespaces.slug, ban: banOver(sql`"namespaces"."slug"`).as('ban') })
    .from(namespaces)
    .where(inArray(namespaces.slug, [from, to]));
  if (!ends.some(({ slug }) => slug === to)) {
    throw new Problem('not_found', `There is no namespace '${to}'.`, { fix: 'Check its spelling.' });
  }
  if (actor.kind === 'operator') return;
  for (const { slug, ban } of ends) {
    const held = readBan(ban);
    if (!held) continue;
    const mayKnowMaker = canRead(actor, slug) || (actor.kind === 'key' && actor.moderator);
    throw new Problem('state_conflict', `${banSentence(slug, mayKnowMaker ? held.namespace : slug)}.`, {
      fix: 'No skill enters or leaves it before the ban has ended.',
    });
  }
}

async function requireFreeName(
  { db }: Pick<Deps, 'db'>,
  actor: Actor,
  skill: TransferredSkill,
  to: string,
): Promise<Room> {
  const { id, name } = skill;
  const [other] = await db
    .select()
    .from(skills)
    .where(and(eq(skills.namespace, to), eq(skills.name, name), ne(skills.id, id)));
  const [former] = await db
    .select({ slug: skillAliases.slug, skill: skills })
    .from(skillAliases)
    .innerJoin(skills, eq(skills.id, skillAliases.skillId))
    .where(and(eq(skillAliases.namespace, to), eq(skillAliases.name, name)));
  const returns = former?.skill.id === id;
  if (other && isKnown(other, actor)) throw taken(to, name, 'has a skill of that name');
  if (former && !returns && isKnown(former.skill, actor)) {
    throw taken(to, name, 'had a skill of that name, which still leads to it');
  }
  return { returns, formerSlug: returns ? former.slug : null };
}

/** Whether the actor is told of the skill elsewhere. */
function isKnown(skill: SkillRow, actor: Actor): boolean {
  const hasNothing = skill.latestVersionId === null && skill.mergedInto === null;
  return isVisible(skill, actor) && (!hasNothing || canRead(actor, skill.namespace));
}

function taken(to: string, name: string, what: string): Problem {
  return new Problem('state_conflict', `'${to}' ${what}: ${name}.`, { fix: 'Rename the skill first.' });
}
