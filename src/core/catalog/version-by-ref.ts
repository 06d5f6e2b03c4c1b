import { checkTag } from '../../format/version-tag.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { findShownByRef, type OwnedRef } from './find-by-ref.ts';

/** Which version of a skill: a number (or a range), a tag, or the latest when neither is given. */
export interface VersionRef extends OwnedRef {
  version?: string;
  tag?: string;
}

/**
 * A version that is named by flat slug and tag, named as every other use case wants it.
 *
 * @throws Problem `not_found` also for what cannot be a tag, `invalid_request` for a version beside a tag
 */
export async function locateVersion(deps: Pick<Deps, 'db'>, actor: Actor, ref: VersionRef) {
  const { version, tag } = ref;
  if (version !== undefined && tag !== undefined) {
    throw new Problem('invalid_request', 'Both a version and a tag are given.', { fix: 'Give one of them.' });
  }
  const { namespace, name } = await findShownByRef(deps, actor, ref);
  if (tag !== undefined && checkTag(tag) !== undefined) {
    throw new Problem('not_found', `@${namespace}/${name} has no tag '${tag}'.`, {
      fix: 'List the versions and their tags.',
      missing: 'version',
    });
  }
  return { namespace, name, version: version ?? tag ?? 'latest' };
}
