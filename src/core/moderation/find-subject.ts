import { eq } from 'drizzle-orm';
import { namespaces } from '../../db/schema/accounts.ts';
import { skills } from '../../db/schema/catalog.ts';
import { isSkill, noSuchSkill, type SkillRow, wasSkill } from '../catalog/find-skill.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';

/**
 * A skill by its name or a former one, in whatever state it is: for decisions about it, after the actor was checked.
 *
 * @throws Problem `invalid_request`, `not_found`
 */
export async function findSubject({ db }: Pick<Deps, 'db'>, namespace: string, name: string): Promise<SkillRow> {
  const [direct] = await db.select().from(skills).where(isSkill(namespace, name));
  const [skill] = direct ? [direct] : await db.select().from(skills).where(wasSkill(namespace, name));
  if (!skill) throw noSuchSkill(namespace, name);
  return skill;
}

/** The row of a namespace. @throws Problem `not_found` */
export async function findNamespace({ db }: Pick<Deps, 'db'>, slug: string): Promise<typeof namespaces.$inferSelect> {
  const [found] = await db.select().from(namespaces).where(eq(namespaces.slug, slug));
  if (!found) throw new Problem('not_found', `There is no namespace '${slug}'.`, { fix: 'Check its spelling.' });
  return found;
}
