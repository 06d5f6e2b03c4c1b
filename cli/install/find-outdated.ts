import { compareVersions, isVersionRange, maxSatisfying } from '../../src/format/semver.ts';
import type { Client } from '../client.ts';
import { CodedError } from '../failure.ts';
import { inTurns } from '../in-turns.ts';
import { neededBy } from '../project/graph.ts';
import { isFromRegistry, keyOfRecord, type RegistryRecord } from '../project/record.ts';
import type { Registries } from '../registries.ts';
import { AT_ONCE } from './gather.ts';
import type { Situation } from './situation.ts';

export interface OutdatedSkill {
  namespace: string;
  name: string;
  current: string;
  /** The newest version in all ranges that are asked for; absent when there is none any more. */
  wanted?: string;
  /** What the tag of that name leads to. */
  latest?: string;
  /** True when the registry does not serve the current version any more. */
  withdrawn: boolean;
  neededBy: string[];
}

/** An installed version that its publisher advises against. */
export interface DeprecatedSkill {
  namespace: string;
  name: string;
  current: string;
  message: string;
}

interface Look {
  skill: OutdatedSkill;
  deprecated: string | undefined;
}

interface Listed {
  versions: { version: string; yanked_at: string | null; deprecated?: string | undefined }[];
  tags: Record<string, string>;
}

export interface Lookup {
  registries: Registries;
  connect(registry: string): Promise<Client>;
  /** True when `--registry` names one. */
  isNamed: boolean;
}

/**
 * Installed skills that are not the newest of their kind, or that were withdrawn, and those that are deprecated, both sorted
 * by name. Without the network the cache has no word on withdrawals and deprecation.
 *
 * @throws CodedError when a registry cannot be asked
 */
export async function findOutdated(
  situation: Situation,
  lookup: Lookup,
): Promise<{ outdated: OutdatedSkill[]; deprecated: DeprecatedSkill[] }> {
  const records = [...situation.records.values()].filter(isFromRegistry);
  const looked = await inTurns(records, AT_ONCE, (record) => look(situation, lookup, record));
  const sorted = looked.sort((a, b) => (keyOfRecord(a.skill) < keyOfRecord(b.skill) ? -1 : 1));
  return {
    outdated: sorted.map(({ skill }) => skill).filter(isOutdated),
    deprecated: sorted.flatMap(({ skill: { namespace, name, current }, deprecated: message }) =>
      message === undefined ? [] : [{ namespace, name, current, message }],
    ),
  };
}

async function look({ records, roots }: Situation, lookup: Lookup, record: RegistryRecord): Promise<Look> {
  const { namespace, name, version: current } = record;
  const key = keyOfRecord(record);
  const { versions, tags } = await versionsOf(lookup, record);
  const there = versions.filter(({ yanked_at }) => yanked_at === null).map(({ version }) => version);
  const askers = neededBy(key, records);
  const ranges = [roots.get(key), ...askers.map((asker) => records.get(asker)?.dependencies?.[key])];
  const wanted = newest(
    there,
    tags,
    ranges.filter((range) => range !== undefined),
    current,
  );
  const latest = tags.latest ?? maxSatisfying(there, '*');
  const skill = {
    namespace,
    name,
    current,
    ...(wanted === undefined ? {} : { wanted }),
    ...(latest === undefined ? {} : { latest }),
    withdrawn: !there.includes(current),
    neededBy: askers,
  };
  return { skill, deprecated: versions.find(({ version }) => version === current)?.deprecated };
}

/** The newest version that fits all ranges; a tag fits where it leads. */
function newest(
  there: readonly string[],
  tags: Record<string, string>,
  ranges: readonly string[],
  current: string,
): string | undefined {
  const fitting = there.filter((version) =>
    ranges.every((range) =>
      isVersionRange(range) ? maxSatisfying([version], range) !== undefined : (tags[range] ?? current) === version,
    ),
  );
  return fitting.sort(compareVersions).at(-1);
}

/** Without the network the installed version counts as there: that the cache has lost it says nothing. */
async function versionsOf({ registries, connect, isNamed }: Lookup, record: RegistryRecord): Promise<Listed> {
  const mapped = registries.mappings.get(record.namespace)?.registry;
  const client = await connect(mapped ?? (isNamed ? registries.fallback : record.registry));
  const current = { version: record.version, yanked_at: null };
  try {
    const { versions, tags = {} } = await client.versions(record);
    return { versions: client.isAsked ? versions : [...versions, current], tags };
  } catch (error) {
    if (error instanceof CodedError && error.code === 'not_found') return { versions: [], tags: {} };
    if (error instanceof CodedError && error.code === 'not_cached') return { versions: [current], tags: {} };
    throw error;
  }
}

function isOutdated({ current, wanted, latest, withdrawn }: OutdatedSkill): boolean {
  const isNewer = (version: string | undefined) => version !== undefined && compareVersions(version, current) > 0;
  return withdrawn || isNewer(wanted) || isNewer(latest);
}
