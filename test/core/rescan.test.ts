import { describe, expect, test } from 'vitest';
import { MAX_OPEN_SCANS, RESCAN_PAGE } from '../../src/core/moderation/run-rescan.ts';
import { ENGINE_VERSION } from '../../src/vetting/heuristics/index.ts';
import { FaultPlan, type FaultTiming, makeDatabaseFaulty, withFaultyPort } from '../support/faults.ts';
import { MALICIOUS } from '../support/harmful.ts';
import { auditOf, moderate, newModerator, OPERATOR } from '../support/moderation.ts';
import { settle } from '../support/settle.ts';
import { getJson, job, newNamespace, publish, worldWithKey } from '../support/skills.ts';
import type { World } from '../support/world.ts';

type Status = { id: string; state: string; queued: number };

/** Versions that the hub published when it had other rules, or none. */
async function published(count: number, name = 'skill') {
  const made = await worldWithKey({
    settings: { verdictPolicy: { malicious: 'warn', suspicious: 'warn' }, maxNameDistance: 0 },
  });
  for (let i = 0; i < count; i++) await publish(made.world, made.key, { name: `${name}-${i}` });
  await made.world.client.execute("update versions set engine_version = 'old', verdict = null");
  return made;
}

const start = (world: World, headers?: Record<string, string>) => moderate(world, 'rescans', {}, headers);
const startedBy = async (response: Response) => response.json<Status>();

async function verdicts(world: World) {
  const { rows } = await world.client.execute(
    'select engine_version as engine, verdict, count(*) as n from versions group by engine_version, verdict',
  );
  return rows;
}

test('a rescan gives every public version the verdict of the rules of today', async () => {
  const { world } = await published(3);
  const response = await start(world);
  expect(response.status).toBe(202);
  const { id } = await startedBy(response);
  await world.drain();
  expect(await getJson(world, `/v1/admin/rescans/${id}`, OPERATOR)).toEqual({
    id,
    state: 'done',
    engine_version: ENGINE_VERSION,
    queued: 3,
    created_at: '2026-01-01T00:00:00.000Z',
    updated_at: '2026-01-01T00:00:00.000Z',
  });
  expect(await verdicts(world)).toEqual([{ engine: ENGINE_VERSION, verdict: 'clean', n: 3 }]);
  expect(await auditOf(world)).toEqual([{ actor: 'operator', act: 'rescan.start', subject: `rescan:${id}` }]);
  expect(
    await getJson<Status>(world, `/v1/admin/rescans/${(await startedBy(await start(world))).id}`, OPERATOR),
  ).toMatchObject({
    queued: 0,
  });
});

test('what has become malicious waits in the queue, even if somebody had looked at it before', async () => {
  const { world, key } = await published(1);
  const { id } = await publish(world, key, MALICIOUS);
  const queue = () => getJson<{ items: { id: string }[] }>(world, '/v1/admin/queue', OPERATOR);
  await moderate(world, `jobs/${id}/approve`, { note: 'Fine.' });
  expect((await queue()).items).toEqual([]);
  await start(world);
  await world.drain();
  expect((await queue()).items).toEqual([]);

  await world.client.execute("update versions set engine_version = 'old'");
  await start(world);
  await world.drain();
  expect((await queue()).items).toMatchObject([{ id, state: 'pass', verdict: 'malicious' }]);
  expect((await world.fetch('/v1/packages/acme/pdf-tools/1.0.0')).status).toBe(200);
  expect(await job(world, id)).toMatchObject({ status: 'pass' });
});

test('a version that an earlier stage would refuse today gets the verdict of today nevertheless', async () => {
  const { world, key } = await published(1);
  const { id } = await publish(world, key, MALICIOUS);
  await world.client.execute("update versions set verdict = 'clean', engine_version = 'old'");
  world.deps.settings.limits = { ...world.deps.settings.limits, maxFiles: 1 };
  await start(world);
  await world.drain();
  const { verdict, findings } = await getJson<{ verdict: string; findings: { rule: string; stage: string }[] }>(
    world,
    '/v1/packages/acme/pdf-tools/1.0.0/findings',
  );
  expect(verdict).toBe('malicious');
  expect(findings.map(({ stage }) => stage)).toEqual(['structure', ...findings.slice(1).map(() => 'examination')]);
  expect(findings.length).toBeGreaterThan(1);
  expect(await getJson(world, '/v1/admin/queue', OPERATOR)).toMatchObject({ items: [{ id, verdict: 'malicious' }] });
});

test('one runs at a time, and moderators alone start it', async () => {
  const { world, headers } = await published(1);
  const warden = await newModerator(world);
  expect((await start(world, {})).status).toBe(401);
  expect((await start(world, headers)).status).toBe(403);
  const first = await start(world, warden.headers);
  const again = await start(world, warden.headers);
  expect([first.status, again.status]).toEqual([202, 200]);
  const { id } = await startedBy(first);
  expect(await startedBy(again)).toMatchObject({ id, state: 'running' });
  expect((await world.fetch(`/v1/admin/rescans/${id}`)).status).toBe(401);
  expect((await world.fetch(`/v1/admin/rescans/${id}`, { headers })).status).toBe(403);
  expect((await world.fetch('/v1/admin/rescans/missing', { headers: warden.headers })).status).toBe(404);
});

test('it goes in steps, and waits while many scans are open', async () => {
  const { world } = await published(1);
  await world.client.execute(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${RESCAN_PAGE * 3})
     insert into versions (id, skill_id, version, sort_key, prerelease, state, description, keywords, metadata, tree_digest, archive_sha256, archive_size, created_at)
     select 'zz' || printf('%05d', i), 1, '2.0.' || i, i, 0, 'published', '', '', '{"name":"skill-0"}', '', '', 0, 0 from n`,
  );
  const { id } = await startedBy(await start(world));
  const step = async () => {
    world.queue.length = 0;
    await world.deliver({ type: 'rescan', rescanId: id });
    return getJson<Status>(world, `/v1/admin/rescans/${id}`, OPERATOR);
  };
  expect(await step()).toMatchObject({ queued: RESCAN_PAGE });
  expect(world.queue.map(({ message }) => message.type)).toEqual([...Array(RESCAN_PAGE).fill('scan'), 'rescan']);
  expect(await step()).toMatchObject({ queued: MAX_OPEN_SCANS });
  expect(await step()).toMatchObject({ state: 'running', queued: MAX_OPEN_SCANS });
  await world.client.execute("update scans set state = 'failed'");
  expect(await step()).toMatchObject({ queued: MAX_OPEN_SCANS + RESCAN_PAGE });
});

test('a hub whose rules have changed rescans by itself, once', async () => {
  const { world } = await published(2);
  await world.sweep();
  await settle(world, 6);
  expect(await verdicts(world)).toEqual([{ engine: ENGINE_VERSION, verdict: 'clean', n: 2 }]);
  await settle(world, 6);
  expect((await auditOf(world)).map(({ actor, act }) => `${actor} ${act}`)).toEqual(['system rescan.start']);
});

test('a new hub has nothing to rescan', async () => {
  const { world, key } = await worldWithKey();
  await publish(world, key);
  await newNamespace(world, 'umbrella');
  await settle(world, 6);
  expect((await world.client.execute('select id from rescans')).rows).toEqual([]);
});

/** Rescans with one fault at the n-th call; answers whether that call existed. */
async function rescanWithFault(arm: (world: World, plan: FaultPlan) => void, at: number, timing: FaultTiming) {
  const { world } = await published(2);
  const plan = new FaultPlan();
  arm(world, plan);
  plan.arm(at, timing);
  const first = await start(world);
  await world.drain();
  plan.disarm();
  // As a person would: it says 200 where the first answer alone was lost.
  if (first.status !== 202) await start(world);
  await settle(world, 6);
  expect(await verdicts(world)).toEqual([{ engine: ENGINE_VERSION, verdict: 'clean', n: 2 }]);
  const { rows } = await world.client.execute("select count(*) as n from rescans where state = 'running'");
  expect(rows).toEqual([{ n: 0 }]);
  return plan.fired;
}

describe.each(['before', 'after'] as const)('a fault %s each call', (timing) => {
  test.each<[string, number, (world: World, plan: FaultPlan) => void]>([
    ['database', 10, (world, plan) => makeDatabaseFaulty(world.client.libsql, plan)],
    ['queue', 4, (world, plan) => withFaultyPort(world.deps, 'queue', plan)],
  ])('of the %s loses no version', async (_name, calls, arm) => {
    let at = 0;
    while (await rescanWithFault(arm, at, timing)) at++;
    expect(at).toBeGreaterThanOrEqual(calls);
  });
});
