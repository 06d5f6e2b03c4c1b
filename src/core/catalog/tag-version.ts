import { and, count, eq, ne, notInArray, type SQL, sql } from 'drizzle-orm';
import { rowExists } from '../../db/row-exists.ts';
import { skills, versions, versionTags } from '../../db/schema/catalog.ts';
import { checkTag } from '../../format/version-tag.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { findByRef, type OwnedRef } from './find-by-ref.ts';
import { hiddenSkill, howToList, type SkillRow } from './find-skill.ts';
import { staleTags } from './keys.ts';
import { refreshSearchRow, setLatestVersion } from './latest-version.ts';
import { MOVED } from './tags.ts';
import { nextUpdate } from './update-time.ts';

/** How many tags a skill can have, `latest` not counted. */
export const MAX_TAGS = 50;

type TagDeps = Pick<Deps, 'db' | 'clock' | 'cache' | 'log'>;

/**
 * Points a tag of a skill at one of its published versions, whatever it pointed at before. Needs `publish`. `latest`
 * then holds until the next version is published.
 *
 * @returns the skill
 * @throws Problem `unauthorized`, `forbidden`, `not_found`, `invalid_request` for what cannot be a tag, `state_conflict`
 * for a tag too many and for a skill that was merged into another
 */
export async function setTag(
  deps: TagDeps,
  actor: Actor,
  { tag, version, ...ref }: OwnedRef & { tag: string; version: string },
): Promise<SkillRow> {
  const { db } = deps;
  const skill = await findTagged(deps, actor, ref);
  requireTag(tag);
  const target = await findPublished(deps, skill, version);
  const now = deps.clock.now();
  const isPublished = rowExists(db, versions, and(eq(versions.id, target), eq(versions.state, 'published')));
  const row = sql`select ${skill.id}, ${tag}, ${target}, ${now} where ${isPublished} and ${hasRoom(skill.id, tag)}`;
  const [set] = await db.batch([
    db.insert(versionTags).select(row).onConflictDoUpdate(MOVED).returning({ tag: versionTags.tag }),
    touch(db, skill, tag, now),
    ...(tag === 'latest' ? [setLatestVersion(db, skill.id, sql`1`), ...refreshSearchRow(db, skill.id, sql`1`)] : []),
  ]);
  if (set.length === 0) throw await whyNotSet(deps, skill, version);
  deps.cache.forget(staleTags(skill.namespace, skill.name));
  deps.log.info('tag.set', { namespace: skill.namespace, name: skill.name, tag, version });
  return skill;
}

/**
 * Takes a tag away. Needs `publish`.
 *
 * @returns the skill
 * @throws Problem `unauthorized`, `forbidden`, `not_found` also for a tag that it does not have, `invalid_request` for `latest`,
 * `state_conflict` for a skill that was merged into another
 */
export async function removeTag(
  deps: TagDeps,
  actor: Actor,
  { tag, ...ref }: OwnedRef & { tag: string },
): Promise<SkillRow> {
  const { db } = deps;
  const skill = await findTagged(deps, actor, ref);
  if (tag === 'latest') {
    throw new Problem('invalid_request', 'The tag latest cannot be removed.', { fix: 'Point it at another version.' });
  }
  const [, removed] = await db.batch([
    touch(db, skill, tag, deps.clock.now()),
    db.delete(versionTags).where(isTagged(skill, tag)).returning({ tag: versionTags.tag }),
  ]);
  if (removed.length === 0) {
    throw new Problem('not_found', `@${skill.namespace}/${skill.name} has no tag '${tag}'.`, {
      fix: howToList(skill),
    });
  }
  deps.cache.forget(staleTags(skill.namespace, skill.name));
  deps.log.info('tag.removed', { namespace: skill.namespace, name: skill.name, tag });
  return skill;
}

/**
 * The tags that an upload asks for, each once.
 *
 * @throws Problem `invalid_request` for what cannot be a tag, `state_conflict` when they are more than the skill may have
 */
export async function requireTags(
  { db }: Pick<Deps, 'db'>,
  { namespace, name }: { namespace: string; name: string },
  wanted: readonly string[],
): Promise<string[]> {
  for (const tag of wanted) requireTag(tag);
  const tags = [...new Set(wanted)].filter((tag) => tag !== 'latest');
  if (tags.length === 0) return [];
  // Before the database is asked: D1 takes a hundred values a statement.
  if (tags.length > MAX_TAGS) {
    throw new Problem('state_conflict', `A skill can have ${MAX_TAGS} tags; the upload asks for ${tags.length}.`, {
      fix: 'Ask for fewer.',
    });
  }
  const [others] = await db
    .select({ n: count() })
    .from(versionTags)
    .innerJoin(skills, eq(skills.id, versionTags.skillId))
    .where(
      and(
        eq(skills.namespace, namespace),
        eq(skills.name, name),
        ne(versionTags.tag, 'latest'),
        notInArray(versionTags.tag, tags),
      ),
    );
  if ((others?.n ?? 0) + tags.length > MAX_TAGS) throw tooMany(namespace, name);
  return tags;
}

const isTagged = ({ id }: SkillRow, tag: string) => and(eq(versionTags.skillId, id), eq(versionTags.tag, tag));

/** The skill changes with its tags; without the tag it does not. */
function touch(db: Deps['db'], skill: SkillRow, tag: string, now: number) {
  const hasTag = rowExists(db, versionTags, isTagged(skill, tag));
  return db
    .update(skills)
    .set({ updatedAt: nextUpdate(now) })
    .where(and(eq(skills.id, skill.id), hasTag));
}

function requireTag(tag: string): void {
  const reason = checkTag(tag);
  if (reason) throw new Problem('invalid_request', `The ${reason}.`, { fix: 'Use a word such as beta or lts-2024.' });
}

/** @throws Problem unless the actor may tag versions of the skill */
async function findTagged(deps: TagDeps, actor: Actor, ref: OwnedRef): Promise<SkillRow> {
  const skill = await findByRef(deps, actor, ref);
  const { namespace, name } = skill;
  authorize(actor, 'publish', namespace);
  if (skill.hiddenAt !== null) throw hiddenSkill(skill);
  if (skill.mergedInto === null) return skill;
  throw new Problem(
    'state_conflict',
    `@${namespace}/${name} was merged into another skill, and has no tags any more.`,
    {
      fix: 'Tag versions of that one.',
    },
  );
}

async function findPublished({ db }: TagDeps, { id, namespace, name }: SkillRow, version: string): Promise<string> {
  const [found] = await db
    .select({ id: versions.id, state: versions.state })
    .from(versions)
    .where(
      and(eq(versions.skillId, id), eq(versions.version, version), sql`${versions.state} in ('published', 'yanked')`),
    );
  if (found?.state === 'published') return found.id;
  throw new Problem('not_found', `@${namespace}/${name} has no published version ${version}.`, {
    fix: 'Name the exact number of one that can be downloaded.',
    missing: 'version',
    gone: found && 'withdrawn',
  });
}

function hasRoom(skillId: number, tag: string): SQL {
  const others = sql`select 1 from version_tags as other where other.skill_id = ${skillId} and other.tag not in ('latest', ${tag})`;
  return sql`(${tag} = 'latest' or (select count(*) from (${others})) < ${MAX_TAGS})`;
}

async function whyNotSet(deps: TagDeps, skill: SkillRow, version: string): Promise<Problem> {
  await findPublished(deps, skill, version);
  return tooMany(skill.namespace, skill.name);
}

function tooMany(namespace: string, name: string): Problem {
  return new Problem('state_conflict', `@${namespace}/${name} has ${MAX_TAGS} tags already.`, {
    fix: 'Remove one that nobody needs.',
  });
}
