import { isVersion, isVersionRange, maxSatisfying } from '../../src/format/semver.ts';
import { CodedError } from '../failure.ts';
import type { WantedSkill } from '../installer.ts';
import { reachable } from '../project/graph.ts';
import { isSource } from '../project/manifest.ts';
import { type InstallRecord, isFromRegistry, labelOf } from '../project/record.ts';
import { exists } from '../project/transaction.ts';
import { digestChanged, getAll, noteWarnings, stateOf, type Wish } from './gather.ts';
import type { RegistryPool } from './registry-pool.ts';
import type { Situation } from './situation.ts';
import type { SourceSkill } from './sources.ts';

/** @throws CodedError `lock_missing` where nothing says what to install */
export async function requireProject({ scope, manifest }: Situation): Promise<void> {
  if (manifest.text !== undefined || (await exists(scope.recordsPath))) return;
  const message = `${scope.root} has neither skills.json nor skills.lock, so there is nothing to install.`;
  throw new CodedError('lock_missing', message, 'Go to a project that has them, or begin one: skills install <skill>');
}

/**
 * Whether `skills.lock` is what `skills.json` asks for, to the last skill.
 *
 * @throws CodedError `lock_missing`, `lock_mismatch`
 */
export function requireLocked({ scope, roots, sourceRoots, records }: Situation): void {
  if (records.size === 0 && roots.size + sourceRoots.size > 0) {
    const message = `${scope.recordsPath} is missing, or empty.`;
    throw new CodedError(
      'lock_missing',
      message,
      'Make it with `skills install`, and keep it in your version control.',
    );
  }
  for (const [key, wanted] of [...roots, ...sourceRoots]) requireFit(key, wanted, records.get(key), 'skills.json');
  for (const record of records.values()) {
    for (const [key, range] of Object.entries(record.dependencies ?? {}))
      requireFit(key, range, records.get(key), labelOf(record));
  }
  const needed = reachable([...roots.keys(), ...sourceRoots.keys()], records);
  for (const key of records.keys()) if (!needed.has(key)) throw mismatch(`nothing needs ${key}, which it has`);
}

/**
 * What the lock file says, byte for byte: what is on disk as locked stays, the rest is got.
 *
 * @param readSource reads a skill again that comes from a folder or the web
 * @param note is told lines for people
 * @throws CodedError `digest_changed`; else as `getAll`
 */
export async function collectLocked(
  situation: Situation,
  pool: RegistryPool,
  readSource: (wanted: string) => Promise<SourceSkill>,
  note: (line: string) => void,
): Promise<WantedSkill[]> {
  const skills: WantedSkill[] = [];
  const wishes: { wish: Wish; record: InstallRecord }[] = [];
  for (const record of situation.records.values()) {
    const state = await stateOf(situation, record);
    if (state === 'intact') skills.push({ record });
    else if (isFromRegistry(record)) wishes.push({ wish: wishOf(pool, record), record });
    else skills.push({ record, bundle: await sourceBundle(record, readSource) });
  }
  const got = await getAll(
    pool,
    wishes.map(({ wish }) => wish),
  );
  noteWarnings(got, note);
  for (const [at, { record: now, fetched }] of got.entries()) {
    const record = wishes[at]?.record;
    if (!record) continue;
    if (now.sha256 !== record.sha256) throw digestChanged(record, now);
    skills.push({ record, bundle: fetched.bundle });
  }
  return skills;
}

function wishOf(pool: RegistryPool, record: InstallRecord & { namespace: string }): Wish {
  const { namespace, name, version } = record;
  return { namespace, name, version, registry: pool.registryOf(record, record, false), locked: record };
}

async function sourceBundle(record: InstallRecord, readSource: (wanted: string) => Promise<SourceSkill>) {
  const { record: now, bundle } = await readSource(record.source ?? '');
  if (now.treeDigest !== record.treeDigest || now.version !== record.version) throw digestChanged(record, now);
  return bundle;
}

function requireFit(key: string, wanted: string, record: InstallRecord | undefined, asker: string): void {
  if (!record) throw mismatch(`${asker} wants ${key}, which it does not have`);
  if (fits(wanted, record)) return;
  throw mismatch(`${asker} wants ${key}@${wanted}, and it has ${record.source ?? record.version}`);
}

/** Where a tag leads, only a registry knows. */
function fits(wanted: string, { source, version }: InstallRecord): boolean {
  if (isSource(wanted)) return wanted === source;
  if (isVersion(wanted)) return wanted === version;
  return !isVersionRange(wanted) || maxSatisfying([version], wanted) !== undefined;
}

function mismatch(how: string): CodedError {
  const fix = 'Run `skills install`, look at what it changes, and keep skills.lock in your version control.';
  return new CodedError('lock_mismatch', `skills.lock does not fit: ${how}.`, fix);
}
