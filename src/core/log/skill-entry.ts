import { type SQL, sql } from 'drizzle-orm';
import { versions } from '../../db/schema/catalog.ts';
import type { SkillEntry } from '../../format/tlog/leaf.ts';
import type { Deps } from '../deps.ts';
import { appendEntries, ENTRY_SKILL, type NewEntry, skillSubject } from './append-entries.ts';
import { leafOf } from './leaf-of.ts';
import type { LoggedSkill } from './version-entry.ts';

/**
 * What the log is to hold of a skill that is hidden or shown; of a private one as `leafOf` says.
 *
 * @param by whose decision it is
 * @throws what the bundle store throws
 */
export async function skillEntry(
  deps: Pick<Deps, 'bundles' | 'clock' | 'random'>,
  event: SkillEntry['event'],
  { id, namespace, name, visibility }: LoggedSkill & { id: number },
  by: SkillEntry['by'],
): Promise<NewEntry> {
  const entry: SkillEntry = { v: 1, event, namespace, name, by, at: deps.clock.now() };
  return { leaf: await leafOf(deps, entry, visibility), subject: skillSubject(entry), skillId: id };
}

/**
 * As `appendEntries`, for entries of `skillEntry`; those of skills that never had a published version are left out, so that
 * the log tells no name that was not public.
 */
export function appendSkillEntries(deps: Pick<Deps, 'db' | 'clock'>, entries: readonly NewEntry[], where: SQL) {
  const wasPublished = sql`exists (select 1 from ${versions} where ${versions.skillId} = ${ENTRY_SKILL} and ${versions.state} in ('published', 'yanked'))`;
  return appendEntries(deps, entries, sql`${where} and ${wasPublished}`);
}
