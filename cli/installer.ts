import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Bundle } from '../src/format/bundle.ts';
import type { SkillDependency } from '../src/format/skill-yaml.ts';
import { CodedError } from './failure.ts';
import { withLock } from './root-lock.ts';
import { type InstallRecord, labelOf, readIndex, writeIndex } from './skill-index.ts';

/** A version whose digest, signature and content were checked. */
export interface VerifiedSkill {
  record: InstallRecord;
  bundle: Bundle;
  /** What the skill says it depends on; nothing of it is installed. */
  needs: SkillDependency[];
  /** `@namespace/name` that it was asked for by, where it is called otherwise now. */
  formerName?: string | undefined;
}

/** The steps that can fail half-way; a test makes them. */
export interface InstallSteps {
  rename(from: string, to: string): Promise<void>;
  writeIndex: typeof writeIndex;
}

/**
 * Puts skills into `root/<name>`, one after the other. Each is there as a whole, with its record, or what was there
 * before is there again: files are written beside their place and moved to it, the old folder waits until the record
 * is written.
 *
 * @throws CodedError `conflict`, before anything is written, when a name is taken by something else
 */
export async function installSkills(
  root: string,
  skills: readonly VerifiedSkill[],
  steps: InstallSteps = { rename, writeIndex },
): Promise<void> {
  await mkdir(root, { recursive: true });
  await withLock(root, async () => {
    for (const { record } of skills) await recover(root, record.name);
    const records = await readIndex(root);
    refuseTwins(skills);
    for (const { record } of skills) refuseConflict(root, records.get(record.name), record);
    for (const skill of skills) {
      const next = new Map(records).set(skill.record.name, skill.record);
      await installOne(root, skill, next, steps);
      records.set(skill.record.name, skill.record);
    }
  });
}

async function installOne(
  root: string,
  skill: VerifiedSkill,
  records: Map<string, InstallRecord>,
  steps: InstallSteps,
): Promise<void> {
  const { draft, target, former } = places(root, skill.record.name);
  let moved = false;
  try {
    await unpack(draft, skill.bundle);
    if (existsSync(target)) await steps.rename(target, former);
    await steps.rename(draft, target);
    moved = true;
    await steps.writeIndex(root, records);
  } catch (error) {
    if (moved) await rm(target, { recursive: true, force: true });
    if (existsSync(former)) await rename(former, target);
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  await rm(former, { recursive: true, force: true });
}

/** Tidies up after a process that was killed: the former folder comes back when the new one is not in place yet. */
async function recover(root: string, name: string): Promise<void> {
  const { draft, target, former } = places(root, name);
  await rm(draft, { recursive: true, force: true });
  if (!existsSync(former)) return;
  if (existsSync(target)) await rm(former, { recursive: true, force: true });
  else await rename(former, target);
}

/** Skill names never start with a dot, so these two can be nobody's. */
function places(root: string, name: string) {
  return { draft: join(root, `.new-${name}`), target: join(root, name), former: join(root, `.old-${name}`) };
}

async function unpack(folder: string, bundle: Bundle): Promise<void> {
  await mkdir(folder);
  for (const { path, bytes, executable } of bundle.files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes, { flag: 'wx', mode: executable ? 0o755 : 0o644 });
  }
}

function refuseTwins(skills: readonly VerifiedSkill[]): void {
  const seen = new Map<string, InstallRecord>();
  for (const { record } of skills) {
    const twin = seen.get(record.name);
    if (twin)
      throw conflict(
        `${labelOf(twin)} and ${labelOf(record)} would both be installed as '${record.name}'.`,
        'Install one of them.',
      );
    seen.set(record.name, record);
  }
}

function refuseConflict(root: string, installed: InstallRecord | undefined, wanted: InstallRecord): void {
  const { target } = places(root, wanted.name);
  if (installed === undefined) {
    if (!existsSync(target)) return;
    throw conflict(`${target} exists, but was not installed by this program.`, 'Move it away, then install again.');
  }
  if (installed.namespace === wanted.namespace && installed.registry === wanted.registry) return;
  const from = installed.registry === wanted.registry ? '' : ` from ${installed.registry}`;
  throw conflict(
    `${labelOf(installed)}${from} is installed as '${wanted.name}' already.`,
    `Remove ${target} and its entry in index.json first, or install ${labelOf(wanted)} elsewhere.`,
  );
}

function conflict(message: string, fix: string): CodedError {
  return new CodedError('conflict', message, fix);
}
