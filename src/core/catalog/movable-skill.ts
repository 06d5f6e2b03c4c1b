import { and, eq, inArray, isNull, type SQL, sql } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { upTo } from '../../db/up-to.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { hiddenSkill, noSuchSkill, type SkillRow } from './find-skill.ts';

/**
 * Passes for a skill whose names can be given to something else: one that was published, is shown and not merged, and
 * has no version that waits to be vetted. Such a version is made for the name that it came under.
 *
 * @throws Problem `not_found` for one that is hidden or was never published, `state_conflict`
 */
export async function requireMovable({ db }: Pick<Deps, 'db'>, skill: SkillRow): Promise<void> {
  const { namespace, name } = skill;
  if (skill.hiddenAt !== null) throw hiddenSkill(skill);
  if (skill.slug === null) throw noSuchSkill(namespace, name);
  if (skill.mergedInto !== null) {
    throw new Problem('state_conflict', `@${namespace}/${name} was merged into another skill already.`, {
      fix: 'Its name leads there; name that skill instead.',
    });
  }
  const [pending] = await db
    .select({ version: versions.version })
    .from(versions)
    .where(and(eq(versions.skillId, skill.id), inArray(versions.state, ['pending', 'quarantined'])))
    .limit(upTo(1));
  if (!pending) return;
  const label = `@${namespace}/${name}@${pending.version}`;
  throw new Problem('state_conflict', `${label} is being vetted, or held back, under this name.`, {
    fix: 'Try again when that is done.',
  });
}

/** The condition under which `requireMovable` still holds, and the skill is still called what it was when it was read. */
export function isMovable({ id, namespace, name, slug }: SkillRow): SQL | undefined {
  return and(
    eq(skills.id, id),
    eq(skills.namespace, namespace),
    eq(skills.name, name),
    sql`${skills.slug} is ${slug}`,
    isNull(skills.hiddenAt),
    isNull(skills.mergedInto),
    sql`not exists (select 1 from versions as waiting where waiting.skill_id = ${id} and waiting.state in ('pending', 'quarantined'))`,
  );
}

/** What a change answers that did nothing because the skill changed under its hands. */
export function changedMeanwhile({ namespace, name }: SkillRow): Problem {
  return new Problem('state_conflict', `@${namespace}/${name} changed in the meantime.`, { fix: 'Try again.' });
}
