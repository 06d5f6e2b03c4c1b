import { beforeEach, describe, expect, test } from 'vitest';
import { MAX_TAGS } from '../../src/core/catalog/tag-version.ts';
import { publishForm, refusalOf } from '../support/clawhub.ts';
import { done, inBetween, tag } from '../support/names.ts';
import { hubGet, L } from '../support/skill-hub.ts';
import {
  furtherKey,
  getJson,
  type KeyHolder,
  newNamespace,
  postJson,
  problemOf,
  publish,
  worldWithKey,
} from '../support/skills.ts';
import type { World } from '../support/world.ts';

const V1 = '/v1/packages/acme/pdf-tools';

let world: World;
let acme: KeyHolder;

beforeEach(async () => {
  ({ world, ...acme } = await worldWithKey());
  for (const version of ['1.0.0', '1.1.0', '2.0.0']) await publish(world, acme.key, { version });
});

const set = (name: string, version: string) => tag(world, acme.headers, 'pdf-tools', name, version);
const remove = (name: string, headers: Record<string, string> = acme.headers) =>
  world.fetch(`/api/v1/skills/pdf-tools/tags/${name}`, { method: 'DELETE', headers });
const tags = async () => (await getJson<{ tags: unknown }>(world, `${V1}/versions`)).tags;
const versionOf = async (wanted: string) => (await getJson<{ version: string }>(world, `${V1}/${wanted}`)).version;
const yank = (version: string) => postJson(world, `${V1}/${version}/yank`, {}, acme.headers);

describe('a tag', () => {
  test('is set, moved and taken away', async () => {
    expect(await done(await set('beta', '1.0.0'))).toEqual({
      ok: true,
      slug: 'pdf-tools',
      tag: 'beta',
      version: '1.0.0',
    });
    expect(await versionOf('beta')).toBe('1.0.0');
    await done(await set('beta', '1.1.0'));
    expect(await versionOf('beta')).toBe('1.1.0');
    expect(await done(await remove('beta'))).toEqual({ ok: true, slug: 'pdf-tools', tag: 'beta' });
    expect(await problemOf(await world.fetch(`${V1}/beta`))).toMatchObject({
      status: 404,
      code: 'not_found',
      detail: "@acme/pdf-tools has no version tagged 'beta'.",
    });
    expect(await refusalOf(await remove('beta'))).toEqual({
      status: 404,
      text: "@acme/pdf-tools has no tag 'beta'. List the versions: skills info @acme/pdf-tools --versions.",
    });
  });

  test('is shown wherever ClawHub shows tags, latest first', async () => {
    await done(await set('beta', '1.1.0'));
    await done(await set('a.b_c-1', '1.0.0'));
    const expected = { latest: '2.0.0', 'a.b_c-1': '1.0.0', beta: '1.1.0' };
    const { skill } = await getJson<{ skill: { tags: object } }>(world, '/api/v1/skills/pdf-tools');
    expect(skill.tags).toEqual(expected);
    expect(Object.keys(skill.tags)[0]).toBe('latest');
    const { items } = await getJson<{ items: { tags: object }[] }>(world, '/api/v1/skills');
    expect(items[0]?.tags).toEqual(expected);
    expect(await tags()).toEqual(expected);
  });

  test('stands where a version stands', async () => {
    await done(await set('beta', '1.1.0'));
    for (const path of [
      '/v1/download/acme/pdf-tools/beta',
      `${V1}/beta/preview`,
      '/v1/download/acme/pdf-tools/beta/sig',
    ]) {
      const response = await world.fetch(path);
      expect([response.status, response.headers.get('cache-control')], path).toEqual([200, 'public, max-age=30']);
    }
    const download = await world.fetch('/api/v1/download?slug=pdf-tools&tag=beta');
    expect(download.headers.get('content-disposition')).toContain('pdf-tools-1.1.0.zip');
    const file = await world.fetch('/api/v1/skills/pdf-tools/file?path=SKILL.md&tag=beta');
    expect(await file.text()).toContain('version: "1.1.0"');
    expect(await getJson(world, '/api/v1/skills/pdf-tools/verify?tag=beta')).toMatchObject({
      version: '1.1.0',
      resolvedFrom: 'tag',
      tag: 'beta',
    });
    expect((await world.fetch('/api/v1/download?slug=pdf-tools&tag=gamma')).status).toBe(404);
    expect((await world.fetch('/api/v1/download?slug=pdf-tools&tag=1.0.0')).status).toBe(404);
    const index = '/acme/pdf-tools@beta/.well-known/agent-skills/index.json';
    expect(await getJson(world, index)).toMatchObject({ skills: [{ version: '1.1.0' }] });
  });

  test('of a yanked version resolves to nothing until that is back', async () => {
    await done(await set('beta', '1.1.0'));
    await yank('1.1.0');
    expect((await world.fetch(`${V1}/beta`)).status).toBe(404);
    expect(await refusalOf(await world.fetch('/api/v1/download?slug=pdf-tools&tag=beta'))).toEqual({
      status: 404,
      text: 'Version not found',
    });
    expect(await tags()).toEqual({ latest: '2.0.0' });
    await postJson(world, `${V1}/1.1.0/unyank`, {}, acme.headers);
    expect(await versionOf('beta')).toBe('1.1.0');
  });

  test('changes the skill: nobody is answered from memory', async () => {
    await done(await set('beta', '1.0.0'));
    const before = await getJson<{ skill: { updatedAt: number } }>(world, '/api/v1/skills/pdf-tools');
    expect(await versionOf('beta')).toBe('1.0.0');
    await done(await set('beta', '1.1.0'));
    expect(await versionOf('beta')).toBe('1.1.0');
    const after = await getJson<{ skill: { updatedAt: number } }>(world, '/api/v1/skills/pdf-tools');
    expect(after.skill.updatedAt).toBeGreaterThan(before.skill.updatedAt);
  });
});

describe('latest', () => {
  test('holds until the next version, whichever that is', async () => {
    await done(await set('latest', '1.0.0'));
    expect([await versionOf('latest'), await tags()]).toEqual(['1.0.0', { latest: '1.0.0' }]);
    const found = await getJson(world, '/v1/search?q=pdf');
    expect(found).toMatchObject({ packages: [{ latest_version: '1.0.0' }] });
    expect(await versionOf('*')).toBe('2.0.0');
    await publish(world, acme.key, { version: '1.2.0' });
    expect(await versionOf('latest')).toBe('2.0.0');
  });

  test('falls back to the newest when its version is yanked, and comes back with it', async () => {
    await done(await set('latest', '1.0.0'));
    await yank('1.0.0');
    expect(await versionOf('latest')).toBe('2.0.0');
    await postJson(world, `${V1}/1.0.0/unyank`, {}, acme.headers);
    expect(await versionOf('latest')).toBe('1.0.0');
  });

  test('comes first in Skill Hub, whose clients take the first', async () => {
    await done(await set('latest', '1.0.0'));
    const numbers = async (query = '') => {
      const { items } = await hubGet<{ items: { version: string }[] }>(world, `${L}/versions/pdf-tools${query}`);
      return items.map(({ version }) => version);
    };
    expect(await numbers()).toEqual(['1.0.0', '2.0.0', '1.1.0']);
    expect(await numbers('?limit=1')).toEqual(['1.0.0']);
    expect(await numbers('?limit=2')).toEqual(['1.0.0', '2.0.0']);
  });

  test('survives the yanking of others', async () => {
    await done(await set('latest', '1.0.0'));
    await yank('2.0.0');
    expect(await versionOf('latest')).toBe('1.0.0');
  });

  test('cannot be taken away', async () => {
    expect(await refusalOf(await remove('latest'))).toEqual({
      status: 400,
      text: 'The tag latest cannot be removed. Point it at another version.',
    });
  });
});

describe('at publishing', () => {
  const send = (version: string, list?: string[]) =>
    publishForm(world, acme.headers, { version: null, body: `Of ${version}.\n` }, { version, tags: list });

  test('tags are set with the version, and latest follows the numbers whatever they say', async () => {
    expect((await send('2.1.0', ['beta', 'next', 'beta'])).status).toBe(200);
    expect(await tags()).toEqual({ latest: '2.1.0', beta: '2.1.0', next: '2.1.0' });
    expect((await send('1.5.0', ['latest', 'next'])).status).toBe(200);
    expect(await tags()).toEqual({ latest: '2.1.0', beta: '2.1.0', next: '1.5.0' });
  });

  test('a refused version gets none', async () => {
    await done(await set('beta', '1.0.0'));
    const refused = await publishForm(
      world,
      acme.headers,
      { description: 'Short.' },
      { version: '3.0.0', tags: ['beta'] },
    );
    expect(refused.status).toBe(400);
    expect(await tags()).toEqual({ latest: '2.0.0', beta: '1.0.0' });
  });

  test('what cannot be a tag is refused with the version', async () => {
    expect(await refusalOf(await send('3.0.0', ['latest', 'v3']))).toEqual({
      status: 400,
      text: "The tag 'v3' would be read as a version or a range. Use a word such as beta or lts-2024.",
    });
    expect(await tags()).toEqual({ latest: '2.0.0' });
  });

  test('there are not more than a skill can have', async () => {
    const some = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, at) => `t${'x'.repeat(from + at)}`);
    for (let at = 0; at < MAX_TAGS - 10; at += 20)
      expect((await send(`3.0.${at}`, some(at, at + 20))).status).toBe(200);
    expect((await send('3.1.0', some(MAX_TAGS - 10, MAX_TAGS + 1))).status).toBe(409);
    expect((await send('3.1.0', some(MAX_TAGS - 10, MAX_TAGS))).status).toBe(200);
    expect(await refusalOf(await set('one-more', '1.0.0'))).toEqual({
      status: 409,
      text: `@acme/pdf-tools has ${MAX_TAGS} tags already. Remove one that nobody needs.`,
    });
    await done(await set('t', '1.0.0'));
    await done(await set('latest', '1.0.0'));
  });
});

describe('what is refused', () => {
  test.each(['1.0.0', 'x', 'v1', '-beta', '9lives', 'Beta', 'a%20b', 'versions', 'a'.repeat(65)])(
    'the tag %s',
    async (name) => {
      expect((await refusalOf(await set(name, '1.0.0'))).status).toBe(400);
    },
  );

  test('a version that is missing, a range, or yanked', async () => {
    const missing = { status: 404, text: 'Version not found' };
    expect(await refusalOf(await set('beta', '9.0.0'))).toEqual(missing);
    expect(await refusalOf(await set('beta', '^1'))).toEqual(missing);
    await yank('1.0.0');
    expect(await refusalOf(await set('beta', '1.0.0'))).toEqual({ status: 410, text: 'Version not available' });
  });

  test('a version that is yanked in the meantime', async () => {
    inBetween(world, () => yank('1.0.0'));
    expect((await refusalOf(await set('beta', '1.0.0'))).status).toBe(410);
    expect(await tags()).toEqual({ latest: '2.0.0' });
  });

  test('a key that may not publish here', async () => {
    const reader = await furtherKey(world, acme.key, ['read']);
    const other = await newNamespace(world, 'other');
    const by = (headers: Record<string, string>) => tag(world, headers, 'pdf-tools', 'beta', '1.0.0', 'acme');
    expect((await refusalOf(await by({}))).status).toBe(401);
    for (const { headers } of [reader, other]) {
      expect((await refusalOf(await by(headers))).status).toBe(403);
      expect((await refusalOf(await remove('beta', headers))).status).toBe(403);
    }
    expect(await refusalOf(await tag(world, acme.headers, 'ghost', 'beta', '1.0.0'))).toEqual({
      status: 404,
      text: 'Skill not found',
    });
  });
});

describe('/v1', () => {
  const put = (name: string, body: unknown, headers: Record<string, string> = acme.headers) =>
    world.fetch(`${V1}/tags/${name}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  test('sets and removes tags', async () => {
    const answer = await put('beta', { version: '1.1.0' });
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { namespace: 'acme', name: 'pdf-tools', tag: 'beta', version: '1.1.0' },
    ]);
    expect(await versionOf('beta')).toBe('1.1.0');
    const removed = await world.fetch(`${V1}/tags/beta`, { method: 'DELETE', headers: acme.headers });
    expect([removed.status, await removed.text()]).toEqual([204, '']);
    expect(await tags()).toEqual({ latest: '2.0.0' });
  });

  test.each([
    ['beta', { version: '9.0.0' }, 404, 'not_found'],
    ['beta', {}, 422, 'invalid_body'],
    ['v1', { version: '1.0.0' }, 400, 'invalid_request'],
  ])('refuses %s with %j', async (name, body, status, code) => {
    expect(await problemOf(await put(name, body))).toMatchObject({ status, code });
  });

  test('wants a key that may publish', async () => {
    const other = await newNamespace(world, 'other');
    expect((await put('beta', { version: '1.0.0' }, {})).status).toBe(401);
    expect((await put('beta', { version: '1.0.0' }, other.headers)).status).toBe(403);
  });
});
