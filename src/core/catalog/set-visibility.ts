import { and, eq, sql } from 'drizzle-orm';
import { rowExists } from '../../db/row-exists.ts';
import { skills, type Visibility } from '../../db/schema/catalog.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { requireDistinctName } from '../vetting/distinct-name.ts';
import { indexName } from '../vetting/similar-names.ts';
import { findAnySkill } from './find-skill.ts';
import { staleTags } from './keys.ts';
import { refreshSearchRow } from './latest-version.ts';
import { nextUpdate } from './update-time.ts';

/**
 * Makes a skill public or private, with all its versions. Needs `admin`. Copies that others already hold, or that a
 * shared cache keeps, are out of the hub's reach.
 *
 * @throws Problem `unauthorized`, `forbidden`, `not_found`, `state_conflict` when the name is too close to another
 * namespace's public skill: a private skill was never compared
 */
export async function setVisibility(
  deps: Pick<Deps, 'db' | 'clock' | 'cache' | 'settings'>,
  actor: Actor,
  subject: { namespace: string; name: string; visibility: Visibility },
): Promise<void> {
  const { db } = deps;
  const skill = await findAnySkill(deps, actor, subject.namespace, subject.name);
  authorize(actor, 'admin', skill.namespace);
  if (subject.visibility === 'public' && skill.visibility === 'private') await requireDistinctName(deps, skill);
  const here = and(eq(skills.id, skill.id), eq(skills.visibility, subject.visibility));
  const set = rowExists(db, skills, here);
  const update = db
    .update(skills)
    .set({ visibility: subject.visibility, updatedAt: nextUpdate(deps.clock.now()) })
    .where(eq(skills.id, skill.id));
  const refresh = refreshSearchRow(db, skill.id, set);
  const isPublic = subject.visibility === 'public' ? set : sql`0`;
  await db.batch([update, ...refresh, ...indexName(deps, skill.name, isPublic)]);
  deps.cache.forget(staleTags(skill.namespace, skill.name));
}
