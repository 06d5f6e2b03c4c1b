import { and, eq } from 'drizzle-orm';
import { versions } from '../../db/schema/catalog.ts';
import { FormatError } from '../../format/format-error.ts';
import { isVersion, maxSatisfying } from '../../format/semver.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { findSkill, type Skill } from './find-skill.ts';

export type Version = typeof versions.$inferSelect;

export interface FoundVersion {
  skill: Skill;
  version: Version;
  /** True when the caller named the version itself, so that the answer can never mean another one. */
  pinned: boolean;
}

/**
 * A published version by its number, by `latest`, or by a semver range (the highest that satisfies it).
 *
 * @throws Problem `invalid_request` for what is none of these, `not_found` for what is unknown, private or yanked
 */
export async function getVersion(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  wanted: { namespace: string; name: string; version: string },
): Promise<FoundVersion> {
  const skill = await findSkill(deps, actor, wanted.namespace, wanted.name);
  const pinned = isVersion(wanted.version);
  const which =
    wanted.version === 'latest'
      ? eq(versions.id, skill.latestVersionId)
      : eq(versions.version, await resolve(deps, skill, wanted.version));
  const [version] = await deps.db
    .select()
    .from(versions)
    .where(and(eq(versions.skillId, skill.id), which, eq(versions.state, 'published')));
  if (!version) {
    throw new Problem('not_found', `@${skill.namespace}/${skill.name} has no version ${wanted.version}.`, {
      fix: 'It may have been yanked, or never published; list the versions.',
    });
  }
  return { skill, version, pinned };
}

async function resolve(deps: Pick<Deps, 'db'>, skill: Skill, wanted: string): Promise<string> {
  if (isVersion(wanted)) return wanted;
  const published = await deps.db
    .select({ version: versions.version })
    .from(versions)
    .where(and(eq(versions.skillId, skill.id), eq(versions.state, 'published')));
  const best = bestOf(
    published.map(({ version }) => version),
    wanted,
  );
  if (best !== undefined) return best;
  throw new Problem('not_found', `No version of @${skill.namespace}/${skill.name} satisfies '${wanted}'.`, {
    fix: 'List the versions, or widen the range.',
  });
}

function bestOf(published: string[], range: string): string | undefined {
  try {
    return maxSatisfying(published, range);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new Problem('invalid_request', error.message, { fix: error.fix }, { cause: error });
  }
}
