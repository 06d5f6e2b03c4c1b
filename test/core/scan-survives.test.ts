import { describe, expect, test } from 'vitest';
import { FaultPlan, type FaultTiming, makeDatabaseFaulty, withFaultyPort } from '../support/faults.ts';
import { loggedEntries } from '../support/log.ts';
import { settle, stall } from '../support/settle.ts';
import { getJson, newNamespace, postJson, publish } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';

const SCAN = '/api/v1/skills/-/scan';
const BODY = { source: { kind: 'published', slug: 'pdf-tools' }, update: true };

type Headers = Record<string, string>;

async function worldWithSkill(): Promise<{ world: World; headers: Headers }> {
  const world = await createWorld();
  const { key, headers } = await newNamespace(world);
  await publish(world, key);
  return { world, headers };
}

const request = (world: World, headers: Headers) => postJson(world, SCAN, BODY, headers);

async function requested(world: World, headers: Headers): Promise<string> {
  const response = await request(world, headers);
  expect(response.status).toBe(200);
  return (await response.json<{ scanId: string }>()).scanId;
}

const scans = async (world: World) => {
  const { rows } = await world.client.execute('SELECT id, state, attempts, error FROM scans ORDER BY rowid');
  return rows;
};

describe.each(['before', 'after'] as const)('a fault %s each call', (timing) => {
  /** One fault at the n-th call; answers whether that call existed. */
  async function scanWithFault(arm: (world: World, plan: FaultPlan) => void, at: number): Promise<boolean> {
    const { world, headers } = await worldWithSkill();
    const plan = new FaultPlan();
    arm(world, plan);
    plan.arm(at, timing satisfies FaultTiming);
    const first = await request(world, headers);
    await world.drain();
    plan.disarm();
    // What a client does whose request failed: it tries again.
    if (first.status !== 200) await requested(world, headers);
    await settle(world);
    const all = await scans(world);
    expect(all.length).toBeGreaterThan(0);
    expect(all.filter(({ state }) => state !== 'succeeded')).toEqual([]);
    expect(await getJson(world, '/api/v1/skills/pdf-tools/verify')).toMatchObject({ ok: true });
    return plan.fired;
  }

  async function atEveryCall(arm: (world: World, plan: FaultPlan) => void): Promise<number> {
    for (let at = 0; ; at++) {
      if (!(await scanWithFault(arm, at))) return at;
    }
  }

  test('of the database leaves no scan open', async () => {
    expect(await atEveryCall((world, plan) => makeDatabaseFaulty(world.client.libsql, plan))).toBeGreaterThan(6);
  });

  test('of the bundle store or the queue leaves no scan open', async () => {
    expect(await atEveryCall((world, plan) => withFaultyPort(world.deps, 'bundles', plan))).toBe(1);
    expect(await atEveryCall((world, plan) => withFaultyPort(world.deps, 'queue', plan))).toBe(1);
  });
});

test('a store that stays away fails the scan after three more tries; its words stay in the log', async () => {
  const { world, headers } = await worldWithSkill();
  const { bundles } = world.deps;
  world.deps.bundles = { ...bundles, open: () => Promise.reject(new Error('bucket away')) };
  const id = await requested(world, headers);
  await world.drain();
  expect(await getJson(world, `${SCAN}/${id}`, headers)).toMatchObject({
    status: 'queued',
    lastError: 'Could not finish: a part of the hub did not answer. Trying again.',
  });
  await settle(world);
  expect(await scans(world)).toEqual([
    {
      id,
      state: 'failed',
      attempts: 4,
      error: 'Could not finish: a part of the hub did not answer (after 4 attempts).',
    },
  ]);
  expect(JSON.stringify(world.logs)).toContain('bucket away');
  world.deps.bundles = bundles;
  const again = await requested(world, headers);
  await world.drain();
  expect(await getJson(world, `${SCAN}/${again}`, headers)).toMatchObject({ status: 'succeeded' });
});

test('a message that is delivered twice, even at once, does its work once', async () => {
  const { world, headers } = await worldWithSkill();
  const scanId = await requested(world, headers);
  const message = { type: 'scan' as const, scanId };
  await Promise.all([world.deliver(message), world.deliver(message), world.deliver(message)]);
  await world.deliver(message);
  expect(await scans(world)).toMatchObject([{ state: 'succeeded', attempts: 1 }]);
  await world.deliver({ type: 'scan', scanId: 'ghost' });
  expect(await scans(world)).toHaveLength(1);
});

test('a message that was lost is sent again by the sweeper, not before its time', async () => {
  const { world, headers } = await worldWithSkill();
  await requested(world, headers);
  world.queue.length = 0;
  await world.sweep();
  expect(world.queue).toEqual([]);
  world.advance(31_000);
  await world.sweep();
  expect(world.queue).toHaveLength(1);
  await world.sweep();
  expect(world.queue).toHaveLength(1);
  await world.drain();
  expect(await scans(world)).toMatchObject([{ state: 'succeeded' }]);
});

test('a worker that comes back after it was given up writes nothing', async () => {
  const { world, headers } = await worldWithSkill();
  const scanId = await requested(world, headers);
  const store = stall(world.deps, 'bundles', 'open');
  const slow = world.deliver({ type: 'scan', scanId });
  await store.reached;
  world.queue.length = 0;
  world.advance(61_000);
  await world.sweep();
  await world.drain();
  const finished = (await world.client.execute('SELECT * FROM scans')).rows;
  expect(finished).toMatchObject([{ state: 'succeeded', attempts: 2 }]);
  world.advance(1000);
  store.wake();
  await slow;
  expect((await world.client.execute('SELECT * FROM scans')).rows).toEqual(finished);
});

test.each([
  ["verdict = 'malicious'", { verdict: 'clean' }],
  ["verdict = 'malicious', key_id = 'another'", { verdict: 'clean', key_id: 'another' }],
])('of a version that changes while it is scanned (%s) the log has the last word right', async (change, expected) => {
  const { world, headers } = await worldWithSkill();
  const scanId = await requested(world, headers);
  const store = stall(world.deps, 'bundles', 'open');
  const slow = world.deliver({ type: 'scan', scanId });
  await store.reached;
  await world.client.execute(`UPDATE versions SET ${change}`);
  store.wake();
  await slow;
  await settle(world);
  expect(await scans(world)).toMatchObject([{ state: 'succeeded', error: null }]);
  expect((await world.client.execute('SELECT verdict FROM versions')).rows).toEqual([{ verdict: 'clean' }]);
  const said = (await loggedEntries(world)).filter((entry) => entry?.event === 'verdict');
  expect(said).toEqual([expect.objectContaining(expected)]);
});
