import { verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { rsaSigner } from '../../src/adapters/signer-rsa.ts';
import { MAX_RESIGN_ROUNDS, RESIGN_PAGE, RESIGN_RETRY_MS } from '../../src/core/signing/run-resigning.ts';
import type { PackageBody, RegistryKeysBody } from '../../src/http/v1/schemas.ts';
import { FaultPlan, type FaultTiming, type FaultyPort, makeDatabaseFaulty, withFaultyPort } from '../support/faults.ts';
import { loggedEntries } from '../support/log.ts';
import { moderate } from '../support/moderation.ts';
import { newRegistryKey } from '../support/registry-keys.ts';
import { settle, stall } from '../support/settle.ts';
import { getJson, job, newNamespace, postJson, publish, tarGz, upload, worldWithKey } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';

const first = newRegistryKey();
const second = newRegistryKey();
const third = newRegistryKey();

const kidOf = async (pem: string) => (await rsaSigner(pem).key()).id;
const OLD = await kidOf(first.privatePem);
const NEW = await kidOf(second.privatePem);

const revoke = (world: World, kid = OLD) =>
  moderate(world, `registry-keys/${kid}/revoke`, { reason: 'It was stolen.' });

/** Versions of the first key on a hub that has the second one by now. */
async function rotated(versions: readonly string[], query = '') {
  const made = await worldWithKey({ deps: { signer: rsaSigner(first.privatePem) } });
  for (const version of versions) await publish(made.world, made.key, { version }, query);
  made.world.deps.signer = rsaSigner(second.privatePem, [first.privatePem]);
  return made;
}

/** The key that a version names; its signatures over all three forms have to be good, by the key as it is shown. */
async function signerOf(world: World, version: string, headers = {}): Promise<string> {
  const path = `acme/pdf-tools/${version}`;
  const { key_id } = await getJson<PackageBody>(world, `/v1/packages/${path}`, headers);
  const { keys } = await getJson<RegistryKeysBody>(world, '/v1/keys/registry');
  const { pem = '' } = keys.find(({ kid }) => kid === key_id) ?? {};
  for (const format of ['skill', 'tar.gz', 'zip']) {
    const archive = await world.fetch(`/v1/download/${path}?format=${format}`, { headers });
    const signature = await world.fetch(`/v1/download/${path}/sig?format=${format}`, { headers });
    expect([archive.status, signature.status, signature.headers.get('x-key-id')]).toEqual([200, 200, key_id]);
    const bytes = new Uint8Array(await archive.arrayBuffer());
    expect(verify('sha256', bytes, pem, new Uint8Array(await signature.arrayBuffer()))).toBe(true);
  }
  return key_id;
}

/** What the log says of new signatures, by version; the walk goes by id. */
async function resigned(world: World) {
  const versionOf = (entry: object | undefined) => (entry && 'version' in entry ? String(entry.version) : '');
  const entries = (await loggedEntries(world)).filter((entry) => entry?.event === 'resign');
  return entries.sort((a, b) => (versionOf(a) < versionOf(b) ? -1 : 1));
}

const openWalks = async (world: World) =>
  (await world.client.execute('select id from registry_keys where revoked_at is not null and resigned_at is null'))
    .rows;

test('the versions of a revoked key are signed by the key of today, and the log says so', async () => {
  const { world, key } = await rotated(['1.0.0', '1.1.0']);
  const before = await getJson<PackageBody>(world, '/v1/packages/acme/pdf-tools/1.0.0');
  expect((await revoke(world)).status).toBe(200);
  await world.drain();
  expect([await signerOf(world, '1.0.0'), await signerOf(world, '1.1.0')]).toEqual([NEW, NEW]);
  expect(await getJson(world, '/v1/packages/acme/pdf-tools/1.0.0')).toEqual({ ...before, key_id: NEW });
  expect(await resigned(world)).toMatchObject([
    { version: '1.0.0', key_id: NEW, archive_sha256: before.sha256, tree_digest: before.tree_digest },
    { version: '1.1.0', key_id: NEW },
  ]);
  const events = (await loggedEntries(world)).map((entry) => [entry?.event, entry && 'key' in entry ? entry.key : '']);
  expect(events.slice(-4)).toEqual([
    ['registry-key-revoked', OLD],
    ['registry-key', NEW],
    ['resign', ''],
    ['resign', ''],
  ]);
  const { leaf } = await getJson<{ leaf: string }>(world, '/v1/log/proof/acme/pdf-tools/1.0.0');
  expect(JSON.parse(leaf)).toMatchObject({ event: 'resign', key_id: NEW });
  await publish(world, key, { version: '1.2.0' });
  expect(await signerOf(world, '1.2.0')).toBe(NEW);
  expect(await openWalks(world)).toEqual([]);
});

test('a yanked version is signed anew in silence: the entry that brings it back names the new key', async () => {
  const { world, headers } = await rotated(['1.0.0', '1.1.0']);
  await postJson(world, '/v1/packages/acme/pdf-tools/1.0.0/yank', {}, headers);
  await revoke(world);
  await world.drain();
  expect(await resigned(world)).toMatchObject([{ version: '1.1.0' }]);
  await postJson(world, '/v1/packages/acme/pdf-tools/1.0.0/unyank', {}, headers);
  expect(await signerOf(world, '1.0.0')).toBe(NEW);
  expect((await loggedEntries(world)).at(-1)).toMatchObject({ event: 'unyank', key_id: NEW });
});

test('of a private version the log gets a commitment', async () => {
  const { world, headers } = await rotated(['1.0.0'], '?visibility=private');
  await revoke(world);
  await world.drain();
  expect(await signerOf(world, '1.0.0', headers)).toBe(NEW);
  expect(await resigned(world)).toEqual([{ v: 1, event: 'resign', commitment: expect.any(String) }]);
});

test('more versions than fit into a step, by several workers at once, get one entry each', async () => {
  const versions = Array.from({ length: 2 * RESIGN_PAGE + 3 }, (_, at) => `1.${at}.0`);
  const { world } = await rotated(versions);
  await revoke(world);
  await Promise.all(Array.from({ length: 3 }, () => world.deliver({ type: 'resign', keyId: OLD })));
  await settle(world, 5);
  for (const version of versions) expect(await signerOf(world, version)).toBe(NEW);
  const names = (await resigned(world)).map((entry) => entry && 'version' in entry && entry.version);
  expect(names.toSorted()).toEqual(versions.toSorted());
  expect(await openWalks(world)).toEqual([]);
});

test('an archive that is lost or changed is never signed; the rest is, and it is tried again once it is back', async () => {
  const { world } = await rotated(['1.0.0', '1.1.0', '1.2.0']);
  const sha256 = async (version: string) =>
    (await getJson<PackageBody>(world, `/v1/packages/acme/pdf-tools/${version}`)).sha256;
  const [lost, changed] = [`bundles/${await sha256('1.0.0')}.tar.gz`, `bundles/${await sha256('1.1.0')}.tar.gz`];
  const kept = [lost, changed].map((key) => [key, world.bundles.objects.get(key)] as const);
  world.bundles.objects.delete(lost);
  await world.bundles.put(changed, await tarGz({ version: '1.1.0', body: 'evil' }));
  await revoke(world);
  await settle(world, 5);
  expect(await signerOf(world, '1.2.0')).toBe(NEW);
  expect(await resigned(world)).toMatchObject([{ version: '1.2.0' }]);
  expect([...world.bundles.objects.keys()].filter((key) => key.endsWith(`${NEW}.sig`)).length).toBeLessThan(3);
  expect(world.logs.filter(({ event }) => event === 'resign.incomplete').map(({ fields }) => fields)).toEqual([
    { keyId: OLD, versions: 2 },
  ]);

  for (const [key, object] of kept) if (object) world.bundles.objects.set(key, object);
  world.advance(RESIGN_RETRY_MS);
  await world.sweep();
  await settle(world, 5);
  expect([await signerOf(world, '1.0.0'), await signerOf(world, '1.1.0')]).toEqual([NEW, NEW]);
  expect(await openWalks(world)).toEqual([]);
});

test('what stays lost is given up after a day, and tried again when the key is revoked once more', async () => {
  const { world } = await rotated(['1.0.0', '1.1.0']);
  const { sha256 } = await getJson<PackageBody>(world, '/v1/packages/acme/pdf-tools/1.0.0');
  const lost = `bundles/${sha256}.tar.gz`;
  const object = world.bundles.objects.get(lost);
  world.bundles.objects.delete(lost);
  await revoke(world);
  const round = async () => {
    await world.drain();
    world.advance(RESIGN_RETRY_MS);
    await world.sweep();
  };
  for (let i = 1; i < MAX_RESIGN_ROUNDS; i++) await round();
  expect(await openWalks(world)).toHaveLength(1);
  await world.drain();
  expect(await openWalks(world)).toEqual([]);
  expect(world.logs.filter(({ event }) => event === 'resign.given-up').map(({ fields }) => fields)).toEqual([
    { keyId: OLD, versions: 1 },
  ]);
  await round();
  expect(world.queue.filter(({ message }) => message.type === 'resign')).toEqual([]);

  if (object) world.bundles.objects.set(lost, object);
  expect(await (await revoke(world)).json()).toEqual({ kid: OLD, changed: false });
  await world.drain();
  expect([await signerOf(world, '1.0.0'), await signerOf(world, '1.1.0')]).toEqual([NEW, NEW]);
  await revoke(world);
  expect(await openWalks(world)).toEqual([]);
});

test('what a revoked key signed is found by an index', async () => {
  const { world } = await rotated([]);
  const { rows } = await world.client.execute(
    "EXPLAIN QUERY PLAN SELECT * FROM versions WHERE key_id = 'k' AND id > 'v' ORDER BY id LIMIT 10",
  );
  expect(rows.map(({ detail }) => detail)).toEqual(['SEARCH versions USING INDEX versions_key (key_id=? AND id>?)']);
});

test('the queue may lose the message: the sweeper sends it again', async () => {
  const { world } = await rotated(['1.0.0']);
  const { queue } = world.deps;
  world.deps.queue = { send: () => Promise.reject(new Error('queue away')) };
  expect((await revoke(world)).status).toBe(200);
  world.deps.queue = queue;
  await settle(world, 5);
  expect(await signerOf(world, '1.0.0')).toBe(NEW);
});

test('a hub whose key of today is revoked as well signs nothing until it gets another', async () => {
  const { world } = await rotated(['1.0.0']);
  world.deps.signer = rsaSigner(third.privatePem, [first.privatePem, second.privatePem]);
  await revoke(world);
  await revoke(world, NEW);
  world.deps.signer = rsaSigner(second.privatePem, [first.privatePem]);
  await settle(world, 5);
  expect(await resigned(world)).toEqual([]);
  world.deps.signer = rsaSigner(third.privatePem, [first.privatePem, second.privatePem]);
  await settle(world, 5);
  expect(await signerOf(world, '1.0.0')).toBe(await kidOf(third.privatePem));
});

test('what was being published with the key when it was revoked is signed by the next one', async () => {
  const { world, key } = await rotated(['1.0.0']);
  const good = world.deps.signer;
  world.deps.signer = rsaSigner(first.privatePem);
  const accepted = await upload(world, key, await tarGz({ version: '1.1.0' }));
  const { job_id } = await accepted.json<{ job_id: string }>();
  world.deps.signer = good;
  await revoke(world);
  world.deps.signer = rsaSigner(first.privatePem);
  await world.deliver({ type: 'vet', jobId: job_id });
  expect(await job(world, job_id)).toMatchObject({ status: 'pending' });
  world.deps.signer = good;
  await settle(world, 5);
  expect(await signerOf(world, '1.1.0')).toBe(NEW);
});

test('a key that is revoked while it signs is not named any more', async () => {
  const { world } = await rotated(['1.0.0']);
  await revoke(world);
  const store = stall(world.deps, 'bundles', 'put');
  const slow = world.deliver({ type: 'resign', keyId: OLD });
  await store.reached;
  world.deps.signer = rsaSigner(third.privatePem, [first.privatePem, second.privatePem]);
  expect((await revoke(world, NEW)).status).toBe(200);
  await world.deliver({ type: 'resign', keyId: NEW });
  store.wake();
  await slow;
  const { key_id } = await getJson<PackageBody>(world, '/v1/packages/acme/pdf-tools/1.0.0');
  expect(key_id).toBe(OLD);
  await settle(world, 5);
  expect(await signerOf(world, '1.0.0')).toBe(await kidOf(third.privatePem));
  expect(await openWalks(world)).toEqual([]);
});

test('of a verdict that changes while a version is signed anew the log has the new one, too', async () => {
  const { world } = await rotated(['1.0.0']);
  await revoke(world);
  const store = stall(world.deps, 'bundles', 'open');
  const slow = world.deliver({ type: 'resign', keyId: OLD });
  await store.reached;
  await world.client.execute("UPDATE versions SET verdict = 'suspicious'");
  store.wake();
  await slow;
  await settle(world, 5);
  expect(await resigned(world)).toMatchObject([{ version: '1.0.0', key_id: NEW, verdict: 'suspicious' }]);
});

/** One fault at the n-th call while versions are signed anew; answers whether that call existed. */
async function resignWithFault(arm: (world: World, plan: FaultPlan) => void, at: number, timing: FaultTiming) {
  const world = await createWorld({ deps: { signer: rsaSigner(first.privatePem) } });
  const { key } = await newNamespace(world);
  for (const version of ['1.0.0', '1.1.0']) await publish(world, key, { version });
  world.deps.signer = rsaSigner(second.privatePem, [first.privatePem]);
  const plan = new FaultPlan();
  arm(world, plan);
  await revoke(world);
  plan.arm(at, timing);
  await world.drain();
  plan.disarm();
  for (const version of ['1.0.0', '1.1.0']) expect([OLD, NEW]).toContain(await signerOf(world, version));
  await settle(world, 5);
  for (const version of ['1.0.0', '1.1.0']) expect(await signerOf(world, version)).toBe(NEW);
  expect(await resigned(world)).toEqual([
    expect.objectContaining({ version: '1.0.0', key_id: NEW }),
    expect.objectContaining({ version: '1.1.0', key_id: NEW }),
  ]);
  expect(await openWalks(world)).toEqual([]);
  return plan.fired;
}

async function atEveryCall(arm: (world: World, plan: FaultPlan) => void, timing: FaultTiming): Promise<number> {
  for (let at = 0; ; at++) if (!(await resignWithFault(arm, at, timing))) return at;
}

describe.each(['before', 'after'] as const)('a worker that dies %s a call', (timing) => {
  test('of the database leaves each version with a good signature, and the next one goes on', async () => {
    const calls = await atEveryCall((world, plan) => makeDatabaseFaulty(world.client.libsql, plan), timing);
    expect(calls).toBeGreaterThan(6);
  });

  test.each<[FaultyPort, number]>([
    ['bundles', 8],
    ['signer', 6],
    ['queue', 1],
  ])('of the %s port leaves each version with a good signature, and the next one goes on', async (port, least) => {
    const calls = await atEveryCall((world, plan) => withFaultyPort(world.deps, port, plan), timing);
    expect(calls).toBeGreaterThanOrEqual(least);
  });
});
