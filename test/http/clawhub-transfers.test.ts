import { describe, expect, test } from 'vitest';
import { refusalOf } from '../support/clawhub.ts';
import { OPERATOR } from '../support/moderation.ts';
import { furtherKey, getJson, newNamespace, postJson, publish } from '../support/skills.ts';
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

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);

test('a transfer is offered, shown to both, and accepted', async () => {
  const { world, acme, umbrella } = await twoNamespaces();
  const offered = await ok(await offer(world, acme.headers, 'pdf-tools', '@Umbrella', ' Take care. '));
  expect(offered).toEqual({
    ok: true,
    transferId: expect.stringMatching(/^\w{26}$/),
    skillSlug: 'pdf-tools',
    toUserHandle: 'umbrella',
    expiresAt: START + 7 * DAY,
  });
  const shown = {
    _id: offered.transferId,
    skill: { _id: 'acme/pdf-tools', slug: 'pdf-tools', displayName: 'pdf-tools' },
    message: 'Take care.',
    requestedAt: START,
    expiresAt: START + 7 * DAY,
  };
  const user = (handle: string) => ({ _id: handle, handle, displayName: handle });
  expect(await transfersOf(world, umbrella.headers, 'incoming')).toEqual({
    transfers: [{ ...shown, fromUser: user('acme') }],
  });
  expect(await transfersOf(world, acme.headers, 'outgoing')).toEqual({
    transfers: [{ ...shown, toUser: user('umbrella') }],
  });
  expect(await transfersOf(world, umbrella.headers, 'outgoing')).toEqual({ transfers: [] });
  expect(await transfersOf(world, acme.headers, 'incoming')).toEqual({ transfers: [] });
  expect(await transfersOf(world, OPERATOR, 'incoming')).toMatchObject({ transfers: [shown] });

  expect(await ok(await decide(world, umbrella.headers, 'accept', 'pdf-tools'))).toEqual({
    ok: true,
    skillSlug: 'pdf-tools',
  });
  expect(await identities(world)).toEqual([{ namespace: 'umbrella', name: 'pdf-tools', slug: 'pdf-tools' }]);
  expect(await aliases(world)).toEqual([{ namespace: 'acme', name: 'pdf-tools', slug: null }]);
  expect(await transfersOf(world, umbrella.headers, 'incoming')).toEqual({ transfers: [] });
  expect(await refusalOf(await decide(world, umbrella.headers, 'accept', 'pdf-tools'))).toEqual({
    status: 404,
    text: "There is no pending transfer of 'pdf-tools' to you. List the incoming transfers; one lasts seven days.",
  });
});

test('a skill that was merged into another stays where it is', async () => {
  const { world, acme } = await twoNamespaces();
  await publish(world, acme.key, { name: 'csv-tools' });
  await ok(await postJson(world, '/api/v1/skills/pdf-tools/merge', { targetSlug: 'csv-tools' }, acme.headers));
  expect(await refusalOf(await offer(world, acme.headers, 'pdf-tools'))).toEqual({
    status: 409,
    text: '@acme/pdf-tools was merged into another skill. Transfer that one.',
  });
});

test('the old owner has no power over it any more', async () => {
  const { world, acme, umbrella } = await twoNamespaces();
  await give(world, acme.headers, umbrella.headers, 'pdf-tools', 'umbrella');
  expect((await world.fetch('/api/v1/skills/pdf-tools', { method: 'DELETE', headers: acme.headers })).status).toBe(403);
  expect((await offer(world, acme.headers, 'pdf-tools', 'acme')).status).toBe(403);
  expect((await world.fetch('/api/v1/skills/pdf-tools', { method: 'DELETE', headers: umbrella.headers })).status).toBe(
    200,
  );
});

test('a private skill stays private, and only the offer makes it known', async () => {
  const { world, acme, umbrella } = await twoNamespaces({}, '?visibility=private');
  expect(await identities(world)).toMatchObject([{ slug: 'acme.pdf-tools' }]);
  await ok(await offer(world, acme.headers, 'acme.pdf-tools'));
  expect(await transfersOf(world, umbrella.headers, 'incoming')).toMatchObject({
    transfers: [{ skill: { slug: 'acme.pdf-tools' } }],
  });
  expect((await world.fetch('/api/v1/skills/acme.pdf-tools', { headers: umbrella.headers })).status).toBe(404);
  expect(await ok(await decide(world, umbrella.headers, 'accept', 'acme.pdf-tools'))).toEqual({
    ok: true,
    skillSlug: 'umbrella.pdf-tools',
  });
  expect(await aliases(world)).toEqual([{ namespace: 'acme', name: 'pdf-tools', slug: 'acme.pdf-tools' }]);
  expect((await world.fetch('/api/v1/skills/umbrella.pdf-tools')).status).toBe(404);
  expect((await world.fetch('/api/v1/skills/umbrella.pdf-tools', { headers: acme.headers })).status).toBe(404);
  expect((await world.fetch('/api/v1/skills/umbrella.pdf-tools', { headers: umbrella.headers })).status).toBe(200);
});

test('one pending transfer at a time; ended or expired ones make room', async () => {
  const { world, acme, umbrella } = await twoNamespaces();
  await ok(await offer(world, acme.headers, 'pdf-tools'));
  expect(await refusalOf(await offer(world, acme.headers, 'pdf-tools'))).toEqual({
    status: 409,
    text: 'A transfer of @acme/pdf-tools is pending already. Cancel it first.',
  });
  expect((await offer(world, OPERATOR, 'pdf-tools')).status).toBe(409);
  expect(await ok(await decide(world, acme.headers, 'cancel', 'pdf-tools'))).toEqual({
    ok: true,
    skillSlug: 'pdf-tools',
  });
  expect((await decide(world, umbrella.headers, 'accept', 'pdf-tools')).status).toBe(404);

  await ok(await offer(world, acme.headers, 'pdf-tools'));
  expect(await ok(await decide(world, umbrella.headers, 'reject', 'pdf-tools'))).toEqual({
    ok: true,
    skillSlug: 'pdf-tools',
  });
  expect(await refusalOf(await decide(world, acme.headers, 'cancel', 'pdf-tools'))).toEqual({
    status: 404,
    text: 'No transfer of @acme/pdf-tools is pending. List your transfers: skills owner list.',
  });

  await ok(await offer(world, acme.headers, 'pdf-tools'));
  world.advance(7 * DAY - 1);
  expect((await transfersOf(world, umbrella.headers, 'incoming')).transfers).toHaveLength(1);
  world.advance(1);
  expect((await transfersOf(world, umbrella.headers, 'incoming')).transfers).toHaveLength(0);
  expect((await decide(world, umbrella.headers, 'accept', 'pdf-tools')).status).toBe(404);
  await give(world, acme.headers, umbrella.headers, 'pdf-tools', 'umbrella');
  const states = await rows(world, 'SELECT state FROM transfers ORDER BY rowid');
  expect(states.map(({ state }) => state)).toEqual(['cancelled', 'rejected', 'pending', 'accepted']);
});

describe('whoever may act for both', () => {
  test('an operator moves a skill at once, hidden or not', async () => {
    const { world, acme } = await twoNamespaces();
    await world.fetch('/api/v1/skills/pdf-tools', { method: 'DELETE', headers: acme.headers });
    expect(await refusalOf(await offer(world, acme.headers, 'pdf-tools'))).toEqual({
      status: 409,
      text: '@acme/pdf-tools is hidden. Show it again first.',
    });
    expect(await ok(await offer(world, OPERATOR, 'pdf-tools'))).toEqual({
      ok: true,
      skillSlug: 'pdf-tools',
      toPublisherHandle: 'umbrella',
      transferred: true,
    });
    expect(await identities(world)).toMatchObject([{ namespace: 'umbrella' }]);
    expect(await getJson(world, '/v1/search?q=pdf')).toMatchObject({ total: 0 });
  });

  test('an owner gives to its publisher at once, and takes back', async () => {
    const { world, acme } = await twoNamespaces();
    await postJson(world, '/api/v1/publishers', { handle: 'acme-labs' }, acme.headers);
    const moved = { ok: true, skillSlug: 'pdf-tools', transferred: true };
    expect(await ok(await offer(world, acme.headers, 'pdf-tools', 'acme-labs'))).toEqual({
      ...moved,
      toPublisherHandle: 'acme-labs',
    });
    expect(await ok(await offer(world, acme.headers, 'pdf-tools?ownerHandle=acme-labs', 'acme'))).toEqual({
      ...moved,
      toPublisherHandle: 'acme',
    });
    const publish = await furtherKey(world, acme.key, ['publish']);
    expect((await offer(world, publish.headers, 'pdf-tools', 'acme-labs')).status).toBe(403);
  });

  test('a skill that was hidden after the offer is not handed over', async () => {
    const { world, acme, umbrella } = await twoNamespaces();
    await ok(await offer(world, acme.headers, 'pdf-tools'));
    await world.fetch('/api/v1/skills/pdf-tools', { method: 'DELETE', headers: acme.headers });
    expect((await refusalOf(await decide(world, umbrella.headers, 'accept', 'pdf-tools'))).status).toBe(409);
    expect(await identities(world)).toMatchObject([{ namespace: 'acme' }]);
  });
});

test('who may not: nobody, the wrong namespace, a weaker key; and what cannot be', async () => {
  const { world, acme, umbrella } = await twoNamespaces();
  const publishKey = await furtherKey(world, acme.key, ['publish']);
  const readKey = await furtherKey(world, umbrella.key, ['read']);
  for (const send of [
    offer(world, {}, 'pdf-tools'),
    decide(world, {}, 'accept', 'pdf-tools'),
    decide(world, {}, 'reject', 'pdf-tools'),
    decide(world, {}, 'cancel', 'pdf-tools'),
    world.fetch('/api/v1/transfers/incoming'),
    world.fetch('/api/v1/transfers/outgoing'),
  ]) {
    expect((await refusalOf(await send)).status).toBe(401);
  }
  expect((await refusalOf(await offer(world, umbrella.headers, 'pdf-tools'))).status).toBe(403);
  expect((await refusalOf(await offer(world, publishKey.headers, 'pdf-tools'))).status).toBe(403);
  expect(await refusalOf(await offer(world, acme.headers, 'ghost'))).toEqual({
    status: 404,
    text: 'Skill not found',
  });
  expect(await refusalOf(await offer(world, acme.headers, 'pdf-tools', 'nobody'))).toEqual({
    status: 404,
    text: "There is no namespace 'nobody'. Check its spelling.",
  });
  expect(await refusalOf(await offer(world, acme.headers, 'pdf-tools', 'acme'))).toEqual({
    status: 409,
    text: "@acme/pdf-tools belongs to 'acme' already. Name another namespace.",
  });
  expect((await refusalOf(await offer(world, acme.headers, 'pdf-tools', '@'))).status).toBe(400);
  expect((await refusalOf(await offer(world, acme.headers, 'pdf-tools', 'umbrella', 'x'.repeat(501)))).status).toBe(
    400,
  );

  await ok(await offer(world, acme.headers, 'pdf-tools'));
  expect((await refusalOf(await decide(world, readKey.headers, 'accept', 'pdf-tools'))).status).toBe(403);
  expect((await refusalOf(await decide(world, readKey.headers, 'reject', 'pdf-tools'))).status).toBe(403);
  expect((await transfersOf(world, readKey.headers, 'incoming')).transfers).toHaveLength(1);
  expect((await refusalOf(await decide(world, acme.headers, 'accept', 'pdf-tools'))).status).toBe(404);
  expect((await refusalOf(await decide(world, umbrella.headers, 'cancel', 'pdf-tools'))).status).toBe(403);
  expect((await refusalOf(await decide(world, publishKey.headers, 'cancel', 'pdf-tools'))).status).toBe(403);
});

test('of two offers of one name, the owner has to be named', async () => {
  const { world, acme, umbrella } = await twoNamespaces({}, '?visibility=private');
  const initech = await newNamespace(world, 'initech');
  await publish(world, initech.key, {}, '?visibility=private');
  await ok(await offer(world, acme.headers, 'acme.pdf-tools'));
  await ok(await offer(world, initech.headers, 'initech.pdf-tools'));
  expect(await refusalOf(await decide(world, umbrella.headers, 'accept', 'pdf-tools'))).toEqual({
    status: 409,
    text: "Several skills called 'pdf-tools' are offered to you. Name the owner, e.g. @acme/pdf-tools.",
  });
  await ok(await decide(world, umbrella.headers, 'accept', 'pdf-tools?ownerHandle=initech'));
  expect(await identities(world)).toMatchObject([{ namespace: 'acme' }, { namespace: 'umbrella' }]);
  expect((await decide(world, umbrella.headers, 'accept', 'pdf-tools')).status).toBe(409);
  await ok(await decide(world, umbrella.headers, 'reject', 'acme.pdf-tools'));
});
