import { and, eq, sql } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { FormatError } from '../../format/format-error.ts';
import { isVersion, maxSatisfying } from '../../format/semver.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { findSkill, hiddenSkill, isSkill, isVisible, noSuchSkill, type Skill } from './find-skill.ts';

export type Version = typeof versions.$inferSelect;

/** Lets SQLite see that the partial index over version numbers holds every row that is looked for. */
const NOT_REJECTED = sql`${versions.state} <> 'rejected'`;

type Wanted = { namespace: string; name: string; version: string };

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
export async function getVersion(deps: Pick<Deps, 'db'>, actor: Actor, wanted: Wanted): Promise<FoundVersion> {
  const { namespace, name } = wanted;
  const pinned = isVersion(wanted.version);
  const number = pinned || wanted.version === 'latest' ? wanted.version : await resolve(deps, actor, wanted);
  const which = number === 'latest' ? eq(versions.id, skills.latestVersionId) : eq(versions.version, number);
  // One statement for both rows: each costs a round trip to the database.
  const [found] = await deps.db
    .select({ skill: skills, version: versions })
    .from(skills)
    .leftJoin(versions, and(eq(versions.skillId, skills.id), which, eq(versions.state, 'published'), NOT_REJECTED))
    .where(isSkill(namespace, name));
  if (!found || !isVisible(found.skill, actor)) throw noSuchSkill(namespace, name);
  if (found.skill.hiddenAt !== null) throw hiddenSkill(namespace, name);
  const { version } = found;
  const { latestVersionId } = found.skill;
  if (latestVersionId === null) throw noSuchSkill(namespace, name);
  if (!version) throw await noSuchVersion(deps, found.skill.id, wanted);
  return { skill: { ...found.skill, latestVersionId }, version, pinned };
}

/** A yanked number is told from one that never was. */
async function noSuchVersion(deps: Pick<Deps, 'db'>, skillId: number, wanted: Wanted): Promise<Problem> {
  const [yanked] = await deps.db
    .select({ id: versions.id })
    .from(versions)
    .where(and(eq(versions.skillId, skillId), eq(versions.version, wanted.version), eq(versions.state, 'yanked')));
  return new Problem('not_found', `@${wanted.namespace}/${wanted.name} has no version ${wanted.version}.`, {
    fix: 'It may have been yanked, or never published; list the versions.',
    missing: 'version',
    gone: yanked && 'withdrawn',
  });
}

async function resolve(deps: Pick<Deps, 'db'>, actor: Actor, wanted: Wanted): Promise<string> {
  const skill = await findSkill(deps, actor, wanted.namespace, wanted.name);
  const published = await deps.db
    .select({ version: versions.version })
    .from(versions)
    .where(and(eq(versions.skillId, skill.id), eq(versions.state, 'published')));
  const best = bestOf(
    published.map(({ version }) => version),
    wanted.version,
  );
  if (best !== undefined) return best;
  throw new Problem('not_found', `No version of @${skill.namespace}/${skill.name} satisfies '${wanted.version}'.`, {
    fix: 'List the versions, or widen the range.',
    missing: 'version',
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
