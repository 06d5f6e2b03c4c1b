import { CodedError } from '../failure.ts';
import type { WantedSkill } from '../installer.ts';
import { type InstallRecord, isFromRegistry, keyOfRecord, labelOf } from '../project/record.ts';
import { addressText, type PlannedSkill } from '../resolve/plan.ts';
import { type Choice, needsOf } from './choose-versions.ts';
import { getAll, noteWarnings, renameNeeds, stateOf, type Wish } from './gather.ts';
import type { RegistryPool } from './registry-pool.ts';
import type { Situation } from './situation.ts';
import type { SourceSkill } from './sources.ts';
import type { LockedSource } from './version-source.ts';

export interface Collection {
  /** What is got and checked again even if it is there, by `@namespace/name`. */
  again: ReadonlySet<string>;
  sources: readonly SourceSkill[];
  choice: Choice;
}

export interface Collected {
  skills: WantedSkill[];
  /** What skills are called that were asked for by names that they had: `@namespace/name` by the old one. */
  newNames: ReadonlyMap<string, string>;
}

/**
 * Everything that shall be installed: what is there already stays, the rest is got and checked. Nothing is written.
 *
 * @param note is told lines for people
 * @throws CodedError as `getAll`; `conflict` when a skill would be there in two versions
 */
export async function collect(
  situation: Situation,
  pool: RegistryPool,
  source: LockedSource,
  { again, sources, choice }: Collection,
  note: (line: string) => void,
): Promise<Collected> {
  const kept: WantedSkill[] = [];
  const wishes: { wish: Wish; planned: PlannedSkill }[] = [];
  for (const planned of choice.skills) {
    const key = addressText(planned);
    const record = situation.records.get(key);
    const shown = await source.shown(planned, planned.version);
    const isThere = record?.version === planned.version && (!shown || shown.sha256 === record.sha256);
    if (record && isThere && !again.has(key) && (await isLeftAlone(situation, record, note))) kept.push({ record });
    else wishes.push({ planned, wish: { ...planned, registry: source.registryOf(planned), locked: record, shown } });
  }
  const got = await getAll(
    pool,
    wishes.map(({ wish }) => wish),
  );
  noteWarnings(got, note);
  const fetched = got.map(({ record, fetched }, at) => {
    const { planned } = wishes[at] ?? {};
    return { record: { ...record, ...needsOf(planned?.dependencies ?? [], choice) }, bundle: fetched.bundle };
  });
  const newNames = new Map<string, string>();
  for (const [at, { record }] of got.entries()) {
    const asked = wishes[at]?.planned;
    if (asked && addressText(asked) !== keyOfRecord(record)) newNames.set(addressText(asked), keyOfRecord(record));
  }
  const all = renameNeeds([...sourceSkills(situation, sources, choice), ...kept, ...fetched], newNames);
  return { skills: withoutDoubles(all), newNames };
}

/** Whether the files of a skill stay as they are: when they were changed by hand, that is told. */
async function isLeftAlone(
  situation: Situation,
  record: InstallRecord,
  note: (line: string) => void,
): Promise<boolean> {
  const state = await stateOf(situation, record);
  if (state === 'changed') {
    const again = isFromRegistry(record) ? labelOf(record) : record.source;
    note(`note: the files of ${labelOf(record)} were changed by hand; to undo that: skills install ${again}`);
  }
  return state === 'intact' || state === 'changed';
}

function sourceSkills(
  { sourceRoots, records }: Situation,
  sources: readonly SourceSkill[],
  choice: Choice,
): WantedSkill[] {
  const fresh = sources.map(({ record, bundle }) => ({
    record: { ...record, ...needsOf(choice.sourceNeeds.get(record.name) ?? [], choice) },
    bundle,
  }));
  const isFresh = new Set(sources.map(({ record }) => record.name));
  const kept = [...sourceRoots.keys()].flatMap((name) => (isFresh.has(name) ? [] : (records.get(name) ?? [])));
  return [...fresh, ...kept.map((record) => ({ record }))];
}

/** A skill that moved may be reached by two names. */
function withoutDoubles(skills: readonly WantedSkill[]): WantedSkill[] {
  const seen = new Map<string, WantedSkill>();
  for (const skill of skills) {
    const key = keyOfRecord(skill.record);
    const other = seen.get(key);
    if (other && other.record.version !== skill.record.version) {
      const message = `${labelOf(other.record)} and ${labelOf(skill.record)} are wanted at the same time: it was asked for by an old name, too.`;
      throw new CodedError('conflict', message, `Ask for ${key} only: uninstall the old name.`);
    }
    seen.set(key, other?.bundle ? other : skill);
  }
  return [...seen.values()];
}
