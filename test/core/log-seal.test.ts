import { describe, expect, test } from 'vitest';
import { sealLog } from '../../src/core/log/seal.ts';
import { proofOf } from '../../src/core/log/show-checkpoint.ts';
import { toHex } from '../../src/format/digest.ts';
import { fromHex } from '../../src/format/hex.ts';
import { leafHash } from '../../src/format/tlog/merkle.ts';
import { consistencyRanges, inclusionRanges } from '../../src/format/tlog/proof-ranges.ts';
import { verifyConsistency, verifyInclusion } from '../../src/format/tlog/verify-proof.ts';
import { FaultPlan, makeDatabaseFaulty, withFaultyPort } from '../support/faults.ts';
import { appendFiller, opened, publicCheckpoint, publicEntries, storedLeaves } from '../support/log.ts';
import { naiveRoot } from '../support/naive-log.ts';
import { createWorld, type World } from '../support/world.ts';

const MINUTE = 60_000;
const encoder = new TextEncoder();

function seal(world: World) {
  const { logSigner } = world.deps;
  if (!logSigner) throw new Error('this world has no log');
  return sealLog({ ...world.deps, logSigner });
}

/** The public log is the one tree over the leaves, and so is every checkpoint that was ever signed. */
async function expectConsistent(world: World): Promise<number> {
  const leaves = (await storedLeaves(world)).map((leaf) => encoder.encode(leaf));
  const { rows } = await world.client.execute('select size, root, note from log_checkpoints order by size');
  for (const { size, root, note } of rows) {
    const expected = await naiveRoot(leaves.slice(0, Number(size)));
    expect(String(root)).toBe(toHex(expected));
    expect(await opened(world, String(note))).toMatchObject({ size, root: expected });
  }
  const { size } = await publicCheckpoint(world);
  expect(size).toBe(leaves.length);
  expect(await publicEntries(world, size)).toEqual(leaves);
  return size;
}

test('the log before its first entry is the empty tree', async () => {
  const world = await createWorld();
  expect(await publicCheckpoint(world)).toMatchObject({ size: 0, time: world.clock.now() / 1000 });
  await appendFiller(world, 1);
  await world.sweep();
  expect(await expectConsistent(world)).toBe(1);
});

test('tiles grow with the log: over the edges of tiles, one by one and many at once', async () => {
  const world = await createWorld();
  let size = 0;
  for (const step of [1, 2, 250, 3, 1, 255, 1, 300, 5_000]) {
    await appendFiller(world, step, `step ${step}`);
    await seal(world);
    size += step;
    expect((await publicCheckpoint(world)).size).toBe(size);
  }
  await expectConsistent(world);
  const leaves = (await storedLeaves(world)).map((leaf) => encoder.encode(leaf));
  const root = await naiveRoot(leaves);
  for (const position of [0, 255, 256, 511, 512, 700, size - 1]) {
    const path = (await proofOf(world.deps, size, inclusionRanges(position, size))).map(fromHex);
    const leaf = await leafHash(leaves[position] ?? new Uint8Array());
    expect(await verifyInclusion({ leaf, position, size, root }, path)).toBe(true);
  }
  for (const from of [1, 3, 253, 256, 257, 512, 513, 813]) {
    const path = (await proofOf(world.deps, size, consistencyRanges(from, size))).map(fromHex);
    const old = { size: from, root: await naiveRoot(leaves.slice(0, from)) };
    expect(await verifyConsistency(old, { size, root }, path)).toBe(true);
  }
  const partial = [...world.bundles.objects.keys()].filter((key) => key.startsWith('log/') && key.includes('.p/'));
  expect(partial.map((key) => key.replace(/\.p.*/, ''))).toEqual(expect.arrayContaining(['log/tile/0/022']));
  expect(partial.filter((key) => /tile\/(0|entries)\/00[01]\.p/.test(key))).toEqual([]);
});

test('a checkpoint is signed anew after ten minutes, and not before', async () => {
  const world = await createWorld();
  await appendFiller(world, 3);
  const first = await publicCheckpoint(world);
  world.advance(10 * MINUTE - 1);
  await world.sweep();
  expect(await publicCheckpoint(world)).toEqual(first);
  world.advance(1);
  await world.sweep();
  const { rows } = await world.client.execute('select created_at as at from log_checkpoints where size = 3');
  expect(rows).toEqual([{ at: world.clock.now() }]);
  expect(await publicCheckpoint(world)).toEqual({ ...first, time: first.time + 600 });
});

test('sealers at once, of a log that grows meanwhile, make one log', async () => {
  const world = await createWorld();
  await appendFiller(world, 250, 'before');
  await Promise.all([
    seal(world),
    appendFiller(world, 3, 'between'),
    seal(world),
    appendFiller(world, 10, 'after'),
    seal(world),
    seal(world),
  ]);
  expect(await expectConsistent(world)).toBe(263);
});

test('a sealer that overslept does no harm', async () => {
  const world = await createWorld();
  await appendFiller(world, 10);
  const { logSigner } = world.deps;
  if (!logSigner) throw new Error('this world has no log');
  const asleep = Promise.withResolvers<void>();
  const slowSigner = {
    ...logSigner,
    async sign(bytes: Uint8Array) {
      await asleep.promise;
      return logSigner.sign(bytes);
    },
  };
  const slow = sealLog({ ...world.deps, logSigner: slowSigner });
  await appendFiller(world, 400, 'more');
  await seal(world);
  asleep.resolve();
  await slow;
  expect(await expectConsistent(world)).toBe(410);
});

describe.each(['before', 'after'] as const)('a fault %s each call of a seal', (timing) => {
  test.each(['bundles', 'database'] as const)('of the %s leaves a log that the next seal mends', async (port) => {
    let calls = 0;
    for (let fired = true; fired; calls++) {
      const world = await createWorld();
      await appendFiller(world, 254, 'old');
      await seal(world);
      await appendFiller(world, 5, 'new');
      const plan = new FaultPlan();
      if (port === 'bundles') withFaultyPort(world.deps, port, plan);
      else makeDatabaseFaulty(world.client.libsql, plan);
      plan.arm(calls, timing);
      const outcome = await seal(world).then(
        () => 'sealed',
        () => 'failed',
      );
      fired = plan.fired;
      plan.disarm();
      expect(outcome).toBe(fired ? 'failed' : 'sealed');
      await appendFiller(world, 2, 'later');
      expect(await expectConsistentAfterSeal(world)).toBe(261);
    }
    expect(calls).toBeGreaterThan(port === 'bundles' ? 6 : 3);
  });
});

async function expectConsistentAfterSeal(world: World): Promise<number> {
  await seal(world);
  return expectConsistent(world);
}

test('nobody changes or removes an entry, not even the hub', async () => {
  const world = await createWorld();
  await appendFiller(world, 1);
  for (const statement of ["update log_leaves set leaf = 'x'", 'delete from log_leaves']) {
    await expect(world.client.execute(statement)).rejects.toThrow('the transparency log is append-only');
  }
});

test('a log that lost entries under its checkpoint is not signed', async () => {
  const world = await createWorld();
  await world.client.execute("insert into log_checkpoints values (3, 'note', 'root', 0)");
  await expect(seal(world)).rejects.toThrow('the log has 0 entries, fewer than its checkpoint of 3');
});
