import { CodedError } from '../failure.ts';
import type { Situation } from '../install/situation.ts';
import type { Target } from '../installer.ts';
import { neededBy, reachable } from './graph.ts';
import { selectInstalled } from './installed.ts';
import { editManifest } from './manifest.ts';
import { type InstallRecord, keyOfRecord } from './record.ts';
import { skillFolder } from './scope.ts';

export interface UninstallPlan {
  target: Target;
  removed: InstallRecord[];
  /** Skills that others need still. */
  kept: InstallRecord[];
}

/**
 * Takes away what was asked for by the user, and whatever nobody needs then.
 *
 * @param names `name` or `@namespace/name`
 * @throws CodedError `not_installed`, or `needed` for a skill that the user never asked for and another one needs
 */
export function planUninstall(situation: Situation, names: readonly string[]): UninstallPlan {
  const { scope, manifest, records, onDisk, sourceRoots } = situation;
  const roots = new Set([...situation.roots.keys(), ...sourceRoots.keys()]);
  const keys = new Set(names.map((name) => keyNamed(situation, roots, name)));
  for (const key of keys) {
    const askers = neededBy(key, records);
    if (roots.has(key) || askers.length === 0) continue;
    const fix = `Uninstall what needs it: skills uninstall ${askers.join(' ')}`;
    throw new CodedError('needed', `${key} is needed by ${askers.join(', ')}.`, fix);
  }
  const left = reachable(
    [...roots].filter((key) => !keys.has(key)),
    records,
  );
  const after = [...records.values()].filter((record) => left.has(keyOfRecord(record)));
  const inManifest = [...keys].filter((key) => Object.hasOwn(manifest.skills, key));
  const edit = editManifest(manifest, new Map(inManifest.map((key) => [key, undefined])));
  return {
    target: {
      scope,
      before: records,
      onDisk,
      after: after.map((record) => ({ record: keys.has(keyOfRecord(record)) ? withoutWish(record) : record })),
      ...(inManifest.length > 0 ? { manifest: edit } : {}),
    },
    removed: [...records.values()].filter((record) => !left.has(keyOfRecord(record))),
    kept: after.filter((record) => keys.has(keyOfRecord(record))),
  };
}

/** A name in `skills.json` counts as well when it was never installed. */
function keyNamed({ scope, records }: Situation, roots: ReadonlySet<string>, name: string): string {
  const wanted = [...roots].find((key) => key === name || key === `@${name}` || key.endsWith(`/${name}`));
  const skills = [...records.values()].map((record) => ({ record, path: skillFolder(scope, record) }));
  if (wanted !== undefined && !skills.some(({ record }) => record.name === name)) return wanted;
  const [found] = selectInstalled({ scope, skills }, [name]);
  return found ? keyOfRecord(found.record) : name;
}

function withoutWish({ requested: _, ...record }: InstallRecord): InstallRecord {
  return record;
}
