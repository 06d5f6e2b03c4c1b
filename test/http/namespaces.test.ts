import { expect, test } from 'vitest';
import { getJson, newNamespace, postJson, problemOf } from '../support/skills.ts';
import { createWorld } from '../support/world.ts';

test('claiming a namespace answers with its first key, which may do everything there', async () => {
  const world = await createWorld();
  const response = await postJson(world, '/v1/namespaces', { slug: 'acme', email: 'acme@example.com' });
  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toBe('no-store');
  const body = await response.json<{ api_key: string; namespace: string }>();
  expect(body).toEqual({ api_key: expect.stringMatching(/^skh_[0-9a-f]{64}$/), namespace: 'acme' });
  expect(await getJson(world, '/v1/whoami', { authorization: `Bearer ${body.api_key}` })).toEqual({
    kind: 'key',
    namespace: 'acme',
    scopes: ['read', 'publish', 'admin'],
  });
});

test.each(['abc', 'a'.repeat(32), '007', '---', 'a-b'])('%s is a good slug', async (slug) => {
  const world = await createWorld();
  const response = await postJson(world, '/v1/namespaces', { slug, email: 'a@example.com' });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ namespace: slug });
});

test.each(['', 'ab', 'a'.repeat(33), 'Acme', 'a_b', 'a b c', 'a.b', 'acmé', 'acme\n', '../..'])(
  '%j is no slug',
  async (slug) => {
    const world = await createWorld();
    const response = await postJson(world, '/v1/namespaces', { slug, email: 'a@example.com' });
    expect(await problemOf(response)).toMatchObject({
      status: 422,
      code: 'invalid_name',
      detail: expect.stringContaining('namespace'),
      fix: 'Choose 3 to 32 of a-z, 0-9 and "-".',
    });
  },
);

test('a body of another shape is refused field by field', async () => {
  const world = await createWorld();
  const response = await postJson(world, '/v1/namespaces', { slug: 7, email: 'nobody' });
  expect(await problemOf(response)).toMatchObject({
    status: 422,
    code: 'invalid_body',
    errors: [{ path: 'slug' }, { path: 'email' }],
  });
});

test('a taken slug is refused, and its owner keeps it', async () => {
  const world = await createWorld();
  const { headers } = await newNamespace(world);
  const response = await postJson(world, '/v1/namespaces', { slug: 'acme', email: 'thief@example.com' });
  expect(await problemOf(response)).toEqual({
    type: 'about:blank',
    title: 'Conflict',
    status: 409,
    code: 'namespace_taken',
    detail: "The namespace 'acme' is taken.",
    fix: 'If it is yours, ask for a login code by e-mail; else choose another name.',
  });
  expect(await getJson(world, '/v1/keys', headers)).toMatchObject({ keys: [{ label: 'first key' }] });
  const thief = await postJson(world, '/v1/auth/login', { namespace: 'acme', email: 'thief@example.com' });
  expect(thief.status).toBe(403);
});

test('two claims at the same time give one namespace', async () => {
  const world = await createWorld();
  const claims = ['a', 'b'].map((who) =>
    postJson(world, '/v1/namespaces', { slug: 'acme', email: `${who}@example.com` }),
  );
  const statuses = (await Promise.all(claims)).map(({ status }) => status);
  expect(statuses.sort()).toEqual([200, 409]);
});

test('the e-mail address is compared without regard to case', async () => {
  const world = await createWorld();
  await postJson(world, '/v1/namespaces', { slug: 'acme', email: 'Jane.Doe@Example.COM' });
  const response = await postJson(world, '/v1/auth/login', { namespace: 'acme', email: 'jane.doe@example.com' });
  expect(response.status).toBe(202);
  expect(world.outbox.map(({ to }) => to)).toEqual(['jane.doe@example.com']);
});
