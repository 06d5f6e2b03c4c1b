import { and, eq } from 'drizzle-orm';
import { stars } from '../../db/schema/faces.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { findShownByRef, type OwnedRef } from './find-by-ref.ts';
import { staleTags } from './keys.ts';

type StarDeps = Pick<Deps, 'db' | 'clock' | 'cache'>;

/**
 * Stars a skill in the name of the key's namespace, once. Needs `read`.
 *
 * @returns whether it had no star of theirs until now
 * @throws Problem `unauthorized`, `forbidden` for a key that may not read and for an operator, `not_found`
 */
export async function starSkill(deps: StarDeps, actor: Actor, ref: OwnedRef): Promise<boolean> {
  const namespace = fan(actor);
  const skill = await findShownByRef(deps, actor, ref);
  const added = await deps.db
    .insert(stars)
    .values({ skillId: skill.id, namespace, createdAt: deps.clock.now() })
    .onConflictDoNothing()
    .returning({ skillId: stars.skillId });
  if (added.length > 0) deps.cache.forget(staleTags(skill.namespace, skill.name));
  return added.length > 0;
}

/**
 * Takes the star of the key's namespace back. Needs `read`.
 *
 * @returns whether there was one
 * @throws Problem `unauthorized`, `forbidden` for a key that may not read and for an operator, `not_found`
 */
export async function unstarSkill(deps: StarDeps, actor: Actor, ref: OwnedRef): Promise<boolean> {
  const namespace = fan(actor);
  const skill = await findShownByRef(deps, actor, ref);
  const removed = await deps.db
    .delete(stars)
    .where(and(eq(stars.skillId, skill.id), eq(stars.namespace, namespace)))
    .returning({ skillId: stars.skillId });
  if (removed.length > 0) deps.cache.forget(staleTags(skill.namespace, skill.name));
  return removed.length > 0;
}

/** In whose name the actor stars. @throws Problem `unauthorized`, `forbidden` */
export function fan(actor: Actor): string {
  if (actor.kind === 'operator') {
    throw new Problem('forbidden', 'Stars are given in the name of a namespace, and the operator has none.', {
      fix: 'Use a key of a namespace.',
    });
  }
  const namespace = actor.kind === 'key' ? actor.namespace : '';
  authorize(actor, 'read', namespace);
  return namespace;
}
