import { sql } from 'drizzle-orm';
import { skillAliases, skills } from '../../db/schema/catalog.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';

/**
 * Passes when the name does not lead to another skill: one that was renamed or given away, or that took the place of
 * this one. Such a name takes no new versions.
 *
 * @throws Problem `state_conflict`, which names the other skill unless it is another namespace's private one
 */
export async function requireOwnName(
  { db }: Pick<Deps, 'db'>,
  { namespace, name }: { namespace: string; name: string },
): Promise<void> {
  const former = sql`former.namespace = ${namespace} and former.name = ${name}`;
  const [other] = await db
    .select({ namespace: skills.namespace, name: skills.name, visibility: skills.visibility })
    .from(skills)
    .where(
      sql`${skills.id} = coalesce(
        (select coalesce(renamed.merged_into, renamed.id) from ${skillAliases} as former
          inner join ${skills} as renamed on renamed.id = former.skill_id where ${former}),
        (select former.merged_into from ${skills} as former where ${former}))`,
    );
  if (!other) return;
  const isKnown = other.visibility === 'public' || other.namespace === namespace;
  const label = isKnown ? `@${other.namespace}/${other.name}` : 'another skill';
  throw new Problem('state_conflict', `The name @${namespace}/${name} leads to ${label} now.`, {
    fix: isKnown ? `Change the name in SKILL.md to '${other.name}', and publish it there.` : 'Choose another name.',
  });
}
