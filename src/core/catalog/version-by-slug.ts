import { eq } from 'drizzle-orm';
import { skills } from '../../db/schema/catalog.ts';
import { isVersion } from '../../format/semver.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { requireReadable } from './card.ts';
import { findBySlug } from './find-by-slug.ts';
import { type FoundVersion, getVersion, readVersions, whichVersion } from './get-version.ts';

/**
 * A version of the skill behind a flat slug. One statement where the skill has the slug now and the version is there;
 * else `findBySlug` and `getVersion` decide.
 *
 * @param version as `getVersion` takes it
 * @throws Problem as these two do
 */
export async function getVersionBySlug(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  slug: string,
  version: string,
): Promise<FoundVersion> {
  const which = whichVersion(version);
  const [row] = which ? await readVersions(deps, eq(skills.slug, slug), which) : [];
  const isShown = row?.skill.hiddenAt === null && row.skill.latestVersionId !== null;
  if (isShown) requireReadable({ ...row.skill, slug }, actor);
  if (isShown && row.version) return { skill: row.skill, version: row.version, pinned: isVersion(version) };
  const { namespace, name } = await findBySlug(deps, actor, slug);
  return getVersion(deps, actor, { namespace, name, version });
}
