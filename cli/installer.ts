import { readFile, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Bundle } from '../src/format/bundle.ts';
import { rememberedAgents } from './agents/agents.ts';
import { type Former, linkChange, unlinkChange } from './agents/links.ts';
import { errorCode } from './atomic-file.ts';
import type { CliContext } from './context.ts';
import { CodedError } from './failure.ts';
import { readInstalled } from './folder.ts';
import {
  type ChangedPlace,
  changedByHand,
  type KeptPlace,
  keepChanged,
  type SkillChange,
} from './project/changed-files.ts';
import { folderDigest } from './project/folder-digest.ts';
import { realFolderWithin } from './project/real-path.ts';
import { formatRecords, type InstallRecord, keyOfRecord, labelOf } from './project/record.ts';
import { type Scope, skillFolder } from './project/scope.ts';
import { type FileSteps, fileSteps } from './project/steps.ts';
import { type Change, change, exists } from './project/transaction.ts';
import { writeBundle } from './project/write-bundle.ts';

/** A skill that shall be installed. */
export interface WantedSkill {
  record: InstallRecord;
  /** Its files, checked; without them those on disk stay. */
  bundle?: Bundle;
}

/** What a scope shall be like, and what it was. */
export interface Target {
  scope: Scope;
  /** By `@namespace/name`. */
  before: ReadonlyMap<string, InstallRecord>;
  /** What this program has put on the disk; it may be of another time than the record. */
  onDisk: ReadonlyMap<string, InstallRecord>;
  after: readonly WantedSkill[];
  /** The text for `skills.json`, if it changes. */
  manifest?: string;
  /** Called when nothing stands in the way any more, before anything is written. */
  beforeWriting?: () => Promise<void>;
}

type InstallContext = Pick<CliContext, 'env' | 'home'>;

/**
 * Brings a scope to what it shall be: folders, agents' links, `skills.json` and the record of it all. Either all of it is
 * done, or everything is as before, also after the process was killed; see `change`. Files that somebody changed by hand are
 * kept before they are replaced or taken away.
 *
 * @param journal as `withScope` gives it
 * @returns what was kept, and where
 * @throws CodedError `conflict`, before anything is written, when a place is taken by something else; `not_kept`
 */
export async function install(
  context: InstallContext,
  journal: string,
  target: Target,
  steps: FileSteps = fileSteps,
): Promise<KeptPlace[]> {
  const { scope, before, after } = target;
  const { folders, links } = await skillChanges(context, target);
  const { kept, changes: keeping } = await keepChanged(context, await changedByHand([...folders, ...links]));
  const text = formatRecords(new Map(after.map(({ record }) => [keyOfRecord(record), record])));
  const files = await Promise.all([
    textChange(scope.manifestPath, target.manifest),
    textChange(scope.recordsPath, before.size + after.length === 0 ? undefined : text),
    scope.kind === 'global' ? undefined : noteChange(scope.onDiskPath, after.length === 0 ? undefined : text),
  ]);
  const changes = [...keeping, ...folders, ...links, ...files].filter((one) => one !== undefined);
  await target.beforeWriting?.();
  if (changes.length === 0) return [];
  await change(journal, changes, steps);
  if (scope.kind === 'global') await dropEmptyFolders(folders);
  return kept;
}

/**
 * Files that somebody changed by hand and that `install` would replace or take away. Nothing is written.
 *
 * @throws CodedError `conflict` as `install`
 */
export async function handChanges(context: InstallContext, target: Target): Promise<ChangedPlace[]> {
  const { folders, links } = await skillChanges(context, target);
  return changedByHand([...folders, ...links]);
}

async function skillChanges(
  context: InstallContext,
  target: Target,
): Promise<{ folders: SkillChange[]; links: SkillChange[] }> {
  refuseTwins(target);
  await realFolderWithin(target.scope, target.scope.agentsFolder);
  return { folders: await folderChanges(target), links: await linkChanges(context, target) };
}

async function folderChanges({ scope, before, onDisk, after }: Target): Promise<SkillChange[]> {
  const changes: SkillChange[] = [];
  const kept = new Set(after.map(({ record }) => skillFolder(scope, record)));
  const byFolder = (records: Iterable<InstallRecord>) =>
    new Map([...records].map((record) => [skillFolder(scope, record), record]));
  const [former, locked] = [byFolder(onDisk.values()), byFolder(before.values())];
  for (const [folder, record] of former) {
    if (kept.has(folder) || !(await exists(folder))) continue;
    // What the record does not tell of was left by another state of the project: only what nobody changed goes.
    if (before.has(keyOfRecord(record)) || (await folderDigest(folder)) === record.treeDigest)
      changes.push({ path: folder, known: [record, ...present(locked.get(folder))] });
  }
  for (const { record, bundle } of after) {
    if (!bundle) continue;
    const path = skillFolder(scope, record);
    if (!former.has(path)) await refuseForeign(path, record);
    const known = present(former.get(path), locked.get(path), record);
    changes.push({ path, known, make: (draft, steps) => writeBundle(draft, bundle, steps) });
  }
  return changes;
}

/** @throws CodedError `conflict` for a folder with other files than those that shall be there */
async function refuseForeign(path: string, record: InstallRecord): Promise<void> {
  if (!(await exists(path)) || (await folderDigest(path)) === record.treeDigest) return;
  const message = `${path} exists, but was not installed by this program.`;
  throw new CodedError('conflict', message, 'Move it away, then install again.');
}

async function linkChanges(context: InstallContext, { scope, onDisk, after }: Target): Promise<SkillChange[]> {
  const changes = new Map<string, SkillChange>();
  const formerByName = new Map<string, Former>();
  for (const record of onDisk.values())
    formerByName.set(record.name, { record, folders: await agentFolders(context, scope, record) });
  const wanted = new Set<string>();
  for (const { record, bundle } of after) {
    const visible = { record, bundle: async () => bundle ?? readInstalled(skillFolder(scope, record)) };
    for (const folder of await agentFolders(context, scope, record)) {
      wanted.add(`${folder}\n${record.name}`);
      const former = formerByName.get(record.name);
      const change = await linkChange(scope, folder, visible, former);
      if (change) changes.set(change.path, { ...change, known: present(former?.record, record) });
    }
  }
  for (const record of onDisk.values()) {
    for (const folder of await agentFolders(context, scope, record)) {
      if (wanted.has(`${folder}\n${record.name}`)) continue;
      const change = await unlinkChange(scope, folder, record);
      if (change) changes.set(change.path, { ...change, known: [record] });
    }
  }
  return [...changes.values()];
}

/** Where agents look for a skill besides the place of its files, as real paths; several may share one. */
export async function agentFolders(context: InstallContext, scope: Scope, record: InstallRecord): Promise<Set<string>> {
  const own = scope.kind === 'project' ? await realFolderWithin(scope, scope.agentsFolder) : undefined;
  const shared = scope.kind === 'global' ? [scope.agentsFolder] : [];
  const named = rememberedAgents(context, scope, record.agents ?? []).map(({ folder }) => folder);
  const folders = await Promise.all([...shared, ...named].map((folder) => realFolderWithin(scope, folder)));
  return new Set(folders.filter((folder) => folder !== own));
}

/** @param text undefined for a note that shall not be there any more */
async function noteChange(path: string, text: string | undefined): Promise<Change | undefined> {
  if (text === undefined) return (await exists(path)) ? { path } : undefined;
  return textChange(path, text);
}

async function textChange(path: string | undefined, text: string | undefined): Promise<Change | undefined> {
  if (path === undefined || text === undefined) return undefined;
  const is = await readFile(path, 'utf8').catch((error) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (is === text) return undefined;
  return { path, make: (draft, steps) => steps.writeFile(draft, text, { flag: 'wx', mode: 0o644 }) };
}

function present(...records: readonly (InstallRecord | undefined)[]): InstallRecord[] {
  return records.filter((record) => record !== undefined);
}

function refuseTwins({ before, after }: Target): void {
  const seen = new Map<string, InstallRecord>();
  for (const { record } of after) {
    const twin = seen.get(record.name);
    if (twin) throw twins(before, twin, record);
    seen.set(record.name, record);
  }
}

function twins(before: Target['before'], ...[one, other]: [InstallRecord, InstallRecord]): CodedError {
  const [installed, wanted] = before.has(keyOfRecord(other)) ? [other, one] : [one, other];
  if (before.has(keyOfRecord(installed)) && !before.has(keyOfRecord(wanted))) {
    const message = `${labelOf(installed)} is installed as '${wanted.name}' already.`;
    const fix = `To have ${labelOf(wanted)} in its place, first: skills uninstall ${keyOfRecord(installed)}`;
    return new CodedError('conflict', message, fix);
  }
  const message = `${labelOf(one)} and ${labelOf(other)} would both be installed as '${wanted.name}'.`;
  return new CodedError('conflict', message, 'Agents know a skill by its name alone: install one of them.');
}

/** The user's folder of a skill that is gone, in which a folder a version was. */
async function dropEmptyFolders(changes: readonly Change[]): Promise<void> {
  for (const { path, make } of changes) {
    if (make) continue;
    try {
      await rmdir(dirname(path));
    } catch (error) {
      if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) throw error;
    }
  }
}
