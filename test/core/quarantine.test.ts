import { describe, expect, test } from 'vitest';
import { FaultPlan, type FaultTiming, type FaultyPort, makeDatabaseFaulty, withFaultyPort } from '../support/faults.ts';
import { MALICIOUS } from '../support/harmful.ts';
import { auditOf, moderate } from '../support/moderation.ts';
import { settle } from '../support/settle.ts';
import { getJson, type JobAnswer, job, newNamespace, tarGz, upload } from '../support/skills.ts';
import { createWorld, OPERATOR_KEY, type World } from '../support/world.ts';

type Arm = (world: World, plan: FaultPlan) => void;

async function isPublic(world: World): Promise<boolean> {
  const paths = ['/v1/packages/acme/pdf-tools/1.0.0', '/v1/download/acme/pdf-tools/1.0.0'];
  const statuses = await Promise.all(paths.map(async (path) => (await world.fetch(path)).status));
  expect([
    [200, 200],
    [404, 404],
  ]).toContainEqual(statuses);
  return statuses[0] === 200;
}

async function stateOf(world: World): Promise<unknown> {
  const { rows } = await world.client.execute(
    'select jobs.state as job, versions.state as version from jobs inner join versions on versions.id = jobs.version_id',
  );
  return rows;
}

const uploaded = async (world: World) => {
  const { key } = await newNamespace(world);
  return (await (await upload(world, key, await tarGz(MALICIOUS))).json<{ job_id: string }>()).job_id;
};

/** Holds a version with one fault at the n-th call; answers whether that call existed. */
async function holdWithFault(arm: Arm, at: number, timing: FaultTiming): Promise<boolean> {
  const world = await createWorld();
  const plan = new FaultPlan();
  arm(world, plan);
  const id = await uploaded(world);
  plan.arm(at, timing);
  await world.drain();
  plan.disarm();
  await settle(world);
  expect(await stateOf(world)).toEqual([{ job: 'quarantined', version: 'quarantined' }]);
  expect(await isPublic(world)).toBe(false);
  expect(world.bundles.objects.has(`quarantine/${id}`)).toBe(true);
  // A lost answer may cost the mail, and never sends it twice.
  expect(world.outbox.length).toBeLessThanOrEqual(1);
  return plan.fired;
}

/** Approves with one fault at the n-th call, and once more where the first answer was lost, as a person would. */
async function approveWithFault(arm: Arm, at: number, timing: FaultTiming): Promise<boolean> {
  const world = await createWorld();
  const plan = new FaultPlan();
  arm(world, plan);
  const id = await uploaded(world);
  await settle(world);
  const approve = () => moderate(world, `jobs/${id}/approve`, { note: 'A training course.' });
  plan.arm(at, timing);
  const first = await approve();
  await world.drain();
  plan.disarm();
  if (first.status !== 200) expect((await approve()).status).toBe(200);
  await settle(world);
  expect(await stateOf(world)).toEqual([{ job: 'pass', version: 'published' }]);
  expect(await isPublic(world)).toBe(true);
  expect((await auditOf(world)).filter(({ act }) => act === 'version.approve')).toHaveLength(1);
  return plan.fired;
}

async function atEveryCall(run: typeof holdWithFault, arm: Arm, timing: FaultTiming): Promise<number> {
  for (let at = 0; ; at++) {
    if (!(await run(arm, at, timing))) return at;
  }
}

const database: Arm = (world, plan) => makeDatabaseFaulty(world.client.libsql, plan);
const port =
  (name: FaultyPort): Arm =>
  (world, plan) =>
    withFaultyPort(world.deps, name, plan);

describe.each(['before', 'after'] as const)('a fault %s each call', (timing) => {
  test('of the database does not let a held version out, nor lose it', async () => {
    expect(await atEveryCall(holdWithFault, database, timing)).toBeGreaterThan(3);
  });

  test('of the store does not let a held version out, nor lose it', async () => {
    expect(await atEveryCall(holdWithFault, port('bundles'), timing)).toBeGreaterThanOrEqual(3);
  });

  test('of the mailer does not keep a version from being held, and is logged', async () => {
    const world = await createWorld();
    const plan = new FaultPlan();
    withFaultyPort(world.deps, 'mailer', plan);
    const id = await uploaded(world);
    plan.arm(0, timing);
    await settle(world);
    expect(plan.fired).toBe(true);
    expect(await job(world, id)).toMatchObject({ status: 'quarantined', attempts: 1 });
    expect(world.outbox).toHaveLength(timing === 'after' ? 1 : 0);
    expect(world.logs.filter(({ level }) => level === 'error')).toEqual([
      {
        level: 'error',
        event: 'mail.failed',
        fields: { namespace: 'acme', cause: expect.stringContaining('injected fault') },
      },
    ]);
  });

  test('of the database leaves an approval whole or undone', async () => {
    expect(await atEveryCall(approveWithFault, database, timing)).toBeGreaterThan(8);
  });

  test.each<[FaultyPort, number]>([
    ['bundles', 5],
    ['signer', 2],
    ['queue', 1],
  ])('of the %s port leaves an approval whole or undone', async (name, calls) => {
    expect(await atEveryCall(approveWithFault, port(name), timing)).toBeGreaterThanOrEqual(calls);
  });
});

test('an approved version that cannot be signed goes back to where it was, and can be approved again', async () => {
  const world = await createWorld();
  const id = await uploaded(world);
  await settle(world);
  const { signer } = world.deps;
  world.deps.signer = { ...signer, sign: () => Promise.reject(new Error('vault sealed')) };
  await moderate(world, `jobs/${id}/approve`, { note: 'Fine.' });
  await settle(world);
  expect(await job(world, id)).toMatchObject({
    status: 'quarantined',
    message: 'Stage 5 failed: the signing key is unavailable (after 4 attempts) Approve it again.',
  });
  expect(await stateOf(world)).toEqual([{ job: 'quarantined', version: 'quarantined' }]);
  world.deps.signer = signer;
  await moderate(world, `jobs/${id}/approve`, { note: 'Fine.' });
  await settle(world);
  expect(await isPublic(world)).toBe(true);
});

test('an approved version whose namespace is banned meanwhile keeps what was found, and waits for the end of the ban', async () => {
  const world = await createWorld();
  const id = await uploaded(world);
  await settle(world);
  const operator = { authorization: `Bearer ${OPERATOR_KEY}` };
  const before = (await getJson<JobAnswer>(world, `/v1/jobs/${id}`, operator)).stages[3]?.findings;
  expect(before?.length).toBeGreaterThan(0);
  await moderate(world, `jobs/${id}/approve`, { note: 'A course.' });
  await moderate(world, 'namespaces/acme/ban', { reason: 'Spam.' });
  await settle(world);
  const held = await getJson<JobAnswer>(world, `/v1/jobs/${id}`, operator);
  expect(held).toMatchObject({
    status: 'quarantined',
    message: "The namespace 'acme' is banned: Spam. Approve it again when the ban has ended.",
  });
  expect(held.stages[3]?.findings).toEqual(before);
  expect(await stateOf(world)).toEqual([{ job: 'quarantined', version: 'quarantined' }]);
  expect((await moderate(world, `jobs/${id}/approve`, { note: 'A course.' })).status).toBe(409);
  await moderate(world, 'namespaces/acme/unban', { reason: 'They apologised.' });
  expect((await moderate(world, `jobs/${id}/approve`, { note: 'A course.' })).status).toBe(200);
  await settle(world);
  expect(await isPublic(world)).toBe(true);
});

/** The next batches of statements begin when all of so many are there: each has read what it judges by. */
function meetBeforeWriting(world: World, count: number): void {
  const { libsql } = world.client;
  if (!libsql) throw new Error('batches are held back below libSQL only');
  const batch = libsql.batch.bind(libsql);
  const all = Promise.withResolvers<void>();
  let arrived = 0;
  libsql.batch = async (...args: Parameters<typeof batch>) => {
    if (++arrived >= count) all.resolve();
    await all.promise;
    return batch(...args);
  };
}

test('two moderators who decide at once: one decision holds, and only that one is written down', async () => {
  const world = await createWorld();
  const id = await uploaded(world);
  await settle(world);
  meetBeforeWriting(world, 2);
  const [approved, rejected] = await Promise.all([
    moderate(world, `jobs/${id}/approve`, { note: 'Fine.' }),
    moderate(world, `jobs/${id}/reject`, { reason: 'Not fine.' }),
  ]);
  expect([approved.status, rejected.status].sort()).toEqual([200, 409]);
  await settle(world);
  const act = approved.status === 200 ? 'version.approve' : 'version.reject';
  expect((await auditOf(world)).map((event) => event.act)).toEqual([act]);
  expect(await isPublic(world)).toBe(approved.status === 200);
});
