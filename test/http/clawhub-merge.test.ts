import { beforeEach, describe, expect, test } from 'vitest';
import { refusalOf } from '../support/clawhub.ts';
import { OPERATOR } from '../support/moderation.ts';
import { done, inBetween, merge, rename, tag } from '../support/names.ts';
import { hubGet, L } from '../support/skill-hub.ts';
import {
  furtherKey,
  getJson,
  type KeyHolder,
  newNamespace,
  postJson,
  problemOf,
  publish,
  tarGz,
  upload,
  worldWithKey,
} from '../support/skills.ts';
import type { World } from '../support/world.ts';

let world: World;
let acme: KeyHolder;

/** `old-notes` 1.0.0 and 1.1.0, `new-notes` 1.0.0 and 3.0.0. */
beforeEach(async () => {
  ({ world, ...acme } = await worldWithKey());
  for (const version of ['1.0.0', '1.1.0'])
    await publish(world, acme.key, { name: 'old-notes', version, body: 'Old.\n' });
  for (const version of ['1.0.0', '3.0.0'])
    await publish(world, acme.key, { name: 'new-notes', version, body: 'New.\n' });
});

const mergeOld = () => merge(world, acme.headers, 'old-notes', { targetSlug: 'new-notes' });
const metadata = (path: string) => getJson<Record<string, string>>(world, `/v1/packages/acme/${path}`);
const bytes = async (path: string) => Buffer.from(await (await world.fetch(path)).arrayBuffer()).toString('hex');
const mergedInto = async () =>
  (
    await world.client.execute(
      'SELECT name, (SELECT t.name FROM skills t WHERE t.id = s.merged_into) AS into_name FROM skills s ORDER BY id',
    )
  ).rows;

describe('the old name', () => {
  test('means the new skill, in every dialect', async () => {
    expect(await metadata('old-notes/latest')).toMatchObject({ name: 'old-notes', version: '1.1.0' });
    expect(await done(await mergeOld())).toEqual({ ok: true, sourceSlug: 'old-notes', targetSlug: 'new-notes' });
    for (const version of ['latest', '%5E3', '*']) {
      expect(await metadata(`old-notes/${version}`), version).toMatchObject({ name: 'new-notes', version: '3.0.0' });
    }
    for (const query of ['', '?ownerHandle=acme']) {
      const detail = await getJson(world, `/api/v1/skills/old-notes${query}`);
      expect(detail).toMatchObject({ skill: { slug: 'new-notes' }, latestVersion: { version: '3.0.0' } });
    }
    const asked = { items: [{ slug: 'old-notes', version: '3.0.0' }] };
    const verdicts = await postJson(world, '/api/v1/skills/-/security-verdicts', asked);
    expect(await verdicts.json()).toMatchObject({ items: [{ ok: true, slug: 'old-notes', displayName: 'new-notes' }] });
    expect(await hubGet(world, `${L}/detail/old-notes`)).toMatchObject({ skill: { slug: 'new-notes' } });
    expect(await getJson(world, '/acme/old-notes/.well-known/agent-skills/index.json')).toMatchObject({
      skills: [{ name: 'new-notes', version: '3.0.0' }],
    });
  });

  test('with the number of one of its versions still means that, for lock files', async () => {
    const old = await metadata('old-notes/1.0.0');
    const archive = await bytes('/v1/download/acme/old-notes/1.0.0');
    await done(await mergeOld());
    expect(await metadata('old-notes/1.0.0')).toEqual(old);
    expect(await bytes('/v1/download/acme/old-notes/1.0.0')).toBe(archive);
    expect(await metadata('old-notes/1.0.0/findings')).toMatchObject({
      name: 'old-notes',
      version: '1.0.0',
      passed: true,
    });
    expect(await metadata('old-notes/versions')).toMatchObject({
      versions: [{ version: '1.1.0' }, { version: '1.0.0' }],
      tags: {},
    });
    expect(await problemOf(await world.fetch('/v1/packages/acme/old-notes/3.0.0'))).toMatchObject({
      status: 404,
      detail: '@acme/old-notes has no version 3.0.0.',
    });
  });

  test('can still have a version yanked, and stays merged', async () => {
    await done(await mergeOld());
    const yank = () => postJson(world, '/v1/packages/acme/old-notes/1.0.0/yank', {}, acme.headers);
    expect(await (await yank()).json()).toEqual({ yanked: 1 });
    expect((await world.fetch('/v1/packages/acme/old-notes/1.0.0')).status).toBe(404);
    await postJson(world, '/v1/packages/acme/old-notes/1.0.0/unyank', {}, acme.headers);
    expect(await metadata('old-notes/latest')).toMatchObject({ name: 'new-notes' });
    expect(await metadata('old-notes/1.0.0')).toMatchObject({ name: 'old-notes' });
  });

  test('from before a rename leads on, too', async () => {
    await done(await rename(world, acme.headers, 'old-notes', 'older-notes'));
    await done(await merge(world, acme.headers, 'older-notes', { targetSlug: 'new-notes' }));
    expect(await metadata('old-notes/latest')).toMatchObject({ name: 'new-notes' });
    expect(await metadata('old-notes/1.0.0')).toMatchObject({ name: 'older-notes' });
    expect(await getJson(world, '/api/v1/skills/old-notes')).toMatchObject({ skill: { slug: 'new-notes' } });
    expect(await hubGet(world, `${L}/detail/old-notes`)).toMatchObject({ skill: { slug: 'new-notes' } });
  });

  test('follows the new skill when that is renamed', async () => {
    await done(await mergeOld());
    await done(await rename(world, acme.headers, 'new-notes', 'all-notes'));
    expect(await metadata('old-notes/latest')).toMatchObject({ name: 'all-notes' });
    expect(await getJson(world, '/api/v1/skills/old-notes')).toMatchObject({ skill: { slug: 'all-notes' } });
  });

  test('takes no new versions, tags or names, and does not stand in a list', async () => {
    await done(await mergeOld());
    expect(
      await problemOf(await upload(world, acme.key, await tarGz({ name: 'old-notes', version: '2.0.0' }))),
    ).toMatchObject({
      status: 409,
      detail: 'The name @acme/old-notes leads to @acme/new-notes now.',
    });
    expect((await refusalOf(await tag(world, acme.headers, 'old-notes', 'beta', '1.0.0'))).status).toBe(409);
    expect((await refusalOf(await rename(world, acme.headers, 'old-notes', 'gone-notes'))).status).toBe(409);
    const { items } = await getJson<{ items: { slug: string }[] }>(world, '/api/v1/skills');
    expect(items.map(({ slug }) => slug)).toEqual(['new-notes']);
    for (const query of ['notes', 'old', '']) {
      const found = await getJson<{ packages: { name: string }[] }>(world, `/v1/search?q=${query}`);
      expect(
        found.packages.map(({ name }) => name),
        query,
      ).toEqual(query === 'old' ? [] : ['new-notes']);
    }
  });

  test('that is hidden leads nowhere; the new skill stays', async () => {
    await done(await mergeOld());
    await world.fetch('/api/v1/skills/old-notes', { method: 'DELETE', headers: acme.headers });
    expect((await world.fetch('/v1/packages/acme/old-notes/latest')).status).toBe(404);
    expect((await world.fetch('/v1/packages/acme/old-notes/1.0.0')).status).toBe(404);
    expect((await refusalOf(await world.fetch('/api/v1/skills/old-notes'))).status).toBe(404);
    expect((await world.fetch(`${L}/detail/old-notes`)).status).toBe(404);
    expect(await metadata('new-notes/latest')).toMatchObject({ version: '3.0.0' });
  });
});

test('stars move along, and each namespace keeps one', async () => {
  const fans = await Promise.all(['fan-one', 'fan-two'].map((slug) => newNamespace(world, slug)));
  for (const { headers } of fans) await postJson(world, '/api/v1/stars/old-notes', {}, headers);
  await postJson(world, '/api/v1/stars/new-notes', {}, fans[0]?.headers);
  await done(await mergeOld());
  const { rows } = await world.client.execute(
    'SELECT name, stars.namespace AS fan FROM stars JOIN skills ON skills.id = skill_id ORDER BY fan',
  );
  expect(rows).toEqual([
    { name: 'new-notes', fan: 'fan-one' },
    { name: 'new-notes', fan: 'fan-two' },
  ]);
  const again = await postJson(world, '/api/v1/stars/old-notes', {}, fans[1]?.headers);
  expect(await again.json()).toMatchObject({ alreadyStarred: true });
});

describe('several merges', () => {
  beforeEach(() => publish(world, acme.key, { name: 'all-notes', version: '7.0.0' }));

  test('make no chain', async () => {
    await done(await mergeOld());
    await done(await merge(world, acme.headers, 'new-notes', { targetSlug: 'all-notes' }));
    expect(await mergedInto()).toEqual([
      { name: 'old-notes', into_name: 'all-notes' },
      { name: 'new-notes', into_name: 'all-notes' },
      { name: 'all-notes', into_name: null },
    ]);
    expect(await metadata('old-notes/latest')).toMatchObject({ name: 'all-notes' });
  });

  test('follow a target that was merged', async () => {
    await done(await merge(world, acme.headers, 'new-notes', { targetSlug: 'all-notes' }));
    expect(await done(await mergeOld())).toEqual({ ok: true, sourceSlug: 'old-notes', targetSlug: 'all-notes' });
    expect(await metadata('old-notes/latest')).toMatchObject({ name: 'all-notes' });
  });

  test('make no circle', async () => {
    await done(await mergeOld());
    expect(await refusalOf(await merge(world, acme.headers, 'new-notes', { targetSlug: 'old-notes' }))).toEqual({
      status: 409,
      text: '@acme/new-notes cannot be merged into itself. Name another skill.',
    });
    expect(await refusalOf(await merge(world, acme.headers, 'old-notes', { targetSlug: 'all-notes' }))).toEqual({
      status: 409,
      text: '@acme/old-notes was merged into another skill already. Its name leads there; name that skill instead.',
    });
  });

  test('at once make no circle either', async () => {
    const answers = await Promise.all([
      mergeOld(),
      merge(world, acme.headers, 'new-notes', { targetSlug: 'old-notes' }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const rows = (await mergedInto()).filter(({ into_name }) => into_name !== null);
    expect(rows).toHaveLength(1);
  });
});

describe('what cannot be merged', () => {
  test('a private skill into a public one, and the other way round', async () => {
    await publish(world, acme.key, { name: 'secret-plans' }, '?visibility=private');
    expect(await refusalOf(await merge(world, acme.headers, 'secret-plans', { targetSlug: 'new-notes' }))).toEqual({
      status: 409,
      text: '@acme/secret-plans is private, but @acme/new-notes is public. Change the visibility of one of them first.',
    });
    expect(
      (await refusalOf(await merge(world, acme.headers, 'old-notes', { targetSlug: 'secret-plans' }))).status,
    ).toBe(409);
  });

  test.each([
    ['into itself', 'old-notes', 'old-notes', 409],
    ['a missing skill', 'ghost', 'new-notes', 404],
    ['into a missing skill', 'old-notes', 'ghost', 404],
    ['a hidden skill', 'hidden-notes', 'new-notes', 410],
    ['into a hidden skill', 'old-notes', 'hidden-notes', 410],
  ])('%s', async (_, slug, targetSlug, status) => {
    await publish(world, acme.key, { name: 'hidden-notes' });
    await world.fetch('/api/v1/skills/hidden-notes', { method: 'DELETE', headers: acme.headers });
    expect((await refusalOf(await merge(world, acme.headers, slug, { targetSlug }))).status).toBe(status);
    expect((await mergedInto()).map(({ into_name }) => into_name)).toEqual([null, null, null]);
  });

  test('a skill with a version that waits to be vetted, also one that just came', async () => {
    const body = await tarGz({ name: 'old-notes', version: '2.0.0' });
    inBetween(world, () => upload(world, acme.key, body));
    expect(await refusalOf(await mergeOld())).toEqual({
      status: 409,
      text: '@acme/old-notes changed in the meantime. Try again.',
    });
    expect(await refusalOf(await mergeOld())).toEqual({
      status: 409,
      text: '@acme/old-notes@2.0.0 is being vetted, or held back, under this name. Try again when that is done.',
    });
    await world.drain();
    await done(await mergeOld());
  });

  test('while an upload is on its way, which is then refused', async () => {
    const body = await tarGz({ name: 'old-notes', version: '2.0.0' });
    inBetween(world, mergeOld);
    expect(await problemOf(await upload(world, acme.key, body))).toMatchObject({ status: 409, code: 'state_conflict' });
    expect(await metadata('old-notes/latest')).toMatchObject({ name: 'new-notes' });
  });
});

describe('who may', () => {
  test('keys with admin in both namespaces, and operators', async () => {
    const other = await newNamespace(world, 'other');
    await publish(world, other.key, { name: 'their-work' });
    const publisher = await furtherKey(world, acme.key, ['publish']);
    const into = (headers: Record<string, string>) =>
      merge(world, headers, 'old-notes', {
        targetSlug: 'their-work',
        sourceOwnerHandle: 'acme',
        targetOwnerHandle: 'other',
      });
    expect((await refusalOf(await into({}))).status).toBe(401);
    for (const headers of [acme.headers, other.headers])
      expect((await refusalOf(await into(headers))).status).toBe(403);
    expect(
      (await refusalOf(await merge(world, publisher.headers, 'old-notes', { targetSlug: 'new-notes' }))).status,
    ).toBe(403);
    expect(await done(await into(OPERATOR))).toEqual({ ok: true, sourceSlug: 'old-notes', targetSlug: 'their-work' });
    expect(await metadata('old-notes/latest')).toMatchObject({ namespace: 'other', name: 'their-work' });
    expect(await getJson(world, '/api/v1/skills/old-notes?ownerHandle=acme')).toMatchObject({
      skill: { slug: 'their-work' },
      owner: { handle: 'other' },
    });
  });

  test('an owner who stands for both', async () => {
    const body = { targetSlug: 'new-notes', ownerHandle: 'acme' };
    expect(await done(await merge(world, OPERATOR, 'old-notes', body))).toMatchObject({ ok: true });
  });

  test('a link to a private skill does not open the one that took its place', async () => {
    for (const name of ['secret-plans', 'other-papers'])
      await publish(world, acme.key, { name }, '?visibility=private');
    const made = await postJson(world, '/v1/packages/acme/secret-plans/link', {}, acme.headers);
    const { pathname } = new URL((await made.json<{ url: string }>()).url);
    const index = `${pathname}/.well-known/agent-skills/index.json`;
    expect((await world.fetch(index)).status).toBe(200);
    await done(await merge(world, acme.headers, 'secret-plans', { targetSlug: 'other-papers', ownerHandle: 'acme' }));
    expect((await world.fetch(index)).status).toBe(404);
  });
});
