import { type SQL, sql } from 'drizzle-orm';
import { logLeaves } from '../../db/schema/log.ts';
import type { Deps } from '../deps.ts';

/** An entry that is ready to be appended. */
export interface NewEntry {
  /** Canonical JSON. */
  leaf: string;
  /** `versionSubject`, `skillSubject` or `keySubject`. */
  subject: string;
  /** The id of the version that it is about; see `ENTRY_VERSION`. */
  versionId?: string | undefined;
  /** The id of the skill that it is about; see `ENTRY_SKILL`. */
  skillId?: number | undefined;
}

/**
 * The statement that appends entries to the log, for the batch that does what they tell of: so either both happen or
 * neither. It has to come before the statements that make `where` false. SQLite writes one batch at a time, hence positions
 * have no gaps and nobody takes one twice.
 */
export function appendEntries(deps: Pick<Deps, 'db' | 'clock'>, entries: readonly NewEntry[], where: SQL) {
  return deps.db.insert(logLeaves).select(
    sql`select (select coalesce(max(${logLeaves.position}) + 1, 0) from ${logLeaves}) + row_number() over (order by entry.key) - 1,
      entry.value ->> 'leaf', entry.value ->> 'subject', ${deps.clock.now()}
      from json_each(${JSON.stringify(entries)}) as entry where ${where}`,
  );
}

/** The id of the version that an entry is about, within the condition of `appendEntries`. */
export const ENTRY_VERSION = sql`(entry.value ->> 'versionId')`;
/** The same of the skill. */
export const ENTRY_SKILL = sql`(entry.value ->> 'skillId')`;

/** Where the entries about a version are found, by the name that it was offered under. */
export function versionSubject({ namespace, name, version }: { namespace: string; name: string; version: string }) {
  return `${namespace}/${name}/${version}`;
}

/** Where the entries about a skill as a whole are found, by the name that it had. */
export function skillSubject({ namespace, name }: { namespace: string; name: string }): string {
  return `${namespace}/${name}`;
}

/** Where the entries about keys are found: those of a namespace, or of the registry itself. */
export function keySubject(namespace: string | undefined): string {
  return `key:${namespace ?? ''}`;
}
