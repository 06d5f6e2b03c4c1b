import { expect, test } from 'vitest';
import { newNamespace, postJson, publish, worldWithKey } from '../support/skills.ts';
import { createWorld } from '../support/world.ts';

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
    stages: [{ status: 'pass' }, { status: 'pass' }, { stage: 'safety', status: 'fail' }, { status: 'pending' }],
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

test('a private name stands in nobody’s way until it becomes public', async () => {
  const { world, key, headers } = await worldWithKey();
  await publish(world, key, {}, '?visibility=private');
  const neighbour = await newNamespace(world, 'umbrella');
  expect((await publish(world, neighbour.key, { name: 'pdf-tool' })).status).toBe('pass');
  await world.fetch('/v1/packages/acme/pdf-tools/visibility', {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{"visibility":"public"}',
  });
  const third = await newNamespace(world, 'wayne');
  expect((await publish(world, third.key, { name: 'pdf-tools-x' })).message).toBe(
    "Stage 3 failed: name 'pdf-tools-x' is too similar to existing package 'pdf-tools' (Levenshtein distance 2)",
  );
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
