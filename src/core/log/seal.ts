import { asc, desc, gte, lte } from 'drizzle-orm';
import { logCheckpoints, logLeaves } from '../../db/schema/log.ts';
import { toHex } from '../../format/digest.ts';
import { fromHex } from '../../format/hex.ts';
import { openCheckpoint, writeCheckpoint } from '../../format/tlog/checkpoint.ts';
import { writeNote } from '../../format/tlog/note.ts';
import { rootHash } from '../../format/tlog/range-hash.ts';
import { TILE_WIDTH } from '../../format/tlog/tile.ts';
import type { Deps, LogSigner } from '../deps.ts';
import { dropPartialTiles, writeTiles } from './write-tiles.ts';

/** Entries that one step reads; the last tile's beginning is among them. */
const STEP = 16 * TILE_WIDTH;
/** A checkpoint is signed anew after so long, also when nothing was added: so a client notices a hub that was stopped. */
export const RENEW_MS = 10 * 60_000;

export type SealDeps = Pick<Deps, 'db' | 'bundles' | 'clock'> & { logSigner: LogSigner };
export type StoredCheckpoint = typeof logCheckpoints.$inferSelect;

/** The newest checkpoint; none before the first entry was sealed. */
export async function newestCheckpoint(deps: Pick<Deps, 'db'>): Promise<StoredCheckpoint | undefined> {
  const [newest] = await deps.db.select().from(logCheckpoints).orderBy(desc(logCheckpoints.size)).limit(1);
  return newest;
}

/**
 * Brings the log up to its last entry: writes tiles and bundles of entries, then the signed checkpoint. Both depend on
 * the entries alone, so any number may seal at once, and one that died half-way is simply followed by the next.
 *
 * @returns the newest checkpoint, at most ten minutes old
 */
export async function sealLog(deps: SealDeps): Promise<StoredCheckpoint> {
  for (;;) {
    const sealed = await newestCheckpoint(deps);
    const size = sealed?.size ?? 0;
    const start = size - (size % TILE_WIDTH);
    const rows = await deps.db
      .select({ position: logLeaves.position, leaf: logLeaves.leaf })
      .from(logLeaves)
      .where(gte(logLeaves.position, start))
      .orderBy(asc(logLeaves.position))
      .limit(STEP);
    const next = start + rows.length;
    rows.forEach(({ position }, at) => {
      if (position !== start + at) throw new Error(`the log has no entry ${start + at}`);
    });
    if (sealed && next < size) throw new Error(`the log has ${next} entries, fewer than its checkpoint of ${size}`);
    if (sealed && next === size) return renewed(deps, sealed);
    const entries = rows.map(({ leaf }) => new TextEncoder().encode(leaf));
    const read = await writeTiles(deps, entries, { start, from: size, size: next });
    const checkpoint = await sign(deps, next, await rootHash(read, next));
    await dropPartialTiles(deps, size, next);
    if (rows.length < STEP) return checkpoint;
  }
}

/** Signs the same tree again when its checkpoint has come of age, or the log got another key. */
async function renewed(deps: SealDeps, sealed: StoredCheckpoint): Promise<StoredCheckpoint> {
  return (await isCurrent(deps, sealed)) ? sealed : sign(deps, sealed.size, fromHex(sealed.root));
}

/** Whether a checkpoint can still be shown: signed with the key of today, and not long ago. */
export async function isCurrent(deps: SealDeps, { note, createdAt }: StoredCheckpoint): Promise<boolean> {
  if (deps.clock.now() - createdAt >= RENEW_MS) return false;
  return (await openCheckpoint(note, await deps.logSigner.key())) !== undefined;
}

async function sign(deps: SealDeps, size: number, root: Uint8Array): Promise<StoredCheckpoint> {
  const createdAt = deps.clock.now();
  const key = await deps.logSigner.key();
  const text = writeCheckpoint({ origin: key.name, size, root, time: Math.floor(createdAt / 1000) });
  const note = writeNote(text, key, await deps.logSigner.sign(new TextEncoder().encode(text)));
  const row = { size, note, root: toHex(root), createdAt };
  await deps.db
    .insert(logCheckpoints)
    .values(row)
    .onConflictDoUpdate({
      target: logCheckpoints.size,
      set: { note, createdAt },
      setWhere: lte(logCheckpoints.createdAt, createdAt),
    });
  return row;
}
