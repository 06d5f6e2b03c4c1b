import { toHex } from '../../format/digest.ts';
import { consistencyRanges, type Range } from '../../format/tlog/proof-ranges.ts';
import { rangeHash } from '../../format/tlog/range-hash.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { isCurrent, newestCheckpoint, type SealDeps, type StoredCheckpoint, sealLog } from './seal.ts';
import { tileReader } from './tiles.ts';

type LogDeps = Pick<Deps, 'db' | 'bundles' | 'clock' | 'logSigner'>;

/** @throws Problem `not_found` on a hub without a key for its log */
export function requireLog({ db, bundles, clock, logSigner }: LogDeps): SealDeps {
  if (logSigner) return { db, bundles, clock, logSigner };
  throw new Problem('not_found', 'This hub shows no transparency log.', { fix: 'Ask its operator to set LOG_KEY.' });
}

/**
 * The newest signed checkpoint, with the proof that the tree it speaks of begins with an earlier one.
 *
 * @param from the size of the earlier tree
 * @throws Problem `not_found` where there is no log
 */
export async function showCheckpoint(
  deps: LogDeps,
  from?: number,
): Promise<{ checkpoint: string; consistency: string[] | undefined }> {
  const { size, note } = await checkpointOver(requireLog(deps), -1);
  return { checkpoint: note, consistency: await consistencyFrom(deps, from, size) };
}

/** A checkpoint of a tree that holds the entry at `position`, no older than one may be. Seals what has to be for that. */
export async function checkpointOver(deps: SealDeps, position: number): Promise<StoredCheckpoint> {
  const newest = await newestCheckpoint(deps);
  if (newest && newest.size > position && (await isCurrent(deps, newest))) return newest;
  return sealLog(deps);
}

/** The consistency proof from `from` to `size` in hex; undefined without `from`, or when there is none. */
export async function consistencyFrom(
  deps: Pick<Deps, 'bundles'>,
  from: number | undefined,
  size: number,
): Promise<string[] | undefined> {
  if (from === undefined || from > size) return undefined;
  return proofOf(deps, size, consistencyRanges(from, size));
}

/** The roots of these subtrees in hex: what a proof consists of. */
export async function proofOf(deps: Pick<Deps, 'bundles'>, size: number, ranges: readonly Range[]): Promise<string[]> {
  const read = tileReader(deps, size);
  return Promise.all(ranges.map(async (range) => toHex(await rangeHash(read, range))));
}
