import { describe, expect, test } from 'vitest';
import { refusalOf } from '../support/clawhub.ts';
import { OPERATOR } from '../support/moderation.ts';
import { done, rename } from '../support/names.ts';
import { getJson, newNamespace, postJson, problemOf, publish, tarGz, upload } from '../support/skills.ts';
import {
  aliases,
  decide,
  give,
  identities,
  offer,
  ok,
  rows,
  transfersOf,
  twoNamespaces,
} from '../support/transfers.ts';
import type { World } from '../support/world.ts';

test('whatever was read of the skill before is read anew after it moved, with its stars and card', async () => {
  const { world, acme, umbrella } = await twoNamespaces();
  await ok(await postJson(world, '/api/v1/stars/pdf-tools', {}, umbrella.headers));
  await world.fetch('/api/v1/skill/edit/pdf-tools', {
    method: 'PUT',
    headers: { ...acme.headers, 'content-type': 'application/json' },
    body: JSON.stringify({ displayName: 'PDF tools' }),
  });
  const reads = ['/v1/packages/umbrella/pdf-tools/1.0.0', '/api/v1/skills/pdf-tools', '/v1/search?q=pdf'];
  const before = await Promise.all(reads.map(async (path) => (await world.fetch(path)).status));
  expect(before).toEqual([404, 200, 200]);
  await give(world, acme.headers, umbrella.headers, 'pdf-tools', 'umbrella');

  expect(await getJson(world, '/api/v1/skills/pdf-tools')).toMatchObject({
    owner: { handle: 'umbrella' },
    skill: { displayName: 'PDF tools', stats: { stars: 1 } },
  });
  expect(await getJson(world, '/v1/packages/umbrella/pdf-tools/1.0.0')).toMatchObject({ namespace: 'umbrella' });
  expect(await getJson(world, '/v1/search?q=pdf')).toMatchObject({ total: 1, packages: [{ namespace: 'umbrella' }] });
  expect(await getJson(world, '/v1/search?q=umbrella')).toMatchObject({ total: 1 });
  expect((await world.fetch('/api/v1/download?slug=pdf-tools&version=1.0.0')).status).toBe(200);
  expect((await publish(world, umbrella.key, { version: '1.1.0' })).status).toBe('pass');
  expect(await getJson(world, '/api/v1/skills/pdf-tools')).toMatchObject({ latestVersion: { version: '1.1.0' } });
});

test('the old address leads to it for good, and takes no new versions', async () => {
  const { world, acme, umbrella } = await twoNamespaces();
  expect(await getJson(world, '/v1/packages/acme/pdf-tools/1.0.0')).toMatchObject({ namespace: 'acme' });
  await give(world, acme.headers, umbrella.headers, 'pdf-tools', 'umbrella');
  expect(await getJson(world, '/v1/packages/acme/pdf-tools/1.0.0')).toMatchObject({ namespace: 'umbrella' });
  expect(await getJson(world, '/api/v1/skills/pdf-tools?ownerHandle=acme')).toMatchObject({
    owner: { handle: 'umbrella' },
  });
  expect((await world.fetch('/v1/download/acme/pdf-tools/1.0.0')).status).toBe(200);
  const again = await upload(world, acme.key, await tarGz({ version: '1.1.0' }));
  expect(await problemOf(again)).toMatchObject({
    status: 409,
    code: 'state_conflict',
    detail: 'The name @acme/pdf-tools leads to @umbrella/pdf-tools now.',
  });
});

test('a private skill that left tells nothing to whoever had it', async () => {
  const { world, acme, umbrella } = await twoNamespaces({}, '?visibility=private');
  await give(world, acme.headers, umbrella.headers, 'acme.pdf-tools', 'umbrella');
  for (const path of ['/v1/packages/acme/pdf-tools/1.0.0', '/api/v1/skills/acme.pdf-tools']) {
    expect((await world.fetch(path, { headers: acme.headers })).status, path).toBe(404);
    expect((await world.fetch(path, { headers: umbrella.headers })).status, path).toBe(200);
  }
  const again = await upload(world, acme.key, await tarGz({ version: '1.1.0' }));
  expect(await problemOf(again)).toMatchObject({ detail: 'The name @acme/pdf-tools leads to another skill now.' });
});

describe('the flat slug', () => {
  test('that is qualified becomes an alias; the bare one stays whose it was', async () => {
    const { world, acme, umbrella } = await twoNamespaces();
    const initech = await newNamespace(world, 'initech');
    await publish(world, initech.key);
    await ok(await offer(world, initech.headers, 'initech.pdf-tools'));
    expect(await ok(await decide(world, umbrella.headers, 'accept', 'pdf-tools?ownerHandle=initech'))).toEqual({
      ok: true,
      skillSlug: 'umbrella.pdf-tools',
    });
    expect(await identities(world)).toEqual([
      { namespace: 'acme', name: 'pdf-tools', slug: 'pdf-tools' },
      { namespace: 'umbrella', name: 'pdf-tools', slug: 'umbrella.pdf-tools' },
    ]);
    expect(await aliases(world)).toEqual([{ namespace: 'initech', name: 'pdf-tools', slug: 'initech.pdf-tools' }]);
    expect((await offer(world, acme.headers, 'pdf-tools')).status).toBe(409);
  });

  test('is the old one again when the skill comes back, and none is ever lost', async () => {
    const { world, acme, umbrella } = await twoNamespaces({}, '?visibility=private');
    await give(world, acme.headers, umbrella.headers, 'acme.pdf-tools', 'umbrella');
    await give(world, umbrella.headers, acme.headers, 'umbrella.pdf-tools', 'acme');
    expect(await identities(world)).toEqual([{ namespace: 'acme', name: 'pdf-tools', slug: 'acme.pdf-tools' }]);
    expect(await aliases(world)).toEqual([{ namespace: 'umbrella', name: 'pdf-tools', slug: 'umbrella.pdf-tools' }]);
  });

  test('that went with an alias moves on to the next one', async () => {
    const { world, acme, umbrella } = await twoNamespaces({}, '?visibility=private');
    // Once public, a skill whose bare name is free gets it with its next owner, and keeps it.
    await world.fetch('/v1/packages/acme/pdf-tools/visibility', {
      method: 'PUT',
      headers: { ...acme.headers, 'content-type': 'application/json' },
      body: JSON.stringify({ visibility: 'public' }),
    });
    await give(world, acme.headers, umbrella.headers, 'acme.pdf-tools', 'umbrella');
    expect(await identities(world)).toMatchObject([{ namespace: 'umbrella', slug: 'pdf-tools' }]);
    await give(world, umbrella.headers, acme.headers, 'pdf-tools', 'acme');
    expect(await identities(world)).toMatchObject([{ namespace: 'acme', slug: 'pdf-tools' }]);
    expect(await aliases(world)).toEqual([{ namespace: 'umbrella', name: 'pdf-tools', slug: 'acme.pdf-tools' }]);
  });

  test('is nobody else’s to take, though it is an alias only', async () => {
    const { world, acme, umbrella } = await twoNamespaces();
    await world.client.execute(
      "INSERT INTO skill_aliases (namespace, name, slug, skill_id, created_at) VALUES ('acme', 'old', 'csv-tools', 1, 0)",
    );
    await publish(world, acme.key, { name: 'csv-tools' });
    await world.client.execute("UPDATE skills SET slug = 'acme.csv-tools' WHERE name = 'csv-tools'");
    expect(await give(world, acme.headers, umbrella.headers, 'acme.csv-tools', 'umbrella')).toEqual({
      ok: true,
      skillSlug: 'umbrella.csv-tools',
    });
  });
});

describe('a name that is taken in the receiving namespace', () => {
  test('is refused at the request, and nothing is offered', async () => {
    const { world, acme, umbrella } = await twoNamespaces();
    await publish(world, umbrella.key);
    expect(await refusalOf(await offer(world, acme.headers, 'pdf-tools'))).toEqual({
      status: 409,
      text: "'umbrella' has a skill of that name: pdf-tools. Rename the skill first.",
    });
    expect(await transfersOf(world, acme.headers, 'outgoing')).toEqual({ transfers: [] });
  });

  test('since the request is refused when it is accepted, and nothing changes', async () => {
    const { world, acme, umbrella } = await twoNamespaces();
    await ok(await offer(world, acme.headers, 'pdf-tools'));
    await publish(world, umbrella.key);
    const before = [await identities(world), await rows(world, 'SELECT * FROM transfers')];
    expect((await refusalOf(await decide(world, umbrella.headers, 'accept', 'pdf-tools'))).status).toBe(409);
    expect([await identities(world), await rows(world, 'SELECT * FROM transfers')]).toEqual(before);
    expect(await aliases(world)).toEqual([]);
  });

  test('formerly counts too, unless by this very skill', async () => {
    const { world, acme, umbrella } = await twoNamespaces();
    const initech = await newNamespace(world, 'initech');
    await give(world, acme.headers, umbrella.headers, 'pdf-tools', 'umbrella');
    await publish(world, initech.key);
    expect(await refusalOf(await offer(world, initech.headers, 'initech.pdf-tools', 'acme'))).toEqual({
      status: 409,
      text: "'acme' had a skill of that name, which still leads to it: pdf-tools. Rename the skill first.",
    });
    await give(world, umbrella.headers, acme.headers, 'pdf-tools', 'acme');
    expect(await aliases(world)).toEqual([{ namespace: 'umbrella', name: 'pdf-tools', slug: null }]);
  });

  test('or nearly taken, is refused: it could never be published there', async () => {
    const { world, acme } = await twoNamespaces();
    await publish(world, acme.key, { name: 'pdf-tool' });
    expect(await refusalOf(await offer(world, acme.headers, 'pdf-tool'))).toMatchObject({
      status: 409,
      text: expect.stringContaining("too similar to existing package 'pdf-tools'"),
    });
  });
});

describe('a name that is taken by what the asker cannot see', () => {
  const byPrivate = (world: World, key: string) => publish(world, key, {}, '?visibility=private');
  const byRefused = (world: World, key: string) => publish(world, key, { description: 'Too short.' });
  const byHidden = async (world: World, key: string) => {
    await publish(world, key);
    const headers = { authorization: `Bearer ${key}` };
    await ok(await world.fetch('/api/v1/skills/umbrella.pdf-tools', { method: 'DELETE', headers }));
  };
  const byFormer = async (world: World, key: string) => {
    await publish(world, key, {}, '?visibility=private');
    const headers = { authorization: `Bearer ${key}` };
    await done(await rename(world, headers, 'umbrella.pdf-tools', 'paper-kit'));
  };

  test.each([
    ['a private skill', byPrivate, "'umbrella' has a skill of that name: pdf-tools."],
    ['a hidden one', byHidden, "'umbrella' has a skill of that name: pdf-tools."],
    ['one that was never published', byRefused, "'umbrella' has a skill of that name: pdf-tools."],
    [
      'a private one that was called so',
      byFormer,
      "'umbrella' had a skill of that name, which still leads to it: pdf-tools.",
    ],
  ])('does not show: %s', async (_, take, refusal) => {
    const { world, acme, umbrella } = await twoNamespaces();
    const free = await newNamespace(world, 'initech');
    const toFree = await ok(await offer(world, acme.headers, 'pdf-tools', 'initech'));
    await ok(await decide(world, acme.headers, 'cancel', 'pdf-tools'));

    await take(world, umbrella.key);
    const offered = await ok(await offer(world, acme.headers, 'pdf-tools'));
    expect(offered).toEqual({ ...toFree, transferId: offered.transferId, toUserHandle: 'umbrella' });
    expect(await refusalOf(await decide(world, umbrella.headers, 'accept', 'pdf-tools'))).toEqual({
      status: 409,
      text: `${refusal} Rename the skill first.`,
    });
    expect((await identities(world)).find(({ slug }) => slug === 'pdf-tools')).toMatchObject({ namespace: 'acme' });
    expect((await transfersOf(world, free.headers, 'incoming')).transfers).toEqual([]);
    expect((await transfersOf(world, umbrella.headers, 'incoming')).transfers).toHaveLength(1);
  });

  test('shows to an operator, and to whoever acts for both', async () => {
    const { world, acme } = await twoNamespaces();
    expect((await postJson(world, '/api/v1/publishers', { handle: 'acme-labs' }, acme.headers)).status).toBe(201);
    await publish(world, acme.key, {}, '?visibility=private&namespace=acme-labs');
    for (const headers of [acme.headers, OPERATOR]) {
      expect(await refusalOf(await offer(world, headers, 'pdf-tools', 'acme-labs'))).toEqual({
        status: 409,
        text: "'acme-labs' has a skill of that name: pdf-tools. Rename the skill first.",
      });
    }
  });
});
