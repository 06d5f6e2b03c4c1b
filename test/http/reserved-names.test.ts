import { expect, test } from 'vitest';
import { done, rename } from '../support/names.ts';
import { bearer, newNamespace, postJson, problemOf, publish, tarGz, upload, worldWithKey } from '../support/skills.ts';
import { createWorld, OPERATOR_KEY, type World } from '../support/world.ts';

const operator = bearer(OPERATOR_KEY);
const claim = (world: World, slug: string, headers = {}) =>
  postJson(world, '/v1/namespaces', { slug, email: `${slug}@example.com` }, headers);

const RESERVED = {
  status: 422,
  code: 'invalid_name',
  detail: "The skill name 'github' is reserved.",
  fix: 'Choose another name, or ask the operator of this hub to publish its first version for you.',
};

test.each(['admin', 'api', 'healthz', 'well-known', 'openclaw', 'git-hub', 'c1aude', '0penai'])(
  'nobody claims the namespace %s but by the operator’s hand',
  async (slug) => {
    const world = await createWorld();
    expect(await problemOf(await claim(world, slug))).toMatchObject({
      status: 422,
      code: 'invalid_name',
      detail: `The namespace '${slug}' is reserved.`,
      fix: 'Choose another name, or ask the operator of this hub for it.',
    });
    expect((await claim(world, slug, operator)).status).toBe(200);
    const { rows } = await world.client.execute('SELECT actor, act, subject FROM audit_events');
    expect(rows).toEqual([{ actor: 'operator', act: 'namespace.create', subject: `namespace:${slug}` }]);
  },
);

test('what anybody may claim is no privileged act', async () => {
  const { world } = await worldWithKey();
  expect((await world.client.execute('SELECT * FROM audit_events')).rows).toEqual([]);
});

test('a reserved skill name is refused before anything is stored, also in a spelling that looks like it', async () => {
  const { world, key } = await worldWithKey();
  expect(await problemOf(await upload(world, key, await tarGz({ name: 'github' })))).toMatchObject(RESERVED);
  expect((await upload(world, key, await tarGz({ name: 'g1t-hub' }))).status).toBe(422);
  expect((await upload(world, key, await tarGz({ name: 'github' }), '?visibility=private')).status).toBe(422);
  expect([...world.bundles.objects.keys()]).toEqual([]);
});

test.each(['claude-api', 'github-actions', 'my-openai', 'npm-audit', 'aws-cdk-review', 'meta-tags', 'api-docs'])(
  'a reserved word in a name is no reserved name: %s',
  async (name) => {
    const { world, key } = await worldWithKey();
    expect((await publish(world, key, { name })).status).toBe('pass');
    expect((await claim(world, name)).status).toBe(200);
  },
);

test('once an operator has published it, its namespace goes on by itself, and others still cannot', async () => {
  const { world, key } = await worldWithKey();
  expect((await publish(world, OPERATOR_KEY, { name: 'github' }, '?namespace=acme')).status).toBe('pass');
  expect((await publish(world, key, { name: 'github', version: '1.0.1' })).status).toBe('pass');
  const neighbour = await newNamespace(world, 'umbrella');
  expect(await problemOf(await upload(world, neighbour.key, await tarGz({ name: 'github' })))).toMatchObject(RESERVED);
});

test('a reserved namespace may use its own name for a skill', async () => {
  const world = await createWorld();
  const { api_key } = await (await claim(world, 'github', operator)).json<{ api_key: string }>();
  expect((await publish(world, api_key, { name: 'github' })).status).toBe('pass');
});

test('nobody renames a skill to a reserved name', async () => {
  const { world, key, headers } = await worldWithKey();
  await publish(world, key, { name: 'pull-requests' });
  const refused = await rename(world, headers, 'pull-requests', 'github');
  expect(refused.status).toBe(400);
  expect(await refused.text()).toContain("The skill name 'github' is reserved.");
  await done(await rename(world, operator, 'pull-requests', 'github', 'acme'));
});

test('the operator adds names of their own', async () => {
  const world = await createWorld({ settings: { reservedNames: ['initech'] } });
  expect((await claim(world, '1nitech')).status).toBe(422);
  const { key } = await newNamespace(world);
  expect((await upload(world, key, await tarGz({ name: 'initech' }))).status).toBe(422);
  expect((await upload(world, key, await tarGz({ name: 'initech-reports' }))).status).toBe(202);
});

test('a namespace cannot look like one that exists, unless the operator makes it', async () => {
  const world = await createWorld();
  await newNamespace(world, 'umbrella-labs');
  for (const slug of ['umbrellalabs', 'umbre11a-labs', 'urnbrella-labs']) {
    expect(await problemOf(await claim(world, slug))).toMatchObject({
      status: 409,
      code: 'namespace_taken',
      detail: `The namespace '${slug}' looks like 'umbrella-labs', which is taken.`,
      fix: 'Choose a name that nobody can mistake for it, or ask the operator of this hub.',
    });
  }
  expect((await claim(world, 'umbrella-labz')).status).toBe(200);
  expect((await claim(world, 'umbrellalabs', operator)).status).toBe(200);
});

test('of two namespaces that look alike and are claimed at once, one is made', async () => {
  const world = await createWorld();
  const claims = await Promise.all(['umbrella', 'umbre11a'].map((slug) => claim(world, slug)));
  expect(claims.map(({ status }) => status).sort()).toEqual([200, 409]);
});

test('a publisher that a namespace makes for itself is held to the same rules', async () => {
  const { world, headers } = await worldWithKey();
  await newNamespace(world, 'umbrella');
  const make = (handle: string) => postJson(world, '/api/v1/publishers', { handle }, headers);
  const [reserved, alike, good] = [await make('anthropic'), await make('umbre11a'), await make('acme-labs')];
  expect([reserved.status, await reserved.text()]).toEqual([400, expect.stringContaining("'anthropic' is reserved")]);
  expect([alike.status, await alike.text()]).toEqual([409, expect.stringContaining("looks like 'umbrella'")]);
  expect(good.status).toBe(201);
  expect((await claim(world, 'acmelabs')).status).toBe(409);
});
