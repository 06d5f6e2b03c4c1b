import { expect, test } from 'vitest';
import { fingerprintsOf } from '../../src/format/fingerprint.ts';
import { refusalOf } from '../support/clawhub.ts';
import { getJson, newNamespace, postJson, publish, type SkillOptions, skill, worldWithKey } from '../support/skills.ts';
import type { World } from '../support/world.ts';

const FILES = { 'scripts/run.sh': 'echo hi\n', LICENSE: 'MIT-0\n', 'logo.png': '\u0000png', '.hidden': 'x' };

const resolve = (world: World, hash: string, query = '') =>
  getJson(world, `/api/v1/resolve?slug=pdf-tools&hash=${hash}${query}`);

const prints = async (options: SkillOptions) => {
  const { full, text } = await fingerprintsOf(skill(options));
  return [full, ...text];
};

test('every fingerprint that a client may compute finds the version', async () => {
  const { world, key } = await worldWithKey();
  await publish(world, key, { files: FILES });
  await publish(world, key, { version: '1.1.0', files: FILES });
  const known = await prints({ files: FILES });
  expect(new Set(known).size).toBe(3);
  for (const hash of [...known, known[0]?.toUpperCase() ?? '']) {
    expect(await resolve(world, hash)).toEqual({
      slug: 'pdf-tools',
      match: { version: '1.0.0' },
      latestVersion: { version: '1.1.0' },
    });
  }
  expect(await resolve(world, '0'.repeat(64))).toEqual({
    slug: 'pdf-tools',
    match: null,
    latestVersion: { version: '1.1.0' },
  });
});

test('of two versions with the same files the later one matches, while it is published', async () => {
  const { world, key, headers } = await worldWithKey();
  const same = { version: null };
  await publish(world, key, same, '?version=1.0.0');
  world.advance(1000);
  await publish(world, key, same, '?version=1.0.1');
  const [full = ''] = await prints(same);
  expect(await resolve(world, full)).toMatchObject({ match: { version: '1.0.1' } });
  await postJson(world, '/v1/packages/acme/pdf-tools/1.0.1/yank', {}, headers);
  expect(await resolve(world, full)).toMatchObject({
    match: { version: '1.0.0' },
    latestVersion: { version: '1.0.0' },
  });
});

test("another skill's fingerprint is no match", async () => {
  const { world, key } = await worldWithKey();
  const umbrella = await newNamespace(world, 'umbrella');
  await publish(world, key);
  await publish(world, umbrella.key, { body: 'Something else altogether.\n' });
  const [full = ''] = await prints({});
  expect(await resolve(world, full, '&ownerHandle=umbrella')).toMatchObject({ match: null });
  expect(await resolve(world, full, '&ownerHandle=acme')).toMatchObject({ match: { version: '1.0.0' } });
});

test('a refused upload leaves no fingerprint', async () => {
  const { world, key } = await worldWithKey();
  await publish(world, key, { description: 'Too short.' });
  expect((await world.client.execute('SELECT count(*) AS n FROM fingerprints')).rows).toEqual([{ n: 0 }]);
});

test('a new skill is told in the words that make a client publish it', async () => {
  const { world } = await worldWithKey();
  const response = await world.fetch(`/api/v1/resolve?slug=brand-new&hash=${'0'.repeat(64)}&ownerHandle=acme`);
  expect(await refusalOf(response)).toEqual({ status: 404, text: 'Skill not found' });
});

test('an installed folder is no new skill of whoever syncs it', async () => {
  const { world, key } = await worldWithKey();
  const umbrella = await newNamespace(world, 'umbrella');
  await publish(world, key);
  await publish(world, key, { name: 'secret-tools' }, '?visibility=private');
  const [full = ''] = await prints({});
  const asked = (query: string, headers: Record<string, string> = {}) =>
    world.fetch(`/api/v1/resolve?slug=pdf-tools&hash=${full}${query}`, { headers });
  const own = await asked('&ownerHandle=umbrella', umbrella.headers);
  expect([own.status, await own.json()]).toEqual([
    200,
    { slug: 'pdf-tools', match: { version: '1.0.0' }, latestVersion: { version: '1.0.0' } },
  ]);
  // Changed files are new, and nobody but its owner is told of another namespace's skill in the place of this one's.
  const changed = { headers: umbrella.headers };
  const other = `/api/v1/resolve?slug=pdf-tools&hash=${'0'.repeat(64)}&ownerHandle=umbrella`;
  expect((await world.fetch(other, changed)).status).toBe(404);
  expect((await asked('&ownerHandle=umbrella')).status).toBe(404);
  expect((await asked('&ownerHandle=nobody', umbrella.headers)).status).toBe(404);
  const [hidden = ''] = await prints({ name: 'secret-tools' });
  const secret = `/api/v1/resolve?slug=secret-tools&hash=${hidden}&ownerHandle=umbrella`;
  expect((await world.fetch(secret, { headers: umbrella.headers })).status).toBe(404);
});
