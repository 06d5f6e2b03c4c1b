import { and, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm';
import { skillAliases, skills } from '../../db/schema/catalog.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { noSuchSlug, requireReadable } from './card.ts';

/**
 * The skill behind a flat slug, exactly as it is spelt, or behind one that it had before; behind that of a merged skill
 * the one that took its place. `slug` is what was asked for.
 *
 * @throws Problem `not_found` also for a skill that is hidden or has no published version, `forbidden` for a private one
 */
export async function findBySlug(deps: Pick<Deps, 'db'>, actor: Actor, slug: string) {
  const skill = await findAnyoneBySlug(deps, slug);
  requireReadable(skill, actor);
  return skill;
}

/** The same for whoever asks, so that a slug that leads nowhere is told before anybody is asked for a key. */
export async function findAnyoneBySlug({ db }: Pick<Deps, 'db'>, slug: string) {
  const shown = and(isNotNull(skills.latestVersionId), isNull(skills.hiddenAt));
  const read = (which: SQL) =>
    db
      .select({
        id: skills.id,
        namespace: skills.namespace,
        name: skills.name,
        visibility: skills.visibility,
        latestVersionId: skills.latestVersionId,
      })
      .from(skills)
      .where(and(which, shown));
  const [direct] = await read(eq(skills.slug, slug));
  const [skill] = direct ? [direct] : await read(hadSlug(slug));
  if (!skill) throw noSuchSlug(slug);
  return { ...skill, slug };
}

/** The condition that finds the skill that a slug leads to when no shown skill has it. */
export function hadSlug(slug: string): SQL {
  const one = sql`former.slug = ${slug}`;
  return sql`${skills.id} = coalesce(
    (select former.merged_into from ${skills} as former where ${one} and former.hidden_at is null),
    (select coalesce(renamed.merged_into, renamed.id) from ${skillAliases} as former
      inner join ${skills} as renamed on renamed.id = former.skill_id
      where ${one} and (renamed.merged_into is null or renamed.hidden_at is null)))`;
}
