import type { WantedSkill } from '../installer.ts';
import { neededBy } from '../project/graph.ts';
import { type InstallRecord, keyOfRecord, labelOf, tidy } from '../project/record.ts';
import { skillFolder } from '../project/scope.ts';
import type { LeftOut } from '../resolve/plan.ts';
import type { Situation } from './situation.ts';

/** What became of a skill: its files are new here, of another version, written again, or as they were. */
export type Change = 'added' | 'updated' | 'restored' | 'kept';

/** A skill as commands tell of it with --json. */
export interface InstalledBody extends InstallRecord {
  path: string;
  change: Change;
  /** The version that was there before, of an updated one. */
  from?: string;
}

/** Old and new names (`@namespace/name`) of skills that are called otherwise than they were asked for. */
export type Moves = readonly (readonly [string, string])[];

/** What was installed of a skill before, maybe under the name that it had. */
export function formerOf({ onDisk }: Situation, record: InstallRecord, moved: Moves): InstallRecord | undefined {
  const key = keyOfRecord(record);
  const [former] = moved.find(([, now]) => now === key) ?? [];
  return onDisk.get(key) ?? (former === undefined ? undefined : onDisk.get(former));
}

export function describe(situation: Situation, { record, bundle }: WantedSkill, moved: Moves): InstalledBody {
  const { scope } = situation;
  const before = formerOf(situation, record, moved);
  const path = skillFolder(scope, record);
  const { namespace, name } = record;
  const body = { ...(namespace === undefined ? {} : { namespace }), name, ...tidy(record), path };
  if (!before) return { ...body, change: 'added' };
  if (before.version !== record.version) return { ...body, change: 'updated', from: before.version };
  return { ...body, change: bundle ? 'restored' : 'kept' };
}

/** `@acme/pdf-tools@2.0.0 (was 1.0.0) -> /home/me/project/.agents/skills/pdf-tools` */
export function lineOf(skill: InstalledBody, neededBy: readonly string[]): string {
  const was = skill.from === undefined ? '' : ` (was ${skill.from})`;
  const needed = neededBy.length === 0 ? '' : ` (needed by ${neededBy.join(', ')})`;
  return `${labelOf(skill)}${was} -> ${skill.path}${needed}`;
}

export function leftOutBody({ wanted, reason }: LeftOut) {
  const { namespace, name, range, path } = wanted;
  return { ...(namespace === '' ? {} : { namespace }), name, range, neededBy: path.at(-1), reason };
}

/** Who needs a skill that nobody asked for. */
export function neededByOf({ roots, sourceRoots }: Situation, after: readonly WantedSkill[], key: string): string[] {
  if (roots.has(key) || sourceRoots.has(key)) return [];
  return neededBy(key, new Map(after.map(({ record }) => [keyOfRecord(record), record])));
}

/** Records that are gone afterwards. */
export function removedFrom(
  { records, onDisk }: Situation,
  after: readonly WantedSkill[],
  moved: Moves,
): InstallRecord[] {
  const left = new Set([...after.map(({ record }) => keyOfRecord(record)), ...moved.map(([former]) => former)]);
  return [...new Map([...onDisk, ...records])].filter(([key]) => !left.has(key)).map(([, record]) => record);
}
