import { and, eq } from 'drizzle-orm';
import { versions } from '../../db/schema/catalog.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import { Problem } from '../problem.ts';
import { findByRef, type OwnedRef } from './find-by-ref.ts';
import { hiddenSkill } from './find-skill.ts';
import { unyankVersion, type YankDeps, yankVersion } from './yank-version.ts';

/**
 * Yanks a version that is not the latest one: for clients that promise their users that `latest` never goes back.
 * Needs `publish`.
 *
 * @returns whether it was published until now
 * @throws Problem as `yankVersion` does, and `state_conflict` for the latest version
 */
export async function withdrawVersion(
  deps: YankDeps,
  actor: Actor,
  ref: OwnedRef & { version: string },
): Promise<boolean> {
  const skill = await findByRef(deps, actor, ref);
  const { namespace, name } = skill;
  authorize(actor, 'publish', namespace);
  if (skill.hiddenAt !== null) throw hiddenSkill(skill);
  const [named] = await deps.db
    .select({ id: versions.id })
    .from(versions)
    .where(and(eq(versions.skillId, skill.id), eq(versions.version, ref.version), eq(versions.state, 'published')));
  if (named && named.id === skill.latestVersionId) {
    throw new Problem('state_conflict', `${ref.version} is the latest version of @${namespace}/${name}.`, {
      fix: 'Publish its replacement first, or delete the whole skill.',
    });
  }
  return yankVersion(deps, actor, { namespace, name, version: ref.version });
}

/**
 * Brings a yanked version back. Needs `publish`.
 *
 * @returns whether it was yanked until now
 * @throws Problem as `unyankVersion` does
 */
export async function restoreVersion(
  deps: YankDeps,
  actor: Actor,
  ref: OwnedRef & { version: string },
): Promise<boolean> {
  const { namespace, name } = await findByRef(deps, actor, ref);
  return unyankVersion(deps, actor, { namespace, name, version: ref.version });
}
