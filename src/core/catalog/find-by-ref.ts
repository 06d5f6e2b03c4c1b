import { and, eq, or, type SQL, sql } from 'drizzle-orm';
import { skillAliases, skills } from '../../db/schema/catalog.ts';
import { upTo } from '../../db/up-to.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { followMerge, hiddenSkill, isVisible, noSuchSkill, type SkillRow } from './find-skill.ts';

/** A skill as those clients name it that know flat slugs: alone, or beside its owner, then also by its bare name. */
export interface OwnedRef {
  slug: string;
  /** A namespace. */
  owner?: string;
}

/**
 * The skill that a change is meant for, in whatever state it is; of a merged one the old skill itself. A slug without an
 * owner means the skill that has or had it hub-wide, else the one of that name in the actor's own namespace. It need not
 * be in the namespace that the reference names any more.
 *
 * @throws Problem `not_found`
 */
export async function findByRef(deps: Pick<Deps, 'db'>, actor: Actor, ref: OwnedRef): Promise<SkillRow> {
  const found = await deps.db.select().from(skills).where(isMeant(actor, ref));
  const namespace = ref.owner ?? ownNamespace(actor);
  const skill = pickMeant(found, actor, ref) ?? pick(await former(deps, ref, namespace), actor, ref.slug);
  if (!skill) throw noSuchSkill(namespace ?? '', ref.slug);
  return skill;
}

/**
 * The same for what has to be there for everybody who may read it; of a merged one the skill that took its place.
 *
 * @throws Problem `not_found` also for a skill that is hidden or has no published version
 */
export async function findShownByRef(deps: Pick<Deps, 'db'>, actor: Actor, ref: OwnedRef): Promise<SkillRow> {
  const named = await findByRef(deps, actor, ref);
  if (named.hiddenAt !== null) throw hiddenSkill(named);
  const skill = await followMerge(deps, actor, named);
  if (!skill || skill.latestVersionId === null) throw noSuchSkill(named.namespace, named.name);
  return skill;
}

/**
 * Beside a namespace of the actor's own, who had the slug comes with the same statement: it goes before a skill there
 * that has the name, as it did while it still had the slug. It never finds more than three skills, so statements need no
 * limit: as a parameter, it would let SQLite plan them twice.
 */
export function isMeant(actor: Actor, { slug, owner }: OwnedRef): SQL | undefined {
  const own = ownNamespace(actor);
  const bySlug = eq(skills.slug, slug);
  if (owner !== undefined) return or(isNamed(owner, slug), and(bySlug, eq(skills.namespace, owner)));
  if (own === undefined) return bySlug;
  const hadSlug = sql`(select ${skillAliases.skillId} from ${skillAliases} where ${skillAliases.slug} = ${slug})`;
  return or(bySlug, eq(skills.id, hadSlug), isNamed(own, slug));
}

/** Which of the skills that `isMeant` found is the one, if the actor may see any. */
export function pickMeant(found: SkillRow[], actor: Actor, { slug, owner }: OwnedRef): SkillRow | undefined {
  return pick(found, actor, slug, owner ?? ownNamespace(actor));
}

const ownNamespace = (actor: Actor) => (actor.kind === 'key' ? actor.namespace : undefined);

const isNamed = (namespace: string, name: string) => and(eq(skills.namespace, namespace), eq(skills.name, name));

/** Of those that the actor may see: who has the slug, before who had it, before who only has it for a name. */
function pick(found: SkillRow[], actor: Actor, slug: string, namespace?: string): SkillRow | undefined {
  const visible = found.filter((skill) => isVisible(skill, actor));
  const hasName = (skill: SkillRow) => skill.namespace === namespace && skill.name === slug;
  return visible.find((skill) => skill.slug === slug) ?? visible.find((skill) => !hasName(skill)) ?? visible[0];
}

/** The skills that were called so once; who had the hub-wide slug first. */
async function former(
  { db }: Pick<Deps, 'db'>,
  { slug, owner }: OwnedRef,
  namespace: string | undefined,
): Promise<SkillRow[]> {
  const hadSlug = eq(skillAliases.slug, slug);
  const hadName =
    namespace === undefined ? undefined : and(eq(skillAliases.namespace, namespace), eq(skillAliases.name, slug));
  const rows = await db
    .select({ skill: skills, alias: skillAliases.slug })
    .from(skillAliases)
    .innerJoin(skills, eq(skills.id, skillAliases.skillId))
    .where(or(hadName, owner === undefined ? hadSlug : and(hadSlug, eq(skillAliases.namespace, owner))))
    .limit(upTo(2));
  return rows.sort((a, b) => Number(b.alias === slug) - Number(a.alias === slug)).map(({ skill }) => skill);
}

/**
 * The id of what `findShownByRef` finds, as an expression: null where there is nothing. Each lookup is by index. Whether the
 * actor may see it is not asked.
 */
export function idByRef(actor: Actor, slug: SQL, owner: SQL): SQL<number> {
  const own = ownNamespace(actor) ?? null;
  const renamed = sql`from skill_aliases as former inner join skills as renamed on renamed.id = former.skill_id`;
  return sql`coalesce(
    (select coalesce(flat.merged_into, flat.id) from skills as flat
      where flat.slug = ${slug} and (${owner} is null or flat.namespace = ${owner})),
    (select coalesce(renamed.merged_into, renamed.id) ${renamed}
      where former.slug = ${slug} and (${owner} is null or former.namespace = ${owner})),
    (select coalesce(named.merged_into, named.id) from skills as named
      where named.namespace = coalesce(${owner}, ${own}) and named.name = ${slug}),
    (select coalesce(renamed.merged_into, renamed.id) ${renamed}
      where former.namespace = coalesce(${owner}, ${own}) and former.name = ${slug}))`;
}
