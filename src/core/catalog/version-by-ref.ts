import type { SQL } from 'drizzle-orm';
import { isVersion } from '../../format/semver.ts';
import { checkTag } from '../../format/version-tag.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { findShownByRef, isMeant, type OwnedRef, pickMeant } from './find-by-ref.ts';
import { howToList, type SkillRow } from './find-skill.ts';
import { type FoundVersion, getVersion, readVersions, type Version, whichVersion } from './get-version.ts';

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
      fix: howToList({ namespace, name }),
      missing: 'version',
    });
  }
  return { namespace, name, version: version ?? tag ?? 'latest' };
}

/**
 * A version that is named by flat slug and tag, as `getVersion` finds it.
 *
 * @throws Problem as `locateVersion` and `getVersion` do
 */
export async function getVersionByRef(deps: Pick<Deps, 'db'>, actor: Actor, ref: VersionRef): Promise<FoundVersion> {
  const found = await findAtOnce(actor, ref, (skill, version) => readVersions(deps, skill, version));
  return found ?? getVersion(deps, actor, await locateVersion(deps, actor, ref));
}

/**
 * The usual case in one statement: a skill that is called so now and is shown. Nothing where that is not so, whatever the
 * reason.
 *
 * @param read answers with skills, each with the version that is meant or null
 */
export async function findAtOnce<Row extends { skill: SkillRow; version: Version | null }>(
  actor: Actor,
  { version: number, tag, ...ref }: VersionRef,
  read: (skill: SQL | undefined, version: SQL) => Promise<Row[]>,
): Promise<(Row & FoundVersion) | undefined> {
  if (tag !== undefined && (number !== undefined || checkTag(tag) !== undefined)) return undefined;
  const wanted = number ?? tag ?? 'latest';
  const which = whichVersion(wanted);
  if (!which) return undefined;
  const rows = await read(isMeant(actor, ref), which);
  const candidates = rows.map(({ skill }) => skill);
  const skill = pickMeant(candidates, actor, ref);
  const row = rows.find((each) => each.skill === skill);
  const isPlain = skill?.hiddenAt === null && skill.mergedInto === null && skill.latestVersionId !== null;
  return isPlain && row?.version ? { ...row, version: row.version, pinned: isVersion(wanted) } : undefined;
}
