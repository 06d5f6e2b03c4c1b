import { and, eq, inArray, sql } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import { appendEntries, ENTRY_VERSION } from '../log/append-entries.ts';
import { stillAsLogged, versionEntry } from '../log/version-entry.ts';
import { auditStatement, ifOperator } from '../moderation/audit.ts';
import { Problem } from '../problem.ts';
import { findAnySkill, howToList } from './find-skill.ts';
import { staleTags } from './keys.ts';
import { refreshSearchRow, setLatestVersion } from './latest-version.ts';
import { nextUpdate } from './update-time.ts';
import { untilUnchanged, type YankDeps } from './yank-version.ts';

/**
 * Withdraws every published version of a skill, so that nothing of it is left to see; each can be brought back. A version
 * that is being vetted is not among them. Needs `publish`.
 *
 * @returns how many were published until now
 * @throws Problem `unauthorized`, `forbidden`, `not_found` also for a skill that never had a published version
 */
export async function yankAll(
  deps: YankDeps,
  actor: Actor,
  subject: { namespace: string; name: string },
): Promise<number> {
  return untilUnchanged(`@${subject.namespace}/${subject.name}`, () => tryAll(deps, actor, subject));
}

/** @returns nothing when a version, or the skill, became another than it was when the log entries were made */
async function tryAll(
  deps: YankDeps,
  actor: Actor,
  subject: { namespace: string; name: string },
): Promise<number | undefined> {
  const { db } = deps;
  const now = deps.clock.now();
  const skill = await findAnySkill(deps, actor, subject.namespace, subject.name);
  const { id, namespace, name } = skill;
  authorize(actor, 'publish', namespace);
  const known = await db
    .select()
    .from(versions)
    .where(and(eq(versions.skillId, id), inArray(versions.state, ['published', 'yanked'])));
  if (known.length === 0) {
    throw new Problem('not_found', `@${namespace}/${name} has no published version.`, { fix: howToList(skill) });
  }
  const published = known.filter(({ state }) => state === 'published');
  if (published.length === 0) return 0;
  const entries = await Promise.all(published.map((version) => versionEntry(deps, 'yank', skill, version)));
  const isSame = stillAsLogged(skill, published);
  const isPublished = sql`exists (select 1 from ${versions} where ${versions.id} = ${ENTRY_VERSION} and ${versions.state} = 'published') and ${isSame}`;
  const ids = JSON.stringify(published.map((version) => version.id));
  const isKnown = sql`${versions.id} in (select value from json_each(${ids}))`;
  const changes = sql`exists (select 1 from ${versions} where ${versions.state} = 'published' and ${isKnown}) and ${isSame}`;
  // After the update: nothing else of the skill is touched in a try that came to nothing.
  const isYanked = sql`not exists (select 1 from ${versions} where ${versions.state} = 'published' and ${isKnown})`;
  const [, , yanked] = await db.batch([
    appendEntries(deps, entries, isPublished),
    auditStatement(deps, actor, 'skill.yank', `@${namespace}/${name}`, {}, ifOperator(actor, changes)),
    db
      .update(versions)
      .set({ state: 'yanked', yankedAt: now })
      .where(and(eq(versions.skillId, id), eq(versions.state, 'published'), isKnown, isSame))
      .returning({ id: versions.id }),
    setLatestVersion(db, id, isYanked),
    ...refreshSearchRow(db, id, isYanked),
    db
      .update(skills)
      .set({ updatedAt: nextUpdate(now) })
      .where(and(eq(skills.id, id), isYanked)),
  ]);
  if (yanked.length === 0) return undefined;
  deps.cache.forget(staleTags(namespace, name));
  deps.log.info('skill.yanked', { namespace, name, versions: yanked.length });
  return yanked.length;
}
