import type { PackageBody } from '../../src/http/v1/schemas.ts';
import { CodedError } from '../failure.ts';
import type { FetchedSkill } from '../fetch-skill.ts';
import { inTurns } from '../in-turns.ts';
import type { WantedSkill } from '../installer.ts';
import { folderDigest } from '../project/folder-digest.ts';
import { type InstallRecord, keyOfRecord, labelOf } from '../project/record.ts';
import { skillFolder } from '../project/scope.ts';
import { exists } from '../project/transaction.ts';
import type { SkillAddress } from '../resolve/plan.ts';
import { deprecationNote, verdictNote } from '../verdict-note.ts';
import type { RegistryPool } from './registry-pool.ts';
import type { Situation } from './situation.ts';

/** At once; registries limit requests, and archives are held in memory. */
export const AT_ONCE = 6;

/** A version to get, from where. */
export interface Wish extends SkillAddress {
  version: string;
  registry: string;
  /** What the lock file says of the skill. */
  locked: InstallRecord | undefined;
  /** What the registry has shown of the version just now; what the cache has must agree with it. */
  shown?: PackageBody | undefined;
}

/** A skill that was got, without what depends on the others. */
export interface Got {
  record: InstallRecord;
  fetched: FetchedSkill;
  /** What the registry says of the version now: as it was shown just now, else as it was fetched. */
  said: PackageBody;
}

/**
 * Gets versions and checks them, several at a time.
 *
 * @throws CodedError `digest_changed` when a version is not what it was when it was locked, `conflict` when an installed
 * skill came from elsewhere; else as `SkillFetcher.fetch`
 */
export function getAll(pool: RegistryPool, wishes: readonly Wish[]): Promise<Got[]> {
  return inTurns(wishes, AT_ONCE, (wish) => getOne(pool, wish));
}

async function getOne(pool: RegistryPool, { registry, locked, shown, version, ...address }: Wish): Promise<Got> {
  const { fetcher } = await pool.at(registry);
  const fetched = await fetcher.fetch({ ...address, range: version }, shown);
  const { metadata, evidence } = fetched;
  pool.registries.requireOwn(registry, address, metadata);
  const record: InstallRecord = {
    namespace: metadata.namespace,
    name: metadata.name,
    version: metadata.version,
    registry,
    sha256: metadata.sha256,
    treeDigest: metadata.tree_digest,
    keyId: metadata.key_id,
    ...(evidence.log ? { log: { position: evidence.log.position } } : {}),
  };
  if (locked) refuseOther(locked, record);
  return { record, fetched, said: shown ?? metadata };
}

/** Tells of what registries doubt, and of what publishers advise against. @param note is told lines for people */
export function noteWarnings(got: readonly Got[], note: (line: string) => void): void {
  for (const { record, said } of got) {
    const doubt = verdictNote(said);
    if (doubt !== undefined) note(doubt);
    if (said.deprecated !== undefined) note(deprecationNote(record, said.deprecated));
  }
}

/** @throws CodedError `digest_changed`, `conflict` */
export function refuseOther(locked: InstallRecord, record: InstallRecord): void {
  const isSame = locked.sha256 === record.sha256 && locked.treeDigest === record.treeDigest;
  if (locked.version === record.version && !isSame) throw digestChanged(locked, record);
  if (locked.registry === record.registry || isSame) return;
  throw new CodedError(
    'conflict',
    `${labelOf(locked)} from ${locked.registry ?? locked.source} is installed as '${record.name}' already.`,
    `To have the one from ${record.registry ?? record.source}, first: skills uninstall ${keyOfRecord(locked)}`,
  );
}

export function digestChanged(locked: InstallRecord, record: InstallRecord): CodedError {
  const what = locked.sha256 === record.sha256 ? 'tree digest' : 'SHA-256';
  const [now, before] =
    locked.sha256 === record.sha256 ? [record.treeDigest, locked.treeDigest] : [record.sha256, locked.sha256];
  const label = labelOf(record);
  return new CodedError(
    'digest_changed',
    `ALARM: ${label} is not what it was when it was locked: its ${what} is ${now}, and was ${before}.`,
    `A version never changes: somebody may have replaced it. Nothing was installed. Ask ${record.registry === undefined ? 'whoever offers it' : 'the publisher and the operator of the registry'}; if it is meant, first: skills uninstall ${keyOfRecord(locked)}`,
  );
}

/** How files are: as recorded, as this program put them there before the record changed, or changed by hand. */
export type FileState = 'intact' | 'stale' | 'changed' | 'missing';

/** How the files of an installed skill are, compared with its record. */
export async function stateOf(
  { scope, onDisk }: Pick<Situation, 'scope' | 'onDisk'>,
  record: InstallRecord,
): Promise<FileState> {
  const folder = skillFolder(scope, record);
  if (!(await exists(folder))) return 'missing';
  const noted = [...onDisk.values()].find(({ name }) => name === record.name);
  const digest = await folderDigest(folder);
  if (digest === record.treeDigest) return 'intact';
  return digest !== undefined && digest === noted?.treeDigest ? 'stale' : 'changed';
}

/** What each of the installed skills needs of the others, when those were asked for by names that they had. */
export function renameNeeds(skills: readonly WantedSkill[], newNames: ReadonlyMap<string, string>): WantedSkill[] {
  if (newNames.size === 0) return [...skills];
  const rename = (key: string) => newNames.get(key) ?? key;
  return skills.map(({ record, ...rest }) => ({
    ...rest,
    record: {
      ...record,
      dependencies: Object.fromEntries(
        Object.entries(record.dependencies ?? {}).map(([key, range]) => [rename(key), range]),
      ),
      optional: (record.optional ?? []).map(rename),
    },
  }));
}
