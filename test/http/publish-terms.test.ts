import { expect, test } from 'vitest';
import { bearer, getJson, problemOf, tarGz, worldWithKey } from '../support/skills.ts';
import type { World } from '../support/world.ts';

type Versions = { versions: { version: string; changelog?: string }[]; tags: Record<string, string> };

const versionsOf = (world: World) => getJson<Versions>(world, '/v1/packages/acme/pdf-tools/versions');

async function send(world: World, key: string, fields: Record<string, string | Blob>, query = '') {
  const form = new FormData();
  form.set('bundle', new Blob([await tarGz()]), 'pdf-tools.skill');
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  const response = await world.fetch(`/v1/publish${query}`, { method: 'POST', headers: bearer(key), body: form });
  await world.drain();
  return response;
}

test('a form may say what is new; the list of versions shows it', async () => {
  const { world, key } = await worldWithKey();
  expect((await send(world, key, { changelog: 'Reads forms.\n\n- fields\n- boxes\n' })).status).toBe(202);
  const { versions } = await versionsOf(world);
  expect(versions.map(({ changelog }) => changelog)).toEqual(['Reads forms.\n\n- fields\n- boxes']);
});

test('the changelog may be a file beside the archive, and is shown to clients of ClawHub as well', async () => {
  const { world, key } = await worldWithKey();
  expect((await send(world, key, { changelog: new Blob(['Été: neu']) })).status).toBe(202);
  const { items } = await getJson<{ items: unknown[] }>(world, '/api/v1/skills/pdf-tools/versions?ownerHandle=acme');
  expect(items).toMatchObject([{ version: '1.0.0', changelog: 'Été: neu', changelogSource: 'user' }]);
});

test('without one, the list of versions says nothing', async () => {
  const { world, key } = await worldWithKey();
  await send(world, key, {});
  expect(Object.keys((await versionsOf(world)).versions[0] ?? {})).not.toContain('changelog');
});

test('the list of versions shows the beginning of a long one, the metadata the whole', async () => {
  const { world, key } = await worldWithKey();
  const changelog = 'ä'.repeat(1_001);
  await send(world, key, { changelog });
  expect((await versionsOf(world)).versions[0]?.changelog).toBe(`${'ä'.repeat(999)}…`);
  expect(await getJson(world, '/v1/packages/acme/pdf-tools/1.0.0')).toMatchObject({ changelog });
});

test('a changelog has at most 20,000 characters', async () => {
  const { world, key } = await worldWithKey();
  expect(await problemOf(await send(world, key, { changelog: 'x'.repeat(20_001) }))).toMatchObject({
    status: 400,
    code: 'invalid_request',
    detail: 'The changelog is 20001 characters long; the maximum is 20000.',
  });
  expect((await send(world, key, { changelog: '語'.repeat(20_000) })).status).toBe(202);
});

test('tags come with the upload and hold once the version is published', async () => {
  const { world, key } = await worldWithKey();
  expect((await send(world, key, {}, '?tag=beta,%20lts')).status).toBe(202);
  expect((await versionsOf(world)).tags).toEqual({ latest: '1.0.0', beta: '1.0.0', lts: '1.0.0' });
});

test('more tags than a skill can have are refused, be they too many for a statement', async () => {
  const { world, key } = await worldWithKey();
  const tags = Array.from({ length: 101 }, (_, at) => `tag-${at}`).join();
  expect(await problemOf(await send(world, key, {}, `?tag=${tags}`))).toMatchObject({
    status: 409,
    code: 'state_conflict',
    detail: 'A skill can have 50 tags; the upload asks for 101.',
    fix: 'Ask for fewer.',
  });
});

test('what cannot be a tag is refused before anything is stored', async () => {
  const { world, key } = await worldWithKey();
  expect(await problemOf(await send(world, key, {}, '?tag=beta,v1'))).toMatchObject({
    status: 400,
    code: 'invalid_request',
    detail: "The tag 'v1' would be read as a version or a range.",
  });
  expect(world.bundles.objects.size).toBe(0);
});
