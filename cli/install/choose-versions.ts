import { isVersionRange, maxSatisfying } from '../../src/format/semver.ts';
import type { SkillDependency } from '../../src/format/skill-yaml.ts';
import { CodedError } from '../failure.ts';
import { type InstallRecord, readKey } from '../project/record.ts';
import { MANIFEST } from '../project/scope.ts';
import { addressText, type LeftOut, type Plan, type SkillAddress, type Wanted } from '../resolve/plan.ts';
import { resolveDependencies } from '../resolve/resolve-dependencies.ts';
import type { NamedSkill } from './named-skill.ts';
import type { Situation } from './situation.ts';
import type { SourceSkill } from './sources.ts';
import type { LockedSource } from './version-source.ts';

/** Another selection of versions may help. */
const OPEN_TO_CHANGE = ['dependency_conflict', 'dependency_missing', 'not_found', 'dependencies_too_complex'];

export interface Choice extends Plan {
  /** What each of the skills from folders and the web needs, by its name. */
  sourceNeeds: ReadonlyMap<string, readonly Wanted[]>;
  /** Versions of the skills from folders and the web, by name: they may need one another. */
  sourceVersions: ReadonlyMap<string, string>;
}

export interface Ask {
  named: readonly NamedSkill[];
  /** Skills from folders and the web that were read just now. */
  sources: readonly SourceSkill[];
  /** What is kept as it is, where that is possible: by `@namespace/name`. */
  locked: ReadonlyMap<string, InstallRecord>;
}

/**
 * Chooses one version of everything that the scope wants, with what was asked for besides. What is locked stays; only when
 * that cannot be, other versions of it are considered.
 *
 * @throws CodedError as `resolveDependencies`
 */
export async function chooseVersions(situation: Situation, ask: Ask, source: LockedSource): Promise<Choice> {
  const sourceVersions = versionsOfSources(situation, ask);
  const sourceNeeds = await needsOfSources(situation, ask, source, sourceVersions);
  const ofOthers = [...sourceNeeds.values()].flat().filter(({ namespace }) => namespace !== '');
  const wanted = [...wantedRoots(situation, ask), ...ofOthers];
  const prefer = new Map([...ask.locked].map(([key, { version }]) => [key, version]));
  try {
    source.onlyLocked = true;
    return { ...(await resolveDependencies(wanted, source, prefer)), sourceNeeds, sourceVersions };
  } catch (error) {
    if (prefer.size === 0 || !(error instanceof CodedError && OPEN_TO_CHANGE.includes(error.code))) throw error;
    source.onlyLocked = false;
    return { ...(await resolveDependencies(wanted, source, prefer)), sourceNeeds, sourceVersions };
  }
}

/** Those that the user named first: they have the first choice. */
function wantedRoots({ roots, manifest }: Situation, { named, locked }: Ask): Wanted[] {
  const first = named.map(({ namespace, name, range }) => ({ namespace, name, range, optional: false, path: [] }));
  const isNamed = new Set(named.map(addressText));
  const pathOf = (key: string) => (Object.hasOwn(manifest.skills, key) ? [MANIFEST] : []);
  const others = [...roots].filter(([key]) => !isNamed.has(key));
  return [
    ...first,
    ...others.map(([key, range]) => ({ ...addressOf(key), ...wantedAs(range, locked.get(key)), path: pathOf(key) })),
  ];
}

/** A tag leads where it led when the skill was installed, until it is updated. */
function wantedAs(range: string, locked: InstallRecord | undefined): Pick<Wanted, 'range' | 'optional'> {
  const isTag = !isVersionRange(range);
  return { range: isTag && locked ? locked.version : range, optional: false };
}

function versionsOfSources({ sourceRoots, records }: Situation, { sources }: Ask): Map<string, string> {
  const kept = [...sourceRoots.keys()].flatMap((name) => records.get(name) ?? []);
  return new Map([...kept, ...sources.map(({ record }) => record)].map(({ name, version }) => [name, version]));
}

async function needsOfSources(
  { records }: Situation,
  { sources }: Ask,
  source: LockedSource,
  versions: ReadonlyMap<string, string>,
): Promise<Map<string, Wanted[]>> {
  const fresh = new Map(sources.map((skill) => [skill.record.name, skill]));
  const needs = new Map<string, Wanted[]>();
  for (const name of versions.keys()) {
    const dependencies = fresh.get(name)?.needs ?? dependenciesOf(records.get(name));
    needs.set(name, await Promise.all(dependencies.map((need) => toWanted(need, name, source, versions))));
  }
  return needs;
}

function dependenciesOf(record: InstallRecord | undefined): SkillDependency[] {
  const { dependencies = {}, optional = [] } = record ?? {};
  return Object.entries(dependencies).map(([name, range]) => ({ name, range, optional: optional.includes(name) }));
}

async function toWanted(
  { name, range, optional }: SkillDependency,
  asker: string,
  source: LockedSource,
  versions: ReadonlyMap<string, string>,
): Promise<Wanted> {
  const there = versions.get(name);
  if (there !== undefined) return besides(there, { namespace: '', name, range, optional, path: [asker] });
  const key = readKey(name.includes('/') && !name.startsWith('@') ? `@${name}` : name);
  const address = key ?? { name };
  const namespace = address.namespace ?? (await source.namespaceOf(name, { namespace: '', name: asker }));
  if (namespace === undefined && !optional) throw missing(name, range, asker);
  return { namespace: namespace ?? '', name: address.name, range, optional, path: [asker] };
}

/** @throws CodedError `dependency_conflict` when the skill that is there from a folder or the web is none that will do */
function besides(version: string, wanted: Wanted): Wanted {
  if (!isVersionRange(wanted.range) || maxSatisfying([version], wanted.range) !== undefined) return wanted;
  const { name, range, path } = wanted;
  const message = `${path.join(' > ')} wants ${name}@${range}, and ${name}@${version} is installed from elsewhere.`;
  throw new CodedError('dependency_conflict', message, `Uninstall that, or have ${name} in a version that fits.`);
}

function missing(name: string, range: string, asker: string): CodedError {
  const message = `${asker} needs ${name}@${range}, which no registry has that was asked.`;
  const fix = `Install ${name} from where it is first, or write it with its namespace in skill.yaml: @namespace/${name}.`;
  return new CodedError('dependency_missing', message, fix);
}

function addressOf(key: string): SkillAddress {
  const { namespace = '', name = key } = readKey(key) ?? {};
  return { namespace, name };
}

/** The ranges of what a skill needs and gets, by `@namespace/name`. */
export function needsOf(
  wanted: readonly Wanted[],
  { skills, leftOut, sourceVersions }: Choice,
): Pick<InstallRecord, 'dependencies' | 'optional'> {
  const there = new Set([...skills.map(addressText), ...sourceVersions.keys()]);
  const got = wanted.filter((need) => there.has(addressText(need)) && !isLeftOut(need, leftOut));
  return {
    dependencies: Object.fromEntries(got.map((need) => [addressText(need), need.range])),
    optional: got.filter(({ optional }) => optional).map(addressText),
  };
}

function isLeftOut(need: Wanted, leftOut: readonly LeftOut[]): boolean {
  return leftOut.some(
    ({ wanted }) =>
      addressText(wanted) === addressText(need) &&
      wanted.range === need.range &&
      wanted.path.join() === need.path.join(),
  );
}
