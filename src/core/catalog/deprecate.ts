import { and, desc, eq, isNotNull, type SQL, sql } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { FormatError } from '../../format/format-error.ts';
import { checkNotice } from '../../format/notice.ts';
import { versionMatcher } from '../../format/semver.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { auditStatement, ifOperator } from '../moderation/audit.ts';
import { Problem } from '../problem.ts';
import { findAnySkill, howToList, type SkillRow } from './find-skill.ts';
import { staleTags } from './keys.ts';
import { nextUpdate } from './update-time.ts';

type DeprecateDeps = Pick<Deps, 'db' | 'clock' | 'random' | 'cache' | 'log'>;

export interface Deprecated {
  /** As it is called now. */
  namespace: string;
  name: string;
  /** Which versions that was about, newest first. */
  versions: string[];
}

interface Subject {
  namespace: string;
  name: string;
  /** A version or a semver range; without, the whole skill with what will be published. */
  range?: string;
}

/**
 * Advises against a skill, or against those of its versions that satisfy a range; everything can still be read and installed.
 * What a version says of itself goes before what its skill says. Needs `publish`.
 *
 * @returns the published and yanked versions that it is about
 * @throws Problem `unauthorized`, `forbidden`, `invalid_body` for a message that `checkNotice` refuses, `invalid_request` for what
 * is no range, `not_found` also when no version satisfies it
 */
export async function deprecate(
  deps: DeprecateDeps,
  actor: Actor,
  { range, message, ...subject }: Subject & { message: string },
): Promise<Deprecated> {
  const { db } = deps;
  const { skill, chosen } = await find(deps, actor, { ...subject, range });
  const reason = checkNotice(message);
  if (reason)
    throw new Problem('invalid_body', `${reason}.`, { fix: 'Say in a sentence what to use instead, or why.' });
  const deprecation = message.trim();
  const change =
    range === undefined
      ? db.update(skills).set({ deprecation }).where(eq(skills.id, skill.id))
      : db.update(versions).set({ deprecation }).where(isAmong(chosen));
  await db.batch([
    auditStatement(deps, actor, 'skill.deprecate', labelOf(skill, range), { message: deprecation }, ifOperator(actor)),
    change,
    touch(deps, skill),
  ]);
  return done(deps, 'skill.deprecated', skill, chosen);
}

/**
 * Takes that back; without a range, of the skill and of all its versions. Needs `publish`.
 *
 * @returns the versions that were deprecated until now
 * @throws Problem `unauthorized`, `forbidden`, `invalid_request`, `not_found`, `state_conflict` for a range while the whole skill
 * is deprecated
 */
export async function undeprecate(
  deps: DeprecateDeps,
  actor: Actor,
  { range, ...subject }: Subject,
): Promise<Deprecated> {
  const { db } = deps;
  const { skill, chosen } = await find(deps, actor, { ...subject, range });
  if (range !== undefined && skill.deprecation !== null) {
    throw new Problem('state_conflict', `@${skill.namespace}/${skill.name} is deprecated as a whole.`, {
      fix: 'Take that back for the whole skill, then deprecate the versions that are left.',
    });
  }
  const until = chosen.filter(({ deprecation }) => (deprecation ?? skill.deprecation) !== null);
  const which = range === undefined ? eq(versions.skillId, skill.id) : isAmong(until);
  await db.batch([
    auditStatement(deps, actor, 'skill.undeprecate', labelOf(skill, range), {}, ifOperator(actor)),
    db
      .update(versions)
      .set({ deprecation: null })
      .where(and(which, isNotNull(versions.deprecation))),
    ...(range === undefined ? [db.update(skills).set({ deprecation: null }).where(eq(skills.id, skill.id))] : []),
    touch(deps, skill),
  ]);
  return done(deps, 'skill.undeprecated', skill, until);
}

interface Known {
  id: string;
  version: string;
  deprecation: string | null;
}

async function find(
  deps: DeprecateDeps,
  actor: Actor,
  { namespace, name, range }: Subject,
): Promise<{ skill: SkillRow; chosen: Known[] }> {
  const skill = await findAnySkill(deps, actor, namespace, name);
  authorize(actor, 'publish', skill.namespace);
  const matches = range === undefined ? () => true : matcherOf(range);
  const known = await deps.db
    .select({ id: versions.id, version: versions.version, deprecation: versions.deprecation })
    .from(versions)
    .where(and(eq(versions.skillId, skill.id), sql`${versions.state} in ('published', 'yanked')`))
    .orderBy(desc(versions.sortKey));
  const chosen = known.filter(({ version }) => matches(version));
  if (chosen.length > 0) return { skill, chosen };
  const what = range === undefined ? 'published version' : `version that satisfies '${range}'`;
  throw new Problem('not_found', `@${skill.namespace}/${skill.name} has no ${what}.`, { fix: howToList(skill) });
}

function matcherOf(range: string): (version: string) => boolean {
  try {
    return versionMatcher(range);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new Problem('invalid_request', error.message, { fix: error.fix }, { cause: error });
  }
}

function isAmong(chosen: readonly Known[]): SQL {
  return sql`${versions.id} in (select value from json_each(${JSON.stringify(chosen.map(({ id }) => id))}))`;
}

function touch({ db, clock }: DeprecateDeps, skill: SkillRow) {
  return db
    .update(skills)
    .set({ updatedAt: nextUpdate(clock.now()) })
    .where(eq(skills.id, skill.id));
}

function labelOf({ namespace, name }: SkillRow, range: string | undefined): string {
  return `@${namespace}/${name}${range === undefined ? '' : `@${range}`}`;
}

function done(
  deps: DeprecateDeps,
  event: 'skill.deprecated' | 'skill.undeprecated',
  { namespace, name }: SkillRow,
  chosen: readonly Known[],
): Deprecated {
  deps.cache.forget(staleTags(namespace, name));
  deps.log.info(event, { namespace, name, versions: chosen.length });
  return { namespace, name, versions: chosen.map(({ version }) => version) };
}
