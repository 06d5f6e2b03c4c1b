import { closest } from '../closest.ts';
import type { CliContext } from '../context.ts';
import { CodedError } from '../failure.ts';
import { settle } from './exclusive.ts';
import { readRecords } from './lock-file.ts';
import { type InstallRecord, keyOfRecord } from './record.ts';
import { type Scope, scopeOf, skillFolder } from './scope.ts';

export interface InstalledSkill {
  record: InstallRecord;
  /** Where its files are, or should be. */
  path: string;
}

export interface Installed {
  scope: Scope;
  /** Sorted by `@namespace/name`. */
  skills: InstalledSkill[];
}

type InstalledContext = Pick<CliContext, 'env' | 'home' | 'cwd' | 'clock'>;

/**
 * What is installed in the project that the current folder belongs to, or for the user. What a killed command left is put
 * right first.
 *
 * @throws CodedError `invalid_lock`
 */
export async function readInstalledSkills(context: InstalledContext, global: boolean): Promise<Installed> {
  const scope = scopeOf(context, global);
  await settle(context, scope);
  const records = await readRecords(scope);
  const skills = [...records.values()]
    .sort((a, b) => (keyOfRecord(a) < keyOfRecord(b) ? -1 : 1))
    .map((record) => ({ record, path: skillFolder(scope, record) }));
  return { scope, skills };
}

/**
 * The installed skills of those names, each `name` or `@namespace/name`; all of them without names.
 *
 * @throws CodedError `not_installed`, with what may have been meant
 */
export function selectInstalled({ scope, skills }: Installed, names: readonly string[]): InstalledSkill[] {
  if (names.length === 0) return skills;
  return names.map((name) => {
    const found = skills.find(({ record }) => record.name === name || isNamed(record, name));
    if (found) return found;
    const meant = closest(
      name,
      skills.flatMap(({ record }) => [record.name, keyOfRecord(record)]),
    );
    const fix = meant ? `Did you mean ${meant}?` : `See what is: skills list${scope.kind === 'global' ? ' -g' : ''}`;
    throw new CodedError('not_installed', `'${name}' is not installed in ${scope.root}.`, fix);
  });
}

function isNamed(record: InstallRecord, name: string): boolean {
  const key = keyOfRecord(record);
  return name === key || `@${name}` === key;
}
