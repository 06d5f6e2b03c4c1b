import { and, eq, type SQL, sql } from 'drizzle-orm';
import { skills, versions, versionTags } from '../../db/schema/catalog.ts';
import { FormatError } from '../../format/format-error.ts';
import { isVersion, maxSatisfying } from '../../format/semver.ts';
import { checkTag } from '../../format/version-tag.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import {
  findSkill,
  hiddenSkill,
  howToList,
  isSkill,
  isVisible,
  noSuchSkill,
  type SkillRow,
  wasSkill,
} from './find-skill.ts';

export type Version = typeof versions.$inferSelect;

/** Lets SQLite see that the partial index over version numbers holds every row that is looked for. */
const NOT_REJECTED = sql`${versions.state} <> 'rejected'`;

type Wanted = { namespace: string; name: string; version: string };

export interface FoundVersion {
  /** As it is called now, whatever name it was asked for by. */
  skill: SkillRow;
  version: Version;
  /** True when the caller named the version itself, so that the answer can never mean another one. */
  pinned: boolean;
}

/**
 * A published version by its number, by `latest` or another tag, or by a semver range (the highest that satisfies it).
 * The skill may be named as it was before. Of a merged one a number still means its own version, for lock files;
 * everything else means the skill that took its place.
 *
 * @throws Problem `invalid_request` for what is none of these, `not_found` for what is unknown, private or yanked
 */
export async function getVersion(deps: Pick<Deps, 'db'>, actor: Actor, wanted: Wanted): Promise<FoundVersion> {
  const { namespace, name } = wanted;
  const pinned = isVersion(wanted.version);
  const which = whichVersion(wanted.version);
  if (!which) return satisfying(deps, actor, wanted);
  const named =
    (await read(deps, isSkill(namespace, name), which)) ?? (await read(deps, wasSkill(namespace, name), which));
  requireShown(named?.skill, actor, wanted);
  const follows = !pinned && named?.skill.mergedInto ? eq(skills.id, named.skill.mergedInto) : undefined;
  const found = follows ? await read(deps, follows, which) : named;
  const skill = requireShown(found?.skill, actor, wanted);
  if (skill.latestVersionId === null && skill.mergedInto === null) throw noSuchSkill(namespace, name);
  if (!found?.version) throw await noSuchVersion(deps, skill, wanted.version);
  return { skill, version: found.version, pinned };
}

/** Which version of a skill a number or a tag names; nothing for what is neither. */
export function whichVersion(tag: string): SQL | undefined {
  if (isVersion(tag)) return eq(versions.version, tag);
  if (tag === 'latest') return eq(versions.id, skills.latestVersionId);
  if (checkTag(tag) !== undefined) return undefined;
  return sql`${versions.id} = (select ${versionTags.versionId} from ${versionTags}
    where ${versionTags.skillId} = ${skills.id} and ${versionTags.tag} = ${tag})`;
}

async function read(deps: Pick<Deps, 'db'>, skill: SQL | undefined, version: SQL) {
  const [found] = await readVersions(deps, skill, version);
  return found;
}

/**
 * Skills, each with the published version that is meant, or null. One statement for both rows: each costs a round trip to
 * the database.
 *
 * @param version of `whichVersion`
 */
export function readVersions({ db }: Pick<Deps, 'db'>, skill: SQL | undefined, version: SQL) {
  return db
    .select({ skill: skills, version: versions })
    .from(skills)
    .leftJoin(versions, isPublished(version))
    .where(skill);
}

/** Joins `versions` to `skills`: the published version that is meant. @param version of `whichVersion` */
export function isPublished(version: SQL): SQL | undefined {
  return and(eq(versions.skillId, skills.id), version, eq(versions.state, 'published'), NOT_REJECTED);
}

function requireShown(skill: SkillRow | undefined, actor: Actor, { namespace, name }: Wanted): SkillRow {
  if (!skill || !isVisible(skill, actor)) throw noSuchSkill(namespace, name);
  if (skill.hiddenAt !== null) throw hiddenSkill(skill);
  return skill;
}

/** A yanked number is told from one that never was. */
async function noSuchVersion(deps: Pick<Deps, 'db'>, { id, namespace, name }: SkillRow, wanted: string) {
  if (!isVersion(wanted)) {
    return new Problem('not_found', `@${namespace}/${name} has no version tagged '${wanted}'.`, {
      fix: `It may have been yanked. ${howToList({ namespace, name })}`,
      missing: 'version',
    });
  }
  const [yanked] = await deps.db
    .select({ id: versions.id })
    .from(versions)
    .where(and(eq(versions.skillId, id), eq(versions.version, wanted), eq(versions.state, 'yanked')));
  return new Problem('not_found', `@${namespace}/${name} has no version ${wanted}.`, {
    fix: `It may have been yanked, or never published. ${howToList({ namespace, name })}`,
    missing: 'version',
    gone: yanked && 'withdrawn',
  });
}

async function satisfying(deps: Pick<Deps, 'db'>, actor: Actor, wanted: Wanted): Promise<FoundVersion> {
  const skill = await findSkill(deps, actor, wanted.namespace, wanted.name);
  const published = await deps.db
    .select({ version: versions.version })
    .from(versions)
    .where(and(eq(versions.skillId, skill.id), eq(versions.state, 'published')));
  const best = bestOf(
    published.map(({ version }) => version),
    wanted.version,
  );
  if (best !== undefined) {
    const found = await read(deps, eq(skills.id, skill.id), eq(versions.version, best));
    if (!found?.version) throw await noSuchVersion(deps, skill, best);
    return { skill: found.skill, version: found.version, pinned: false };
  }
  throw new Problem('not_found', `No version of @${skill.namespace}/${skill.name} satisfies '${wanted.version}'.`, {
    fix: `Widen the range. ${howToList(skill)}`,
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
