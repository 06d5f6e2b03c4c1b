import { describe, expect, test } from 'vitest';
import { FaultPlan, type FaultTiming, type FaultyPort, makeDatabaseFaulty, withFaultyPort } from '../support/faults.ts';
import { settle, stall } from '../support/settle.ts';
import { job, newNamespace, postJson, tarGz, upload } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';

const HOUR = 3_600_000;
const VERSION = 'acme/pdf-tools/1.0.0';

/** All of a version can be read, or none of it. */
async function expectWholeOrAbsent(world: World): Promise<'whole' | 'absent'> {
  const paths = [
    `/v1/packages/${VERSION}`,
    `/v1/packages/${VERSION}/preview`,
    `/v1/download/${VERSION}`,
    `/v1/download/${VERSION}/sig`,
  ];
  const statuses = await Promise.all(paths.map(async (path) => (await world.fetch(path)).status));
  const found = await (await world.fetch('/v1/search?q=pdf')).json<{ total: number }>();
  const whole = statuses.every((status) => status === 200);
  expect({ statuses, found: found.total }).toEqual(
    whole ? { statuses: [200, 200, 200, 200], found: 1 } : { statuses: [404, 404, 404, 404], found: 0 },
  );
  return whole ? 'whole' : 'absent';
}

/** Publishes with one fault at the n-th call; answers whether that call existed. */
async function publishWithFault(
  arm: (world: World, plan: FaultPlan) => void,
  at: number,
  timing: FaultTiming,
): Promise<boolean> {
  const world = await createWorld();
  const plan = new FaultPlan();
  arm(world, plan);
  const { key } = await newNamespace(world);
  plan.arm(at, timing);
  const first = await upload(world, key, await tarGz());
  await world.drain();
  plan.disarm();
  await expectWholeOrAbsent(world);
  await settle(world);

  if (first.status !== 202) {
    // What a client does whose upload failed: it tries again, and is told so if the first one went through after all.
    const again = await upload(world, key, await tarGz());
    const expected = (await expectWholeOrAbsent(world)) === 'whole' ? 409 : 202;
    expect(again.status).toBe(expected);
    await settle(world);
  }
  expect(await expectWholeOrAbsent(world)).toBe('whole');
  const open = await world.client.execute("select count(*) as open from jobs where state in ('pending', 'running')");
  expect(open.rows[0]?.open).toBe(0);

  world.advance(2 * HOUR);
  await world.sweep();
  expect([...world.bundles.objects.keys()].filter((key) => key.startsWith('staged/'))).toEqual([]);
  return plan.fired;
}

async function atEveryCall(arm: (world: World, plan: FaultPlan) => void, timing: FaultTiming): Promise<number> {
  for (let at = 0; ; at++) {
    if (!(await publishWithFault(arm, at, timing))) return at;
  }
}

describe.each(['before', 'after'] as const)('a fault %s each call', (timing) => {
  test('of the database leaves nothing stuck and nothing half visible', async () => {
    expect(await atEveryCall((world, plan) => makeDatabaseFaulty(world.client.libsql, plan), timing)).toBeGreaterThan(
      6,
    );
  });

  test.each<[FaultyPort, number]>([
    ['bundles', 8],
    ['signer', 3],
    ['queue', 1],
  ])('of the %s port leaves nothing stuck and nothing half visible', async (port, calls) => {
    expect(await atEveryCall((world, plan) => withFaultyPort(world.deps, port, plan), timing)).toBeGreaterThanOrEqual(
      calls,
    );
  });
});

test('a signer that stays away fails the job after three more tries, with the cause, and frees the number', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  const { signer } = world.deps;
  world.deps.signer = { ...signer, sign: () => Promise.reject(new Error('vault sealed')) };
  const accepted = await (await upload(world, key, await tarGz())).json<{ job_id: string }>();
  await settle(world);
  expect(await job(world, accepted.job_id)).toMatchObject({
    status: 'fail',
    attempts: 4,
    message: 'Stage 5 failed: the signing key is unavailable (after 4 attempts)',
  });
  world.deps.signer = signer;
  expect((await upload(world, key, await tarGz())).status).toBe(202);
  await settle(world);
  expect(await expectWholeOrAbsent(world)).toBe('whole');
});

test('a bucket that stays away fails the job; its words stay in the log', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  const accepted = await (await upload(world, key, await tarGz())).json<{ job_id: string }>();
  world.deps.bundles = { ...world.deps.bundles, open: () => Promise.reject(new Error('bucket away')) };
  await settle(world);
  expect(await job(world, accepted.job_id)).toMatchObject({
    status: 'fail',
    message: 'Could not finish: a part of the hub did not answer (after 4 attempts)',
  });
  expect(JSON.stringify(world.logs)).toContain('bucket away');
});

test('a message that is delivered twice, even at once, does its work once', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  const { job_id } = await (await upload(world, key, await tarGz())).json<{ job_id: string }>();
  const message = { type: 'vet' as const, jobId: job_id };
  await Promise.all([world.deliver(message), world.deliver(message), world.deliver(message)]);
  await world.deliver(message);
  expect(await job(world, job_id)).toMatchObject({ status: 'pass', attempts: 1 });
});

test('a message that was lost is sent again by the sweeper', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  const { job_id } = await (await upload(world, key, await tarGz())).json<{ job_id: string }>();
  world.queue.length = 0;
  await world.sweep();
  expect(world.queue).toEqual([]);
  world.advance(31_000);
  await world.sweep();
  await world.drain();
  expect(await job(world, job_id)).toMatchObject({ status: 'pass' });
});

test('a worker that comes back after its lease ran out writes nothing', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  const { job_id } = await (await upload(world, key, await tarGz())).json<{ job_id: string }>();
  const signer = stall(world.deps, 'signer', 'sign');
  const slow = world.deliver({ type: 'vet', jobId: job_id });
  await signer.reached;
  world.advance(61_000);
  await world.sweep();
  await world.drain();
  const finished = await job(world, job_id);
  expect(finished).toMatchObject({ status: 'pass', attempts: 2 });
  signer.wake();
  await slow;
  expect(await job(world, job_id)).toEqual(finished);
});

test('a process that takes over the data directory continues jobs of the one before at once', async () => {
  const world = await createWorld({ settings: { instanceId: 'first' } });
  const { key } = await newNamespace(world);
  const running = await (await upload(world, key, await tarGz())).json<{ job_id: string }>();
  world.deps.signer = { ...world.deps.signer, sign: () => new Promise(() => undefined) };
  void world.deliver({ type: 'vet', jobId: running.job_id });
  const waiting = await (await upload(world, key, await tarGz({ name: 'other-skill' }))).json<{ job_id: string }>();
  world.queue.length = 0;

  const restarted = await createWorld({
    settings: { instanceId: 'second' },
    deps: { db: world.deps.db, bundles: world.bundles },
  });
  await restarted.sweep();
  await restarted.drain();
  expect(await job(restarted, running.job_id)).toMatchObject({ status: 'pass' });
  expect(await job(restarted, waiting.job_id)).toMatchObject({ status: 'pass' });
});

test('a message that nobody can read is dropped with a log line', async () => {
  const world = await createWorld();
  await world.deliver(JSON.parse('{"type":"unheard-of"}'));
  expect(world.queue).toEqual([]);
  expect(world.logs).toContainEqual({ level: 'error', event: 'queue.message.unreadable', fields: {} });
});

test('the sweeper deletes login codes after a day, not before', async () => {
  const world = await createWorld();
  await newNamespace(world);
  await postJson(world, '/v1/auth/login', { namespace: 'acme', email: 'acme@example.com' });
  const codes = async () => (await world.client.execute('select id from login_codes')).rows.length;
  await world.sweep();
  expect(await codes()).toBe(1);
  world.advance(25 * HOUR);
  await world.sweep();
  expect(await codes()).toBe(0);
});
