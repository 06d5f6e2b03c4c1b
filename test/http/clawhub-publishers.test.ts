import { describe, expect, test } from 'vitest';
import { publishForm, publishJson, refusalOf, sendFiles } from '../support/clawhub.ts';
import { bearer, furtherKey, getJson, newNamespace, postJson, problemOf, worldWithKey } from '../support/skills.ts';
import { OPERATOR_KEY, type World } from '../support/world.ts';

type Headers = Record<string, string>;

const create = (world: World, headers: Headers, body: unknown) => postJson(world, '/api/v1/publishers', body, headers);

/** Acme has made `acme-labs` for itself. */
async function worldWithPublisher() {
  const made = await worldWithKey();
  expect((await create(made.world, made.headers, { handle: 'acme-labs', displayName: 'Acme Labs' })).status).toBe(201);
  return made;
}

/** A key of the publisher itself, as its owner gets one by e-mail. */
async function keyOf(world: World, namespace: string): Promise<Headers> {
  const sent = await postJson(world, '/v1/auth/login', { namespace, email: 'acme@example.com' });
  expect(sent.status).toBe(202);
  const [otp] = /\b\d{6}\b/.exec(world.outbox.at(-1)?.text ?? '') ?? [];
  const answer = await postJson(world, '/v1/auth/token', { namespace, otp });
  const { api_key } = await answer.json<{ api_key: string }>();
  return bearer(api_key);
}

test('a publisher is a namespace that the key’s own one owns, with its address', async () => {
  const { world, headers } = await worldWithKey();
  const response = await create(world, headers, { handle: ' @Acme-Labs ', displayName: ' Acme Labs ' });
  expect(response.status).toBe(201);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await response.json()).toEqual({
    ok: true,
    publisherId: 'acme-labs',
    handle: 'acme-labs',
    created: true,
    trusted: false,
  });
  const { rows } = await world.client.execute(
    "SELECT slug, email, display_name, owner, created_at FROM namespaces WHERE slug = 'acme-labs'",
  );
  expect(rows).toEqual([
    {
      slug: 'acme-labs',
      email: 'acme@example.com',
      display_name: 'Acme Labs',
      owner: 'acme',
      created_at: Date.UTC(2026, 0, 1),
    },
  ]);
  expect(await getJson(world, '/v1/whoami', headers)).toEqual({
    kind: 'key',
    namespace: 'acme',
    scopes: ['read', 'publish', 'admin'],
    publishers: ['acme-labs'],
  });
  expect(await getJson(world, '/api/v1/whoami', headers)).toMatchObject({ user: { handle: 'acme' } });
});

describe('the key of the owner', () => {
  test('publishes there, with tickets and with a form, and reads what is private', async () => {
    const { world, headers } = await worldWithPublisher();
    const other = await newNamespace(world, 'other');
    const files = await sendFiles(world, headers);
    const sent = await publishJson(world, headers, files, { ownerHandle: 'acme-labs' });
    expect(await sent.json()).toMatchObject({ versionId: 'acme-labs/pdf-tools@1.0.0', status: 'published' });
    const form = await publishForm(
      world,
      headers,
      { name: 'csv-tools' },
      { slug: 'csv-tools', ownerHandle: '@acme-labs' },
    );
    expect(await form.json()).toMatchObject({ versionId: 'acme-labs/csv-tools@1.0.0' });

    const hidden = await world.fetch('/v1/packages/acme-labs/csv-tools/visibility', {
      method: 'PUT',
      headers: { ...headers, 'content-type': 'application/json' },
      body: '{"visibility":"private"}',
    });
    expect(hidden.status).toBe(200);
    const path = '/v1/packages/acme-labs/csv-tools/1.0.0';
    expect(await getJson(world, path, headers)).toMatchObject({ namespace: 'acme-labs' });
    expect(await getJson(world, '/v1/search?q=csv', headers)).toMatchObject({ total: 1 });
    expect((await world.fetch(path, { headers: other.headers })).status).toBe(404);
    expect((await world.fetch(path)).status).toBe(404);
  });

  test('manages its keys', async () => {
    const { world, headers } = await worldWithPublisher();
    const made = await postJson(
      world,
      '/v1/keys?namespace=acme-labs',
      { label: 'ci', scopes: ['publish'], namespace: 'acme-labs' },
      headers,
    );
    expect(made.status).toBe(201);
    const { id } = await made.json<{ id: string }>();
    expect(await getJson(world, '/v1/keys?namespace=acme-labs', headers)).toMatchObject({
      keys: [{ id, label: 'ci', scopes: ['publish'] }],
    });
    expect((await world.fetch(`/v1/keys/${id}`, { method: 'DELETE', headers })).status).toBe(204);
  });

  test('has only its own scopes there', async () => {
    const { world, key, headers } = await worldWithPublisher();
    const reader = await furtherKey(world, key, ['read']);
    const publisher = await furtherKey(world, key, ['publish']);
    const as = (who: Headers) => publishForm(world, who, {}, { ownerHandle: 'acme-labs' });
    expect((await refusalOf(await as(reader.headers))).status).toBe(403);
    expect((await as(publisher.headers)).status).toBe(200);
    const keys = await world.fetch('/v1/keys?namespace=acme-labs', { headers: publisher.headers });
    expect(await problemOf(keys)).toMatchObject({ status: 403, detail: "Your key lacks the scope 'admin'." });
    for (const who of [reader.headers, publisher.headers]) {
      expect((await refusalOf(await create(world, who, { handle: 'acme-more' }))).status).toBe(403);
    }
    expect((await create(world, headers, { handle: 'acme-more' })).status).toBe(201);
  });
});

test('a publisher’s own keys have no power over its owner, nor over another publisher', async () => {
  const { world, headers } = await worldWithPublisher();
  await create(world, headers, { handle: 'acme-more' });
  const labs = await keyOf(world, 'acme-labs');
  expect(await getJson(world, '/v1/whoami', labs)).toMatchObject({ namespace: 'acme-labs' });
  expect((await publishForm(world, labs, {}, { ownerHandle: 'acme-labs' })).status).toBe(200);
  for (const ownerHandle of ['acme', 'acme-more']) {
    expect(
      await refusalOf(await publishForm(world, labs, { name: 'csv-tools' }, { slug: 'csv-tools', ownerHandle })),
    ).toEqual({
      status: 403,
      text: `Your key belongs to the namespace 'acme-labs', not to '${ownerHandle}'. Use a key of '${ownerHandle}', or change the namespace of the skill.`,
    });
  }
  expect((await world.fetch('/v1/keys?namespace=acme', { headers: labs })).status).toBe(403);
});

test('a handle that is taken, by a namespace or a publisher', async () => {
  const { world, headers } = await worldWithPublisher();
  await newNamespace(world, 'other');
  for (const handle of ['acme', 'other', 'acme-labs']) {
    expect(await refusalOf(await create(world, headers, { handle }))).toEqual({
      status: 409,
      text: `The namespace '${handle}' is taken. Choose another name.`,
    });
  }
  const again = await postJson(world, '/v1/namespaces', { slug: 'acme-labs', email: 'thief@example.com' });
  expect(again.status).toBe(409);
});

test('twenty publishers and no more, also when two come at once', async () => {
  const { world, headers } = await worldWithKey();
  for (let i = 1; i < 20; i++) expect((await create(world, headers, { handle: `acme-${i}` })).status).toBe(201);
  const both = await Promise.all(['acme-x', 'acme-y'].map((handle) => create(world, headers, { handle })));
  expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
  expect(await refusalOf(await create(world, headers, { handle: 'acme-z' }))).toEqual({
    status: 409,
    text: "'acme' has 20 publishers already. Use one of them, or make a namespace of its own: POST /v1/namespaces.",
  });
});

test.each(['ab', 'a.b', 'example_tools', 'ä-tools', 'x'.repeat(33)])('%s is no handle', async (handle) => {
  const { world, headers } = await worldWithKey();
  expect(await refusalOf(await create(world, headers, { handle }))).toMatchObject({
    status: 400,
    text: expect.stringMatching(/^namespace '.*Choose 3 to 32 of a-z, 0-9 and "-"\.$/),
  });
});

test('nobody, an operator, and a body that does not fit', async () => {
  const { world, headers } = await worldWithKey();
  expect((await refusalOf(await create(world, {}, { handle: 'labs' }))).status).toBe(401);
  expect(await refusalOf(await create(world, bearer(OPERATOR_KEY), { handle: 'labs' }))).toEqual({
    status: 403,
    text: 'A publisher belongs to a namespace, and the operator has none. Use a key of a namespace, or make a namespace: POST /v1/namespaces.',
  });
  for (const body of [{}, { handle: '@' }, { handle: 7 }, { handle: 'labs', displayName: 'x'.repeat(121) }]) {
    expect((await refusalOf(await create(world, headers, body))).status).toBe(400);
  }
  const { rows } = await world.client.execute('SELECT slug FROM namespaces');
  expect(rows).toEqual([{ slug: 'acme' }]);
});
