import { expect, test } from 'vitest';
import { bearer, furtherKey, getJson, postJson, problemOf, publish } from '../support/skills.ts';
import { aliases, type Headers, identities, twoNamespaces } from '../support/transfers.ts';
import { OPERATOR_KEY, type World } from '../support/world.ts';

const PATH = '/v1/packages/acme/pdf-tools/transfer';

const offer = (world: World, headers: Headers, body: object = { to: 'umbrella' }, path = PATH) =>
  postJson(world, path, body, headers);
const decide = (world: World, headers: Headers, verb: 'accept' | 'decline') =>
  postJson(world, `${PATH}/${verb}`, {}, headers);
const cancel = (world: World, headers: Headers) => world.fetch(PATH, { method: 'DELETE', headers });

const listOf = async (world: World, headers: Headers, direction?: string) => {
  const query = direction === undefined ? '' : `?direction=${direction}`;
  return (await getJson<{ transfers: unknown[] }>(world, `/v1/transfers${query}`, headers)).transfers;
};

async function ok(response: Promise<Response>): Promise<unknown> {
  const answer = await response;
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  return answer.json();
}

const NOBODY_ASKED = { status: 404, code: 'not_found' };

test('a skill is offered, shown to both, and accepted', async () => {
  const { world, acme, umbrella } = await twoNamespaces();
  const id = expect.stringMatching(/^\w{26}$/);
  const expires_at = '2026-01-08T00:00:00.000Z';
  expect(await ok(offer(world, acme.headers, { to: 'umbrella', message: ' Take care. ' }))).toEqual({
    id,
    namespace: 'acme',
    name: 'pdf-tools',
    to: 'umbrella',
    transferred: false,
    expires_at,
  });
  const shown = {
    id,
    namespace: 'acme',
    name: 'pdf-tools',
    from: 'acme',
    to: 'umbrella',
    message: 'Take care.',
    requested_at: '2026-01-01T00:00:00.000Z',
    expires_at,
  };
  expect(await listOf(world, umbrella.headers)).toEqual([shown]);
  expect(await listOf(world, acme.headers, 'outgoing')).toEqual([shown]);
  expect(await listOf(world, acme.headers, 'incoming')).toEqual([]);
  expect(await listOf(world, umbrella.headers, 'outgoing')).toEqual([]);
  expect(await listOf(world, bearer(OPERATOR_KEY), 'incoming')).toEqual([shown]);

  expect(await ok(decide(world, umbrella.headers, 'accept'))).toEqual({ namespace: 'umbrella', name: 'pdf-tools' });
  expect(await identities(world)).toEqual([{ namespace: 'umbrella', name: 'pdf-tools', slug: 'pdf-tools' }]);
  expect(await aliases(world)).toEqual([{ namespace: 'acme', name: 'pdf-tools', slug: null }]);
  expect(await getJson(world, '/v1/packages/acme/pdf-tools/latest')).toMatchObject({ namespace: 'umbrella' });
  expect(await listOf(world, umbrella.headers)).toEqual([]);
  expect(await problemOf(await decide(world, umbrella.headers, 'accept'))).toMatchObject(NOBODY_ASKED);
});

test('it is declined by the one and taken back by the other', async () => {
  const { world, acme, umbrella } = await twoNamespaces();
  await ok(offer(world, acme.headers));
  expect(await problemOf(await decide(world, acme.headers, 'decline'))).toMatchObject(NOBODY_ASKED);
  expect(await ok(decide(world, umbrella.headers, 'decline'))).toEqual({ namespace: 'acme', name: 'pdf-tools' });
  await ok(offer(world, acme.headers));
  expect(await problemOf(await offer(world, acme.headers))).toMatchObject({ status: 409, code: 'state_conflict' });
  expect(await problemOf(await cancel(world, umbrella.headers))).toMatchObject({ status: 403, code: 'forbidden' });
  expect(await ok(cancel(world, acme.headers))).toEqual({ namespace: 'acme', name: 'pdf-tools' });
  expect(await problemOf(await cancel(world, acme.headers))).toMatchObject(NOBODY_ASKED);
  expect(await problemOf(await decide(world, umbrella.headers, 'accept'))).toMatchObject(NOBODY_ASKED);
  expect(await identities(world)).toMatchObject([{ namespace: 'acme' }]);
});

test('it moves at once to a namespace that one made for oneself', async () => {
  const { world, acme } = await twoNamespaces();
  await postJson(world, '/api/v1/publishers', { handle: 'acme-labs' }, acme.headers);
  expect(await ok(offer(world, acme.headers, { to: 'acme-labs' }))).toMatchObject({
    namespace: 'acme-labs',
    name: 'pdf-tools',
    transferred: true,
  });
  expect(await identities(world)).toMatchObject([{ namespace: 'acme-labs' }]);
});

test.each([
  [{ to: 'nobody-has-it' }, 404, 'not_found'],
  [{ to: 'acme' }, 409, 'state_conflict'],
  [{}, 422, 'invalid_body'],
  [{ to: 'umbrella', message: 'x'.repeat(501) }, 422, 'invalid_body'],
])('an offer of %j is refused', async (body, status, code) => {
  const { world, acme } = await twoNamespaces();
  expect(await problemOf(await offer(world, acme.headers, body))).toMatchObject({ status, code });
});

test('it takes admin on both sides, and reading is enough for the list', async () => {
  const { world, acme, umbrella } = await twoNamespaces();
  const giver = await furtherKey(world, acme.key, ['publish']);
  const taker = await furtherKey(world, umbrella.key, ['publish']);
  const reader = await furtherKey(world, umbrella.key, ['read']);
  const weak = { status: 403, code: 'forbidden', detail: "Your key lacks the scope 'admin'." };
  expect(await problemOf(await offer(world, giver.headers))).toMatchObject(weak);
  await ok(offer(world, acme.headers));
  expect(await problemOf(await decide(world, taker.headers, 'accept'))).toMatchObject(weak);
  expect(await problemOf(await decide(world, taker.headers, 'decline'))).toMatchObject(weak);
  expect(await problemOf(await cancel(world, giver.headers))).toMatchObject(weak);
  expect(await listOf(world, reader.headers)).toHaveLength(1);
});

test('an offer that ran out cannot be accepted', async () => {
  const { world, acme, umbrella } = await twoNamespaces();
  await ok(offer(world, acme.headers));
  world.advance(7 * 86_400_000);
  expect(await listOf(world, umbrella.headers)).toEqual([]);
  expect(await problemOf(await decide(world, umbrella.headers, 'accept'))).toMatchObject(NOBODY_ASKED);
});

test('a private skill is known to whom it is offered by the offer alone', async () => {
  const { world, acme, umbrella } = await twoNamespaces({}, '?visibility=private');
  await ok(offer(world, acme.headers));
  expect(await listOf(world, umbrella.headers)).toMatchObject([{ namespace: 'acme', name: 'pdf-tools' }]);
  expect((await world.fetch('/v1/packages/acme/pdf-tools/latest', { headers: umbrella.headers })).status).toBe(404);
  await ok(decide(world, umbrella.headers, 'accept'));
  expect(await getJson(world, '/v1/packages/umbrella/pdf-tools/latest', umbrella.headers)).toMatchObject({
    visibility: 'private',
  });
});

test('what is taken over can be published by its new owner', async () => {
  const { world, acme, umbrella } = await twoNamespaces();
  await ok(offer(world, acme.headers));
  await ok(decide(world, umbrella.headers, 'accept'));
  expect((await publish(world, umbrella.key, { version: '1.1.0' })).status).toBe('pass');
  expect(await getJson(world, '/v1/packages/umbrella/pdf-tools/latest')).toMatchObject({ version: '1.1.0' });
});
