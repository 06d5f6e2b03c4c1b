import { expect, test } from 'vitest';
import { job, newNamespace, postJson, problemOf, publish, tarGz, upload, worldWithKey } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';

test.each([
  ['pdf-tool', 1],
  ['pdf-toolss', 1],
  ['pfd-tools', 2],
  ['pdf-tools-2', 2],
])('another namespace cannot publish %s beside pdf-tools', async (name, distance) => {
  const { world, key } = await worldWithKey();
  await publish(world, key);
  const squatter = await newNamespace(world, 'umbrella');
  const refused = await publish(world, squatter.key, { name });
  expect(refused).toMatchObject({
    status: 'fail',
    message: `Stage 3 failed: name '${name}' is too similar to existing package 'pdf-tools' (Levenshtein distance ${distance})`,
    stages: [
      { status: 'pass' },
      { status: 'pass' },
      { stage: 'safety', status: 'fail' },
      { status: 'pending' },
      { status: 'pending' },
    ],
  });
  expect(refused.stages[2]?.findings.map(({ rule }) => rule)).toEqual(['similar-name']);
});

test.each(['pdf-tools', 'pdf-toolkit', 'tools-pdf'])(
  'another namespace may publish %s beside pdf-tools',
  async (name) => {
    const { world, key } = await worldWithKey();
    await publish(world, key);
    const neighbour = await newNamespace(world, 'umbrella');
    expect((await publish(world, neighbour.key, { name })).status).toBe('pass');
  },
);

test('similar names do not matter within a namespace', async () => {
  const { world, key } = await worldWithKey();
  await publish(world, key);
  expect((await publish(world, key, { name: 'pdf-tool' })).status).toBe('pass');
});

test('a private name stands in nobody’s way, and gives way itself', async () => {
  const { world, key, headers } = await worldWithKey();
  await publish(world, key, {}, '?visibility=private');
  const neighbour = await newNamespace(world, 'umbrella');
  expect((await publish(world, neighbour.key, { name: 'pdf-tool' })).status).toBe('pass');
  expect((await makePublic(world, headers, 'acme/pdf-tools')).status).toBe(409);
  const third = await newNamespace(world, 'wayne');
  expect((await publish(world, third.key, { name: 'pdf-toolx' })).message).toBe(
    "Stage 3 failed: name 'pdf-toolx' is too similar to existing package 'pdf-tool' (Levenshtein distance 1)",
  );
});

test('a private skill whose name is too close to a public one cannot become public', async () => {
  const { world, key } = await worldWithKey();
  await publish(world, key);
  const neighbour = await newNamespace(world, 'umbrella');
  await publish(world, neighbour.key, { name: 'pdf-toolz' }, '?visibility=private');
  const refused = await makePublic(world, neighbour.headers, 'umbrella/pdf-toolz');
  expect(await problemOf(refused)).toMatchObject({
    status: 409,
    code: 'state_conflict',
    detail: "name 'pdf-toolz' is too similar to existing package 'pdf-tools' (Levenshtein distance 1)",
  });
  expect((await world.fetch('/v1/packages/umbrella/pdf-toolz/latest')).status).toBe(404);
});

test('a skill that becomes public while it is vetted is vetted again, as a public one', async () => {
  const { world, key } = await worldWithKey();
  await publish(world, key);
  const neighbour = await newNamespace(world, 'umbrella');
  const accepted = await upload(world, neighbour.key, await tarGz({ name: 'pdf-toolz' }), '?visibility=private');
  const { job_id } = await accepted.json<{ job_id: string }>();
  const { signer } = world.deps;
  world.deps.signer = {
    ...signer,
    async sign(bytes) {
      await world.client.execute("UPDATE skills SET visibility = 'public' WHERE name = 'pdf-toolz'");
      return signer.sign(bytes);
    },
  };
  await world.drain();
  expect((await job(world, job_id)).status).toBe('pending');
  world.advance(61_000);
  await world.sweep();
  await world.drain();
  expect(await job(world, job_id)).toMatchObject({ status: 'fail', message: expect.stringMatching(/^Stage 3 failed/) });
});

test('a private skill may have any name', async () => {
  const { world, key } = await worldWithKey();
  await publish(world, key);
  const neighbour = await newNamespace(world, 'umbrella');
  expect((await publish(world, neighbour.key, { name: 'pdf-tool' }, '?visibility=private')).status).toBe('pass');
});

test('a name that nobody can install any more stands in nobody’s way', async () => {
  const { world, key, headers } = await worldWithKey();
  await publish(world, key);
  await postJson(world, '/v1/packages/acme/pdf-tools/1.0.0/yank', {}, headers);
  const neighbour = await newNamespace(world, 'umbrella');
  expect((await publish(world, neighbour.key, { name: 'pdf-tool' })).status).toBe('pass');
});

test('existing names under five letters stand in nobody’s way', async () => {
  const { world, key } = await worldWithKey();
  await publish(world, key, { name: 'pdfs' });
  const neighbour = await newNamespace(world, 'umbrella');
  expect((await publish(world, neighbour.key, { name: 'pdf' })).status).toBe('pass');
  expect((await publish(world, neighbour.key, { name: 'pdfsx' })).status).toBe('pass');
});

test('the check of names can be turned off', async () => {
  const world = await createWorld({ settings: { maxNameDistance: 0 } });
  const { key } = await newNamespace(world);
  await publish(world, key);
  const neighbour = await newNamespace(world, 'umbrella');
  expect((await publish(world, neighbour.key, { name: 'pdf-tool' })).status).toBe('pass');
});

function makePublic(world: World, headers: Record<string, string>, skill: string): Promise<Response> {
  return world.fetch(`/v1/packages/${skill}/visibility`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{"visibility":"public"}',
  });
}
