import type { Finding } from '../../src/format/finding.ts';
import type { CliContext } from '../context.ts';
import { usageError } from '../failure.ts';
import { inTurns } from '../in-turns.ts';
import type { WantedSkill } from '../installer.ts';
import type { InstallRecord } from '../project/record.ts';
import { isConfidential } from '../registry.ts';
import { addressText, type LeftOut } from '../resolve/plan.ts';
import { type AgentOptions, agentsChoice } from './agents-choice.ts';
import { chooseVersions } from './choose-versions.ts';
import { collect } from './collect.ts';
import { AT_ONCE, refuseOther, stateOf } from './gather.ts';
import { type NamedSkill, nameSkill } from './named-skill.ts';
import type { RegistryPool } from './registry-pool.ts';
import type { Moves } from './report.ts';
import { readRequest } from './requests.ts';
import type { Situation } from './situation.ts';
import { readSource, type SourceSkill } from './sources.ts';
import { LockedSource } from './version-source.ts';
import { withWishes } from './wishes.ts';

export interface InstallOptions extends AgentOptions {
  /** As on the command line; none for all that the scope wants. */
  refs: readonly string[];
  /** Whether `skills.json` shall name what was asked for. */
  save: boolean;
}

/** What an install will do, with everything that it needs in memory. */
export interface InstallPlan {
  after: WantedSkill[];
  manifest?: string;
  leftOut: readonly LeftOut[];
  moved: Moves;
  /** What was asked for by `@namespace/name`, or by the name of one that comes from no registry. */
  asked: ReadonlySet<string>;
  /** What looks doubtful about skills that nobody vetted. */
  doubts: readonly Finding[];
}

type PlanContext = Pick<CliContext, 'env' | 'home' | 'cwd' | 'fetch'>;

/**
 * Finds out what to install, and gets it. Nothing is written.
 *
 * @param note is told lines for people
 */
export async function planInstall(
  context: PlanContext,
  situation: Situation,
  pool: RegistryPool,
  options: InstallOptions,
  note: (line: string) => void,
): Promise<InstallPlan> {
  const { scope, records } = situation;
  requireSomething(situation, options);
  const agentsOf = await agentsChoice(context, situation, options);
  const requests = options.refs.map((text) => readRequest(text, context.cwd));
  // The version of what is named is chosen anew.
  const locked = new Map(records);
  const source = new LockedSource(pool, records, locked);
  const refs = requests.flatMap((request) => (request.kind === 'registry' ? [request.ref] : []));
  const named = await inTurns(refs, AT_ONCE, (ref) => nameSkill(pool, source, records, ref));
  for (const skill of named) locked.delete(addressText(skill));
  const given = await Promise.all(
    requests.flatMap((request) => (request.kind === 'registry' ? [] : [readSource(context, scope, request)])),
  );
  refuseReplaced(records, given);
  for (const { record } of given) warnOfPlainHttp(record, note);
  const sources = [...given, ...(await missingSources(context, situation, given, note))];
  const choice = await chooseVersions(situation, { named, sources, locked }, source);
  const again = new Set(named.map(addressText));
  const found = await collect(situation, pool, source, { again, sources, choice }, note);

  const saved = new Map([
    ...named.map((skill) => [addressText(skill), skill.saved] as const),
    ...given.map(({ record }) => [record.name, record.source ?? ''] as const),
  ]);
  const notes = {
    saved,
    isSaved: () => scope.kind === 'project' && options.save,
    agentsOf,
    isTouched: (key: string) => options.refs.length === 0 || saved.has(key) || !records.has(key),
  };
  return {
    ...withWishes(situation, found, notes),
    leftOut: choice.leftOut,
    moved: [...namesGiven(named), ...found.newNames],
    asked: new Set(saved.keys()),
    doubts: sources.flatMap(({ doubts }) => doubts),
  };
}

/** Old and new names of what was asked for by an old one. */
function namesGiven(named: readonly NamedSkill[]): [string, string][] {
  return named.flatMap((skill) => (skill.formerName ? [[skill.formerName, addressText(skill)]] : []));
}

function requireSomething({ scope, manifest, records }: Situation, { refs }: InstallOptions): void {
  if (refs.length > 0 || manifest.text !== undefined || records.size > 0) return;
  const where = scope.kind === 'project' ? `${scope.root} has no skills.json` : 'No skills are installed for you';
  throw usageError(`${where}, so there is nothing to install.`, 'Name a skill: skills install @acme/pdf-tools');
}

function warnOfPlainHttp({ source = '' }: InstallRecord, note: (line: string) => void): void {
  if (!source.startsWith('http:') || isConfidential(source)) return;
  note(`warning: ${new URL(source).origin} is asked without encryption: anybody on the way can change what comes.`);
}

/** A folder changes while somebody works on it; an address with another archive under the same version is an alarm. */
function refuseReplaced(records: ReadonlyMap<string, InstallRecord>, given: readonly SourceSkill[]): void {
  for (const { record } of given) {
    const before = records.get(record.name);
    if (before && before.source === record.source && !record.source?.startsWith('file:')) refuseOther(before, record);
  }
}

/** Skills from folders and the web that should be here and are not. */
async function missingSources(
  context: PlanContext,
  situation: Situation,
  given: readonly SourceSkill[],
  note: (line: string) => void,
): Promise<SourceSkill[]> {
  const { scope, sourceRoots, records } = situation;
  const isGiven = new Set(given.map(({ record }) => record.name));
  const found: SourceSkill[] = [];
  for (const [name, wanted] of sourceRoots) {
    if (isGiven.has(name)) continue;
    const record = records.get(name);
    const isLocked = record?.source === wanted;
    const state = record && isLocked && (await stateOf(situation, record));
    if (state === 'intact' || state === 'changed') continue;
    const skill = await readSource(context, scope, readRequest(wanted, scope.root));
    if (skill.record.name !== name) throw otherName(wanted, name, skill.record.name);
    if (record && isLocked) {
      if (!wanted.startsWith('file:')) refuseOther(record, skill.record);
      else if (record.treeDigest !== skill.record.treeDigest) note(`note: ${wanted} has changed since it was locked.`);
    }
    found.push(skill);
  }
  return found;
}

function otherName(wanted: string, name: string, found: string) {
  return usageError(`${wanted} holds the skill '${found}', not '${name}'.`, 'Correct the name in skills.json.');
}
