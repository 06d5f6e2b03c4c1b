import { and, desc, eq, exists, sql } from 'drizzle-orm';
import { versions } from '../../db/schema/catalog.ts';
import { logLeaves } from '../../db/schema/log.ts';
import { openEntry, readEntry, type VersionEntry } from '../../format/tlog/leaf.ts';
import { inclusionRanges } from '../../format/tlog/proof-ranges.ts';
import type { Actor } from '../accounts/actor.ts';
import { type FoundVersion, getVersion } from '../catalog/get-version.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { appendEntries, versionSubject } from './append-entries.ts';
import { logKeys } from './keys.ts';
import { checkpointOver, consistencyFrom, proofOf, requireLog } from './show-checkpoint.ts';
import { versionEntry } from './version-entry.ts';

export interface VersionProof {
  /** The entry, as it is in the log. */
  leaf: string;
  /** What a sealed entry hides. */
  opening: string | undefined;
  position: number;
  /** The signed note. */
  checkpoint: string;
  /** Hashes in hex, from the entry upwards. */
  inclusion: string[];
  /** Hashes in hex; none when the caller saw no earlier tree, or one that is larger than this one. */
  consistency: string[] | undefined;
}

type ProveDeps = Pick<Deps, 'db' | 'bundles' | 'clock' | 'random' | 'logSigner'>;

/**
 * Proves that the log says of a published version what the hub serves. When the newest entry under its name does not (it was
 * published before the log began, or the skill was called otherwise), one is appended first: whatever a hub says of a version
 * is in the log.
 *
 * @param from the size of the tree that the caller saw last
 * @throws Problem as `getVersion` does, `not_found` where there is no log
 */
export async function proveVersion(
  deps: ProveDeps,
  actor: Actor,
  wanted: { namespace: string; name: string; version: string },
  from?: number,
): Promise<VersionProof> {
  const log = requireLog(deps);
  const found = await getVersion(deps, actor, wanted);
  const { leaf, opening, position } = await offeredEntry(deps, found);
  const { size, note } = await checkpointOver(log, position);
  return {
    leaf,
    opening,
    position,
    checkpoint: note,
    inclusion: await proofOf(deps, size, inclusionRanges(position, size)),
    consistency: await consistencyFrom(deps, from, size),
  };
}

interface Offered {
  leaf: string;
  opening: string | undefined;
  position: number;
}

async function offeredEntry(deps: ProveDeps, found: FoundVersion): Promise<Offered> {
  const { skill, version } = found;
  const newest = await newestEntry(deps, found);
  if (newest?.fits) return newest;
  const { subject, ...entry } = await versionEntry(deps, 'offer', skill, version);
  const known = sql`(select max(${logLeaves.position}) from ${logLeaves} where ${logLeaves.subject} = ${subject})`;
  const published = exists(
    deps.db
      .select({ one: sql`1` })
      .from(versions)
      .where(and(eq(versions.id, version.id), eq(versions.state, 'published'))),
  );
  const unchanged = and(sql`${known} is ${newest?.position ?? null}`, published) ?? published;
  await appendEntries(deps, [{ ...entry, subject }], unchanged);
  const offered = await newestEntry(deps, found);
  if (offered?.fits) return offered;
  throw new Problem('unavailable', 'The version changes at this moment.', { fix: 'Try again.' });
}

/** The newest entry under the version's present name, and whether it says what is served. */
async function newestEntry(deps: Pick<Deps, 'db' | 'bundles'>, { skill, version }: FoundVersion) {
  const { namespace, name } = skill;
  const subject = versionSubject({ namespace, name, version: version.version });
  const [row] = await deps.db
    .select({ position: logLeaves.position, leaf: logLeaves.leaf })
    .from(logLeaves)
    .where(eq(logLeaves.subject, subject))
    .orderBy(desc(logLeaves.position))
    .limit(1);
  if (!row) return undefined;
  const { entry, opening } = await readOpened(deps, row.leaf);
  const fits =
    entry.event !== 'yank' &&
    entry.archive_sha256 === version.archiveSha256 &&
    entry.tree_digest === version.treeDigest &&
    entry.key_id === (version.keyId ?? '');
  return { ...row, opening, fits };
}

async function readOpened(
  deps: Pick<Deps, 'bundles'>,
  leaf: string,
): Promise<{ entry: VersionEntry; opening: string | undefined }> {
  const entry = readEntry(leaf);
  if (entry && 'version' in entry) return { entry, opening: undefined };
  if (!entry || !('commitment' in entry)) throw new Error('an entry about a version cannot be read');
  const stored = await deps.bundles.open(logKeys.opening(entry.commitment));
  const opening = stored && (await new Response(stored.body).text());
  const opened = opening === undefined ? undefined : await openEntry(entry, opening);
  if (!opened || !('version' in opened))
    throw new Error(`the bundle store has lost ${logKeys.opening(entry.commitment)}`);
  return { entry: opened, opening };
}
