import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { skills } from '../../db/schema/catalog.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { findByRef, type OwnedRef } from './find-by-ref.ts';
import { staleTags } from './keys.ts';
import { refreshSearchRow } from './latest-version.ts';
import { nextUpdate } from './update-time.ts';

type HideDeps = Pick<Deps, 'db' | 'clock' | 'cache' | 'log'>;

/**
 * Takes a skill with all its versions out of every list, search and download until it is shown again. Its names and
 * version numbers stay taken. Needs `publish`. Hiding it twice changes nothing.
 *
 * @throws Problem `unauthorized`, `forbidden`, `not_found`
 */
export function hideSkill(deps: HideDeps, actor: Actor, ref: OwnedRef): Promise<void> {
  return move(deps, actor, ref, deps.clock.now());
}

/**
 * Shows a hidden skill again, just as it was. Needs `publish`. Of one that is not hidden nothing changes.
 *
 * @throws Problem `unauthorized`, `forbidden`, `not_found`
 */
export function showSkill(deps: HideDeps, actor: Actor, ref: OwnedRef): Promise<void> {
  return move(deps, actor, ref, null);
}

async function move(deps: HideDeps, actor: Actor, ref: OwnedRef, hiddenAt: number | null): Promise<void> {
  const { db } = deps;
  const skill = await findByRef(deps, actor, ref);
  authorize(actor, 'publish', skill.namespace);
  const changes = hiddenAt === null ? isNotNull(skills.hiddenAt) : isNull(skills.hiddenAt);
  await db.batch([
    db
      .update(skills)
      .set({ hiddenAt, updatedAt: nextUpdate(deps.clock.now()) })
      .where(and(eq(skills.id, skill.id), changes)),
    ...refreshSearchRow(db, skill.id, sql`1`),
  ]);
  deps.cache.forget(staleTags(skill.namespace, skill.name));
  deps.log.info(hiddenAt === null ? 'skill.shown' : 'skill.hidden', { namespace: skill.namespace, name: skill.name });
}
