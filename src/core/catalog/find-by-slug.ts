import { and, eq, isNotNull, isNull } from 'drizzle-orm';
import { skills } from '../../db/schema/catalog.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { noSuchSlug, requireReadable } from './card.ts';

/**
 * The skill behind a flat slug, exactly as it is spelt.
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
  const [skill] = await db
    .select({ id: skills.id, namespace: skills.namespace, name: skills.name, visibility: skills.visibility })
    .from(skills)
    .where(and(eq(skills.slug, slug), isNotNull(skills.latestVersionId), isNull(skills.hiddenAt)));
  if (!skill) throw noSuchSlug(slug);
  return { ...skill, slug };
}
