import { describe, expect, test } from 'vitest';
import { setVisibility } from '../../src/core/catalog/set-visibility.ts';
import { fromHex } from '../../src/format/hex.ts';
import { openEntry, readEntry } from '../../src/format/tlog/leaf.ts';
import { leafHash } from '../../src/format/tlog/merkle.ts';
import { parseVerifierKey } from '../../src/format/tlog/verifier-key.ts';
import { verifyConsistency, verifyInclusion } from '../../src/format/tlog/verify-proof.ts';
import type { LogProofBody } from '../../src/http/v1/schemas.ts';
import { appendFiller, loggedEntries, opened, publicCheckpoint, storedLeaves } from '../support/log.ts';
import { done, rename } from '../support/names.ts';
import { publisher, selfSigned, signedArchive } from '../support/publisher.ts';
import { getJson, newNamespace, postJson, problemOf, publish, upload, worldWithKey } from '../support/skills.ts';
import { statements } from '../support/statements.ts';
import type { World } from '../support/world.ts';

const PROOF = '/v1/log/proof/acme/pdf-tools/1.0.0';
const encoder = new TextEncoder();

/** The proof of a version, checked as a client does it. */
async function proven(world: World, path = PROOF, headers = {}) {
  const proof = await getJson<LogProofBody>(world, path, headers);
  const checkpoint = await opened(world, proof.checkpoint);
  const claim = { ...checkpoint, position: proof.position, leaf: await leafHash(encoder.encode(proof.leaf)) };
  expect(await verifyInclusion(claim, proof.inclusion.map(fromHex))).toBe(true);
  return { ...proof, entry: readEntry(proof.leaf), head: checkpoint };
}

const act = (world: World, verb: string, headers: Record<string, string>, version = '1.0.0') =>
  postJson(world, `/v1/packages/acme/pdf-tools/${version}/${verb}`, {}, headers);
const events = async (world: World) => (await loggedEntries(world)).map((entry) => entry?.event);

test('what is published is in the log at once, with all that identifies it', async () => {
  const { world, key } = await worldWithKey();
  await publish(world, key);
  const shown = await getJson<Record<string, string>>(world, '/v1/packages/acme/pdf-tools/1.0.0');
  const { entry, position, head } = await proven(world);
  expect(entry).toEqual({
    v: 1,
    event: 'publish',
    namespace: 'acme',
    name: 'pdf-tools',
    version: '1.0.0',
    archive_sha256: shown.sha256,
    tree_digest: shown.tree_digest,
    key_id: shown.key_id,
    at: world.clock.now(),
    ...(entry && 'verdict' in entry ? { verdict: entry.verdict } : {}),
  });
  expect([position, head.size, head.time]).toEqual([1, 2, world.clock.now() / 1000]);
  expect((await loggedEntries(world))[0]).toMatchObject({ event: 'registry-key', key: shown.key_id });
});

test('the key of the log is shown beside those of the registry', async () => {
  const { world } = await worldWithKey();
  const { log } = await getJson<{ log: { name: string; key: string } }>(world, '/v1/keys/registry');
  const key = await parseVerifierKey(log.key);
  expect([key?.name, key]).toEqual([log.name, await world.deps.logSigner?.key()]);
});

test('each event of a version makes one entry, and what changes nothing makes none', async () => {
  const { world, key, headers } = await worldWithKey();
  await publish(world, key);
  await publish(world, key, { version: '1.1.0' });
  for (const verb of ['yank', 'yank', 'unyank', 'unyank']) expect((await act(world, verb, headers)).status).toBe(200);
  await postJson(world, '/v1/packages/acme/pdf-tools/1.1.0/yank', {}, headers);
  const all = await postJson(world, '/v1/packages/acme/pdf-tools/yank', {}, headers);
  expect(await all.json()).toEqual({ yanked: 1 });
  expect((await world.fetch(PROOF)).status).toBe(404);
  expect((await act(world, 'unyank', headers)).status).toBe(200);
  expect((await proven(world)).entry).toMatchObject({ event: 'unyank', version: '1.0.0' });
  const told = await loggedEntries(world);
  expect(told.map((entry) => [entry?.event, entry && 'version' in entry ? entry.version : undefined])).toEqual([
    ['registry-key', undefined],
    ['publish', '1.0.0'],
    ['publish', '1.1.0'],
    ['yank', '1.0.0'],
    ['unyank', '1.0.0'],
    ['yank', '1.1.0'],
    ['yank', '1.0.0'],
    ['unyank', '1.0.0'],
  ]);
});

test('a proof leads from the tree that was seen before to that of now', async () => {
  const { world, key } = await worldWithKey();
  await publish(world, key);
  const before = await proven(world);
  await publish(world, key, { version: '1.1.0' });
  await appendFiller(world, 600);
  await world.sweep();
  const after = await proven(world, `${PROOF}?from=${before.head.size}`);
  expect(after.position).toBe(before.position);
  expect(await verifyConsistency(before.head, after.head, (after.consistency ?? []).map(fromHex))).toBe(true);
  const alone = await getJson<LogProofBody>(world, `/v1/log/checkpoint?from=${before.head.size}`);
  expect(alone).toEqual({ checkpoint: after.checkpoint, consistency: after.consistency });
  expect((await proven(world)).consistency).toBeUndefined();
  expect((await proven(world, `${PROOF}?from=10000`)).consistency).toBeUndefined();
  expect(await problemOf(await world.fetch(`${PROOF}?from=-1`))).toMatchObject({ status: 400 });
});

describe('private skills', () => {
  async function privateWorld() {
    const acme = await worldWithKey();
    await publish(acme.world, acme.key, {}, '?visibility=private');
    return acme;
  }

  test('leave nothing in the log that tells of them', async () => {
    const { world, headers } = await privateWorld();
    await act(world, 'yank', headers);
    await act(world, 'unyank', headers);
    const leaves = await storedLeaves(world);
    expect(leaves).toHaveLength(4);
    for (const leaf of leaves) expect(leaf).not.toMatch(/pdf|acme|1\.0\.0/);
    expect(await problemOf(await world.fetch(PROOF))).toMatchObject({ status: 404, code: 'not_found' });
    const neighbour = await newNamespace(world, 'umbrella');
    expect((await world.fetch(PROOF, { headers: neighbour.headers })).status).toBe(404);
    const before = leaves.length;
    expect(await storedLeaves(world)).toHaveLength(before);
  });

  test('are proven to those who may read them, by an opening', async () => {
    const { world, headers } = await privateWorld();
    const { entry, opening = '' } = await proven(world, PROOF, headers);
    if (!entry || !('commitment' in entry)) throw new Error('the entry tells of a private skill');
    expect(await openEntry(entry, opening)).toMatchObject({ namespace: 'acme', name: 'pdf-tools', version: '1.0.0' });
    const actor = { kind: 'operator' as const };
    await setVisibility(world.deps, actor, { namespace: 'acme', name: 'pdf-tools', visibility: 'public' });
    expect(await proven(world)).toMatchObject({ entry, opening });
  });
});

describe('a version without an entry under its name gets one when it is first asked for', () => {
  test('because it was published before the log began', async () => {
    const { world, key } = await worldWithKey();
    await publish(world, key);
    await world.client.execute('drop trigger log_leaves_kept');
    await world.client.execute('delete from log_leaves');
    const [first, second] = await Promise.all([proven(world), proven(world)]);
    expect(first.entry).toMatchObject({ event: 'offer', namespace: 'acme', name: 'pdf-tools', version: '1.0.0' });
    expect([second.position, await events(world)]).toEqual([0, ['offer']]);
  });

  test('because its skill was renamed', async () => {
    const { world, key, headers } = await worldWithKey();
    await publish(world, key);
    await done(await rename(world, headers, 'pdf-tools', 'pdf-kit'));
    const { entry } = await proven(world, '/v1/log/proof/acme/pdf-kit/1.0.0');
    expect(entry).toMatchObject({ event: 'offer', name: 'pdf-kit' });
    expect((await proven(world)).entry).toEqual(entry);
    expect(await events(world)).toEqual(['registry-key', 'publish', 'offer']);
  });
});

test('the first key that a namespace signs with is logged once, and named with its versions', async () => {
  const { world, key } = await worldWithKey();
  const owner = publisher('log');
  const chain = [await selfSigned(owner, world.clock.now())];
  for (const version of ['1.0.0', '1.1.0']) {
    expect((await upload(world, key, signedArchive(owner, chain, { version }))).status).toBe(202);
    await world.drain();
  }
  const entries = await loggedEntries(world);
  const pinned = { event: 'publisher-key', namespace: 'acme', key: owner.fingerprint };
  expect(entries.filter((entry) => entry?.event === 'publisher-key')).toEqual([expect.objectContaining(pinned)]);
  expect(entries.filter((entry) => entry?.event === 'publish')).toMatchObject([
    { version: '1.0.0', publisher_key: owner.fingerprint },
    { version: '1.1.0', publisher_key: owner.fingerprint },
  ]);
});

describe('over HTTP as C2SP tlog-tiles', () => {
  test('tiles and bundles are immutable, the checkpoint is not', async () => {
    const { world, key } = await worldWithKey();
    await publish(world, key);
    await world.sweep();
    const checkpoint = await world.fetch('/log/checkpoint');
    expect([checkpoint.headers.get('content-type'), checkpoint.headers.get('cache-control')]).toEqual([
      'text/plain; charset=utf-8',
      'no-cache',
    ]);
    for (const path of ['tile/0/000.p/2', 'tile/entries/000.p/2']) {
      const tile = await world.fetch(`/log/${path}`);
      expect([tile.status, tile.headers.get('content-type'), tile.headers.get('cache-control')]).toEqual([
        200,
        'application/octet-stream',
        'public, max-age=31536000, immutable',
      ]);
    }
    expect((await (await world.fetch('/log/tile/0/000.p/2')).arrayBuffer()).byteLength).toBe(64);
  });

  test.each(['tile/0/000', 'tile/0/000.p/1', 'tile/9/000', 'tile/0/0', 'tile/..%2f..%2fopenings', 'nothing', ''])(
    'there is no /log/%s',
    async (path) => {
      const { world, key } = await worldWithKey();
      await publish(world, key);
      await publicCheckpoint(world);
      expect((await world.fetch(`/log/${path}`)).status).toBe(404);
    },
  );
});

test('a hub without a key shows no log, and has one from the first entry when it gets a key', async () => {
  const { world, key } = await worldWithKey();
  const { logSigner } = world.deps;
  world.deps.logSigner = undefined;
  await publish(world, key);
  await world.sweep();
  expect((await world.fetch('/log/checkpoint')).status).toBe(404);
  expect(await problemOf(await world.fetch(PROOF))).toMatchObject({ status: 404, code: 'not_found' });
  expect(await getJson(world, '/v1/keys/registry')).not.toHaveProperty('log');
  world.deps.logSigner = logSigner;
  expect((await proven(world)).position).toBe(1);
});

test('concurrent publishes take positions one after the other', async () => {
  const { world, key } = await worldWithKey();
  const versions = Array.from({ length: 8 }, (_, i) => `1.${i}.0`);
  await Promise.all(
    versions.map((version) =>
      publish(world, key, { version, name: `reader-of-${'abcdefgh'.at(Number(version.at(2)))}s` }),
    ),
  );
  expect(await events(world)).toEqual(['registry-key', ...versions.map(() => 'publish')]);
});

// The statements are the same on D1, which has no hook to see them.
test.skipIf(process.env.HUB_TEST_DATABASE === 'd1')(
  'a proof costs the same in a long log as in a short one',
  async () => {
    const { world, key } = await worldWithKey();
    await publish(world, key);
    await world.sweep();
    const short = await statements(world, () => world.fetch(PROOF));
    await appendFiller(world, 2_000);
    await world.sweep();
    const opens: string[] = [];
    const { bundles } = world.deps;
    world.deps.bundles = {
      ...bundles,
      open(name) {
        opens.push(name);
        return bundles.open(name);
      },
    };
    expect(await statements(world, () => world.fetch(PROOF))).toEqual(short);
    expect(short).toHaveLength(3);
    // One tile at each level for the path, and the two at the right edge.
    expect(opens.length).toBeLessThanOrEqual(4);
    const plans = await Promise.all(
      short.map(async (sql) => {
        const args = Array.from(sql.matchAll(/\?/g), () => null);
        const plan = await world.client.libsql?.execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, args });
        return (plan?.rows ?? []).map(({ detail }) => String(detail));
      }),
    );
    expect(plans.flat().filter((detail) => /SCAN (?!log_checkpoints)/.test(detail))).toEqual([]);
  },
);
