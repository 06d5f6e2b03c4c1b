import { sql } from 'drizzle-orm';
import { appendEntries } from '../../src/core/log/append-entries.ts';
import { type Checkpoint, openCheckpoint } from '../../src/format/tlog/checkpoint.ts';
import { readEntryBundle } from '../../src/format/tlog/entry-bundle.ts';
import { type LogEntry, readEntry } from '../../src/format/tlog/leaf.ts';
import { tilePath, tilesAt } from '../../src/format/tlog/tile.ts';
import type { World } from './world.ts';

/** Appends entries that tell of nothing, one batch for all. */
export async function appendFiller(world: World, count: number, prefix = 'filler'): Promise<void> {
  const entries = Array.from({ length: count }, (_, i) => ({ leaf: `${prefix} ${i}`, subject: 'filler' }));
  await appendEntries(world.deps, entries, sql`1`);
}

/** The leaves as the database has them, in order. */
export async function storedLeaves(world: World): Promise<string[]> {
  const { rows } = await world.client.execute('select position, leaf from log_leaves order by position');
  rows.forEach(({ position }, at) => {
    if (position !== at) throw new Error(`the log has a gap at ${at}`);
  });
  return rows.map(({ leaf }) => String(leaf));
}

/** What the log says of versions and keys, in order. */
export async function loggedEntries(world: World): Promise<(LogEntry | undefined)[]> {
  return (await storedLeaves(world)).map(readEntry);
}

/** The newest checkpoint as anybody reads it, its signature checked. */
export async function publicCheckpoint(world: World): Promise<Checkpoint> {
  const response = await world.fetch('/log/checkpoint');
  return opened(world, await response.text());
}

export async function opened(world: World, note: string): Promise<Checkpoint> {
  const key = await world.deps.logSigner?.key();
  const checkpoint = key && (await openCheckpoint(note, key));
  if (!checkpoint) throw new Error(`no checkpoint of this log: ${note}`);
  return checkpoint;
}

/** The entries that the public bundles of a tree hold. */
export async function publicEntries(world: World, size: number): Promise<Uint8Array[]> {
  const { full, partial } = tilesAt(0, size);
  const addresses = Array.from({ length: full }, (_, index) => ({ level: 'entries' as const, index, width: 256 }));
  if (partial > 0) addresses.push({ level: 'entries', index: full, width: partial });
  const bundles = await Promise.all(
    addresses.map(async (address) => {
      const response = await world.fetch(`/log/${tilePath(address)}`);
      if (response.status !== 200) throw new Error(`/log/${tilePath(address)} answered ${response.status}`);
      return readEntryBundle(new Uint8Array(await response.arrayBuffer()));
    }),
  );
  return bundles.flat();
}
