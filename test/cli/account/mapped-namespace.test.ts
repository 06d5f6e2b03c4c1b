import { beforeEach, expect, it } from 'vitest';
import { updateConfig } from '../../../cli/home.ts';
import { newNamespace, publish } from '../../support/skills.ts';
import { createWorld } from '../../support/world.ts';
import { type HubSession, hubSession } from '../hub.ts';

const OWN = 'http://own.test';
const SKILL = '@acme/pdf-tools';

let session: HubSession;

beforeEach(async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  await publish(world, key);
  session = await hubSession({ world });
  const clock = { now: () => 0, sleep: () => Promise.reject(new Error('nobody else is at work')) };
  await updateConfig({ env: {}, home: session.home, clock }, (config) => ({
    ...config,
    namespaces: { '@acme': OWN },
    registries: { [OWN]: { token: key, namespace: 'acme' } },
  }));
});

it.each([
  [['deprecate', SKILL, 'Use another.']],
  [['undeprecate', SKILL]],
  [['star', SKILL]],
  [['unstar', SKILL]],
  [['owner', 'list', SKILL]],
  [['yank', `${SKILL}@1.0.0`]],
  [['tag', `${SKILL}@1.0.0`, 'beta']],
  [['token', 'create', '--namespace', 'acme']],
  [['token', 'list', '--namespace', 'acme']],
])('%j asks the registry of the namespace, and no other', async (argv) => {
  const { code, stderr } = await session.run(...argv);
  expect([code, stderr.includes('error')]).toEqual([0, false]);
  expect(session.sent.length).toBeGreaterThan(0);
  expect(session.sent.filter(({ url }) => !url.startsWith(`${OWN}/`))).toEqual([]);
});

it('offers, cancels and accepts there too', async () => {
  for (const argv of [
    ['transfer', SKILL, '--to', 'nobody-here'],
    ['cancel', SKILL],
    ['accept', SKILL],
    ['decline', SKILL],
  ]) {
    expect(await session.json('owner', ...argv)).toMatchObject({ code: 1, document: { error: { code: 'not_found' } } });
  }
  expect(session.sent).toHaveLength(4);
  expect(session.sent.filter(({ url }) => !url.startsWith(`${OWN}/`))).toEqual([]);
});
