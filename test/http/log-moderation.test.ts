import { describe, expect, test } from 'vitest';
import { openEntry } from '../../src/format/tlog/leaf.ts';
import { MALICIOUS } from '../support/harmful.ts';
import { loggedEntries, storedLeaves } from '../support/log.ts';
import { moderate, newModerator, proveAddress } from '../support/moderation.ts';
import { bearer, job, newNamespace, postJson, publish, tarGz, upload, worldWithKey } from '../support/skills.ts';
import { OPERATOR_KEY, type World } from '../support/world.ts';

const REASON = { reason: 'It sends keys away.' };
const SKILL = 'skills/acme/pdf-tools';

/** What the log says after the first key and the first publish. */
const later = async (world: World) => (await loggedEntries(world)).slice(2);

const hideByOwner = (world: World, headers: Record<string, string>) =>
  world.fetch('/api/v1/skills/pdf-tools?owner=acme', { method: 'DELETE', headers });
const showByOwner = (world: World, headers: Record<string, string>) =>
  postJson(world, '/api/v1/skills/pdf-tools/undelete?owner=acme', {}, headers);

async function published() {
  const made = await worldWithKey();
  await publish(made.world, made.key);
  return made;
}

function entry(world: World, event: 'hide' | 'show', by: 'owner' | 'moderator' | 'reports') {
  return { v: 1, event, namespace: 'acme', name: 'pdf-tools', by, at: world.clock.now() };
}

describe('a skill that is hidden or shown', () => {
  test('by its owner: one entry for each time that something changed', async () => {
    const { world, headers } = await published();
    for (const act of [hideByOwner, hideByOwner, showByOwner, showByOwner])
      expect((await act(world, headers)).ok).toBe(true);
    expect(await later(world)).toEqual([entry(world, 'hide', 'owner'), entry(world, 'show', 'owner')]);
  });

  test('by a moderator, over the owner too; what changes nothing makes no entry', async () => {
    const { world, headers } = await published();
    const { headers: warden } = await newModerator(world);
    await hideByOwner(world, headers);
    for (const verb of ['hide', 'hide', 'show', 'show']) {
      expect((await moderate(world, `${SKILL}/${verb}`, REASON, warden)).status).toBe(200);
    }
    expect(await later(world)).toEqual([
      entry(world, 'hide', 'owner'),
      entry(world, 'hide', 'moderator'),
      entry(world, 'show', 'moderator'),
    ]);
  });

  test('by an operator by way of a client: as a moderator', async () => {
    const { world } = await published();
    await hideByOwner(world, bearer(OPERATOR_KEY));
    await showByOwner(world, bearer(OPERATOR_KEY));
    expect(await later(world)).toEqual([entry(world, 'hide', 'moderator'), entry(world, 'show', 'moderator')]);
  });

  test('with a ban: all of them, and what was never public not', async () => {
    const { world, key } = await published();
    await publish(world, key, { name: 'csv-summary' });
    await upload(world, key, await tarGz({ name: 'never-public', ...MALICIOUS }));
    await world.drain();
    const before = (await storedLeaves(world)).length;
    for (let round = 0; round < 2; round++) await moderate(world, 'namespaces/acme/ban', { ...REASON, hide: true });
    expect((await loggedEntries(world)).slice(before)).toEqual([
      entry(world, 'hide', 'moderator'),
      { ...entry(world, 'hide', 'moderator'), name: 'csv-summary' },
    ]);
    const { rows } = await world.client.execute('select count(*) as n from skills where hidden_at is not null');
    expect(rows).toEqual([{ n: 3 }]);
  });

  test('at once by many: one entry', async () => {
    const { world } = await published();
    await Promise.all(Array.from({ length: 8 }, () => moderate(world, `${SKILL}/hide`, REASON)));
    expect(await later(world)).toEqual([entry(world, 'hide', 'moderator')]);
  });

  test('a private one: a commitment, whose opening tells what happened', async () => {
    const { world, key } = await worldWithKey();
    await publish(world, key, {}, '?visibility=private');
    await moderate(world, `${SKILL}/hide`, REASON);
    const [hidden] = await later(world);
    if (!hidden || !('commitment' in hidden)) throw new Error('the entry tells of a private skill');
    const stored = world.bundles.objects.get(`openings/${hidden.commitment}.json`);
    const opening = new TextDecoder().decode(stored?.bytes);
    expect(await openEntry(hidden, opening)).toEqual(entry(world, 'hide', 'moderator'));
    for (const leaf of await storedLeaves(world)) expect(leaf).not.toMatch(/pdf|acme/);
  });
});

describe('reports', () => {
  const DAY = 24 * 3_600_000;

  async function reported() {
    const made = await published();
    const { world } = made;
    const reporters = await Promise.all(
      ['one', 'two', 'three', 'four'].map((slug) => newNamespace(world, `${slug}-reporter`)),
    );
    world.advance(7 * DAY);
    for (const slug of ['one', 'two', 'three', 'four']) await proveAddress(world, `${slug}-reporter`);
    for (const { headers } of reporters) {
      const path = '/api/v1/skills/pdf-tools/report?owner=acme';
      expect((await postJson(world, path, REASON, headers)).ok).toBe(true);
    }
    const { rows } = await world.client.execute('select id from reports order by created_at, id');
    return { ...made, ids: rows.map(({ id }) => String(id)) };
  }

  test('that hide it are in the log, and so is the end of that', async () => {
    const { world, ids } = await reported();
    expect(await later(world)).toEqual([entry(world, 'hide', 'reports')]);
    for (const id of ids.slice(1)) await moderate(world, `reports/${id}/dismiss`, REASON);
    expect((await moderate(world, `reports/${ids[0]}/dismiss`, REASON)).status).toBe(200);
    expect((await later(world)).slice(1)).toEqual([entry(world, 'show', 'moderator')]);
  });

  test('that a moderator confirms make it the decision of a moderator', async () => {
    const { world, ids } = await reported();
    for (const id of ids.slice(0, 2)) {
      expect((await moderate(world, `reports/${id}/confirm`, REASON)).status).toBe(200);
    }
    expect((await later(world)).slice(1)).toEqual([entry(world, 'hide', 'moderator')]);
  });
});

describe('a later examination', () => {
  async function rescanned(verdict: 'clean' | 'malicious', query = '') {
    const made = await worldWithKey({ settings: { verdictPolicy: { malicious: 'warn', suspicious: 'warn' } } });
    const { world, key } = made;
    const { id } = await publish(world, key, MALICIOUS, query);
    expect(await job(world, id)).toMatchObject({ status: 'pass' });
    await world.client.execute(`update versions set verdict = '${verdict}', engine_version = 'old'`);
    await moderate(world, 'rescans', {});
    await world.drain();
    return made;
  }

  test('that comes to another verdict is in the log, and the proof of the version is its entry', async () => {
    const { world } = await rescanned('clean');
    const [told, ...others] = await later(world);
    expect(told).toMatchObject({ event: 'verdict', name: 'pdf-tools', version: '1.0.0', verdict: 'malicious' });
    expect(others).toEqual([]);
    const proof = await (await world.fetch('/v1/log/proof/acme/pdf-tools/1.0.0')).json<{ leaf: string }>();
    expect(JSON.parse(proof.leaf)).toEqual(told);
  });

  test('that comes to the same verdict makes no entry', async () => {
    expect(await later((await rescanned('malicious')).world)).toEqual([]);
  });

  test('of a private version makes a commitment', async () => {
    const [told] = await later((await rescanned('clean', '?visibility=private')).world);
    expect(told).toEqual({ v: 1, event: 'verdict', commitment: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });
});
