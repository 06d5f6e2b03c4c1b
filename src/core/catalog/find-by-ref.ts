import { and, eq, or } from 'drizzle-orm';
import { skills } from '../../db/schema/catalog.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { hiddenSkill, isVisible, noSuchSkill } from './find-skill.ts';

/** A skill as those clients name it that know flat slugs: alone, or beside its owner, then also by its bare name. */
export interface OwnedRef {
  slug: string;
  /** A namespace. */
  owner?: string;
}

type SkillRow = typeof skills.$inferSelect;

/**
 * The skill that a change is meant for, in whatever state it is. A slug without an owner means the skill that has it
 * hub-wide, else the one of that name in the actor's own namespace.
 *
 * @throws Problem `not_found`
 */
export async function findByRef(deps: Pick<Deps, 'db'>, actor: Actor, ref: OwnedRef): Promise<SkillRow> {
  const own = actor.kind === 'key' ? actor.namespace : undefined;
  const isNamed = (namespace: string) => and(eq(skills.namespace, namespace), eq(skills.name, ref.slug));
  const bySlug = eq(skills.slug, ref.slug);
  const condition =
    ref.owner === undefined
      ? or(bySlug, own === undefined ? undefined : isNamed(own))
      : or(isNamed(ref.owner), and(bySlug, eq(skills.namespace, ref.owner)));
  const found = await deps.db.select().from(skills).where(condition).limit(2);
  const visible = found.filter((skill) => isVisible(skill, actor));
  const skill = visible.find(({ slug }) => slug === ref.slug) ?? visible[0];
  if (!skill) throw noSuchSkill(ref.owner ?? own ?? '', ref.slug);
  return skill;
}

/**
 * The same for what has to be there for everybody who may read it.
 *
 * @throws Problem `not_found` also for a skill that is hidden or has no published version
 */
export async function findShownByRef(deps: Pick<Deps, 'db'>, actor: Actor, ref: OwnedRef): Promise<SkillRow> {
  const skill = await findByRef(deps, actor, ref);
  if (skill.hiddenAt !== null) throw hiddenSkill(skill.namespace, skill.name);
  if (skill.latestVersionId === null) throw noSuchSkill(skill.namespace, skill.name);
  return skill;
}
