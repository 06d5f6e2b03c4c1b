import type { Finding } from '../../src/format/finding.ts';
import { compareVersions, isVersionRange, maxSatisfying } from '../../src/format/semver.ts';
import type { CliContext } from '../context.ts';
import { inTurns } from '../in-turns.ts';
import type { WantedSkill } from '../installer.ts';
import { selectInstalled } from '../project/installed.ts';
import { type InstallRecord, isFromRegistry, keyOfRecord, labelOf, type RegistryRecord } from '../project/record.ts';
import { skillFolder } from '../project/scope.ts';
import { addressText, type LeftOut } from '../resolve/plan.ts';
import { deprecationNote } from '../verdict-note.ts';
import { agentsChoice } from './agents-choice.ts';
import { chooseVersions } from './choose-versions.ts';
import { collect } from './collect.ts';
import { AT_ONCE, refuseOther } from './gather.ts';
import { type NamedSkill, nameSkill } from './named-skill.ts';
import type { RegistryPool } from './registry-pool.ts';
import type { Moves } from './report.ts';
import { readRequest } from './requests.ts';
import type { Situation } from './situation.ts';
import { readSource, type SourceSkill } from './sources.ts';
import { LockedSource } from './version-source.ts';
import { withWishes } from './wishes.ts';

export interface UpdateOptions {
  /** `name` or `@namespace/name`; none for all. */
  names: readonly string[];
  /** Whether to go past the ranges that are wanted. */
  latest: boolean;
}

export interface UpdatePlan {
  after: WantedSkill[];
  manifest?: string;
  leftOut: readonly LeftOut[];
  moved: Moves;
  doubts: readonly Finding[];
}

type PlanContext = Pick<CliContext, 'env' | 'home' | 'cwd' | 'fetch'>;

/**
 * Chooses the newest versions of the named skills within the ranges that are wanted; without names of all. Gets what is new.
 * A skill whose versions were all withdrawn stays as it is, which is told. Nothing is written.
 *
 * @throws CodedError `not_installed`; else as `chooseVersions` and `collect`
 */
export async function planUpdate(
  context: PlanContext,
  situation: Situation,
  pool: RegistryPool,
  { names, latest }: UpdateOptions,
  note: (line: string) => void,
): Promise<UpdatePlan> {
  const { scope, records } = situation;
  const agentsOf = await agentsChoice(context, situation, { agents: [], copy: false });
  const skills = [...records.values()].map((record) => ({ record, path: skillFolder(scope, record) }));
  const chosen = selectInstalled({ scope, skills }, names).map(({ record }) => record);
  const locked = new Map(names.length === 0 ? [] : records);
  for (const record of chosen) locked.delete(keyOfRecord(record));
  const source = new LockedSource(pool, records, locked);
  const named = latest ? await newest(situation, pool, source, chosen) : [];
  const isNamed = new Set(named.map(addressText));
  for (const record of await stuck(situation, source, chosen)) {
    if (isNamed.has(keyOfRecord(record))) continue;
    locked.set(keyOfRecord(record), record);
    note(
      `warning: no version of ${keyOfRecord(record)} can be installed any more that will do; ${labelOf(record)} stays.`,
    );
  }
  const sources = await changedSources(context, situation, chosen);
  const choice = await chooseVersions(situation, { named, sources, locked }, source);
  const tell = once(note);
  const found = await collect(situation, pool, source, { again: new Set(), sources, choice }, tell);
  for (const line of await deprecations(source, chosen, found.skills)) tell(line);

  const saved = new Map(named.map((skill) => [addressText(skill), skill.saved]));
  const isSaved = (key: string) => Object.hasOwn(situation.manifest.skills, key);
  const planned = withWishes(situation, found, { saved, isSaved, agentsOf, isTouched: () => false });
  return {
    ...planned,
    leftOut: choice.leftOut,
    moved: [...found.newNames],
    doubts: sources.flatMap(({ doubts }) => doubts),
  };
}

/** What `latest` leads to, of the skills that are wanted for themselves in a range; nothing that is older than what is here. */
async function newest(
  { roots, records }: Situation,
  pool: RegistryPool,
  source: LockedSource,
  chosen: readonly InstallRecord[],
): Promise<NamedSkill[]> {
  const wanted = chosen
    .filter(isFromRegistry)
    .filter((record) => isVersionRange(roots.get(keyOfRecord(record)) ?? 'tag'));
  const found = await Promise.all(
    wanted.map(async (record: RegistryRecord) => {
      const { namespace, name } = record;
      const version = await source.tag(record, 'latest');
      const isNewer = version !== undefined && compareVersions(version, record.version) > 0;
      return isNewer ? [await nameSkill(pool, source, records, { namespace, name })] : [];
    }),
  );
  return found.flat();
}

/** Skills of which the registry offers no version that is wanted: they would keep all others from being updated. */
async function stuck(
  { roots }: Situation,
  source: LockedSource,
  chosen: readonly InstallRecord[],
): Promise<RegistryRecord[]> {
  const found = await inTurns(chosen.filter(isFromRegistry), AT_ONCE, async (record) => {
    const range = roots.get(keyOfRecord(record));
    const isFit = (version: string) =>
      range === undefined || !isVersionRange(range) || maxSatisfying([version], range) !== undefined;
    return (await source.offers(record, isFit)) ? [] : [record];
  });
  return found.flat();
}

/** Warnings of versions that stay. Of those that come `collect` warns, and of some that it gets again. */
async function deprecations(
  source: LockedSource,
  chosen: readonly InstallRecord[],
  after: readonly WantedSkill[],
): Promise<string[]> {
  const isThere = new Set(after.map(({ record }) => labelOf(record)));
  const staying = chosen.filter((record) => isThere.has(labelOf(record)));
  const found = await inTurns(staying.filter(isFromRegistry), AT_ONCE, async (record) => {
    const message = await source.deprecation(record, record.version);
    return message === undefined ? [] : [deprecationNote(record, message)];
  });
  return found.flat();
}

function once(note: (line: string) => void): (line: string) => void {
  const told = new Set<string>();
  return (line) => {
    if (!told.has(line)) note(line);
    told.add(line);
  };
}

/** Skills from folders and the web that are not as they were. */
async function changedSources(
  context: PlanContext,
  { scope }: Situation,
  chosen: readonly InstallRecord[],
): Promise<SourceSkill[]> {
  const changed: SourceSkill[] = [];
  for (const record of chosen) {
    if (record.source === undefined) continue;
    const skill = await readSource(context, scope, readRequest(record.source, scope.root));
    if (skill.record.treeDigest === record.treeDigest && skill.record.version === record.version) continue;
    if (!record.source.startsWith('file:')) refuseOther(record, skill.record);
    changed.push(skill);
  }
  return changed;
}
