import { describe, expect, test } from 'vitest';
import { publishForm, refusalOf } from '../support/clawhub.ts';
import { MALICIOUS } from '../support/harmful.ts';
import { moderate } from '../support/moderation.ts';
import { done, inBetween, rename } from '../support/names.ts';
import { hubGet, L, put } from '../support/skill-hub.ts';
import {
  getJson,
  job,
  newNamespace,
  postJson,
  problemOf,
  publish,
  tarGz,
  upload,
  worldWithKey,
} from '../support/skills.ts';
import type { World } from '../support/world.ts';

interface Detail {
  skill: { slug: string; tags: Record<string, string> };
  owner: { handle: string };
}

const detail = (world: World, ref: string, headers?: Record<string, string>) =>
  getJson<Detail>(world, `/api/v1/skills/${ref}`, headers);

const searched = async (world: World, query: string) =>
  (await getJson<{ packages: { name: string }[] }>(world, `/v1/search?q=${query}`)).packages.map(({ name }) => name);

/** `@acme/pdf-tools`, published once and called pdf-kit since then. */
async function renamed() {
  const acme = await worldWithKey();
  await publish(acme.world, acme.key);
  const answer = await done(await rename(acme.world, acme.headers, 'pdf-tools', 'pdf-kit'));
  return { ...acme, answer };
}

describe('the old name leads to the skill', () => {
  test('in ClawHub, which tells the new one', async () => {
    const { world, answer } = await renamed();
    expect(answer).toEqual({ ok: true, slug: 'pdf-kit', previousSlug: 'pdf-tools' });
    for (const ref of ['pdf-tools', 'pdf-kit', 'pdf-tools?ownerHandle=acme', 'pdf-kit?ownerHandle=acme', 'PDF-Tools']) {
      expect(await detail(world, ref), ref).toMatchObject({ skill: { slug: 'pdf-kit' }, owner: { handle: 'acme' } });
    }
    const zip = await world.fetch('/api/v1/download?slug=pdf-kit&version=1.0.0');
    for (const query of ['slug=pdf-tools', 'slug=pdf-tools&version=1.0.0', 'slug=pdf-tools&ownerHandle=acme']) {
      const response = await world.fetch(`/api/v1/download?${query}`);
      expect([response.status, response.headers.get('etag')]).toEqual([200, zip.headers.get('etag')]);
    }
    for (const path of ['versions', 'versions/1.0.0', 'install', 'verify', 'file?path=SKILL.md']) {
      expect((await world.fetch(`/api/v1/skills/pdf-tools/${path}`)).status, path).toBe(200);
    }
    const resolved = await getJson(world, `/api/v1/resolve?slug=pdf-tools&hash=${'0'.repeat(64)}`);
    expect(resolved).toMatchObject({ latestVersion: { version: '1.0.0' } });
  });

  test('for OpenClaw, which insists on an echo', async () => {
    const { world } = await renamed();
    for (const item of [{ slug: 'pdf-tools', ownerHandle: 'acme' }, { slug: 'pdf-tools' }, { slug: 'pdf-kit' }]) {
      const asked = { items: [{ ...item, version: '1.0.0' }] };
      const response = await postJson(world, '/api/v1/skills/-/security-verdicts', asked);
      expect(await response.json()).toMatchObject({
        items: [{ ok: true, slug: item.slug, version: '1.0.0', publisherHandle: 'acme', displayName: 'pdf-kit' }],
      });
    }
  });

  test('in /v1, whose answers name it as it is now', async () => {
    const { world, headers } = await renamed();
    for (const version of ['1.0.0', 'latest', '%5E1']) {
      const metadata = await getJson(world, `/v1/packages/acme/pdf-tools/${version}`);
      expect(metadata).toEqual(await getJson(world, `/v1/packages/acme/pdf-kit/${version}`));
      expect(metadata).toMatchObject({ namespace: 'acme', name: 'pdf-kit', slug: 'pdf-kit', version: '1.0.0' });
      expect((await world.fetch(`/v1/download/acme/pdf-tools/${version}`)).status).toBe(200);
      expect((await world.fetch(`/v1/download/acme/pdf-tools/${version}/sig`)).status).toBe(200);
    }
    expect(await getJson(world, '/v1/packages/acme/pdf-tools/versions')).toMatchObject({
      versions: [{ version: '1.0.0' }],
      tags: { latest: '1.0.0' },
    });
    const detailOf9 = await problemOf(await world.fetch('/v1/packages/acme/pdf-tools/9.0.0'));
    expect(detailOf9).toMatchObject({ status: 404, detail: '@acme/pdf-kit has no version 9.0.0.' });
    const yanked = await postJson(world, '/v1/packages/acme/pdf-tools/1.0.0/yank', {}, headers);
    expect(await yanked.json()).toEqual({ yanked: 1 });
    expect((await world.fetch('/v1/packages/acme/pdf-kit/latest')).status).toBe(404);
  });

  test('by its flat slug in Skill Hub', async () => {
    const { world, headers } = await renamed();
    expect(await hubGet(world, `${L}/detail/pdf-tools`)).toMatchObject({ skill: { slug: 'pdf-kit' } });
    expect(await hubGet(world, `${L}/versions/pdf-tools`)).toMatchObject({ items: [{ version: '1.0.0' }] });
    expect(await hubGet(world, `${L}/versions/pdf-tools/1.0.0`)).toMatchObject({ version: { version: '1.0.0' } });
    expect((await world.fetch(`${L}/download/pdf-tools`)).status).toBe(200);
    expect((await put(world, 'pdf-tools', { summary: 'Anew.' }, headers)).status).toBe(200);
    expect(await hubGet(world, `${L}/detail/pdf-kit`)).toMatchObject({ skill: { summary: 'Anew.' } });
  });

  test('by well-known discovery, file by file too', async () => {
    const { world } = await renamed();
    const index = await getJson<{ skills: { name: string; url: string }[] }>(
      world,
      '/acme/pdf-tools/.well-known/agent-skills/index.json',
    );
    expect(index.skills).toMatchObject([{ name: 'pdf-kit', version: '1.0.0' }]);
    expect((await world.fetch(index.skills[0]?.url ?? '')).status).toBe(200);
    const older = await getJson<{ skills: { name: string }[] }>(world, '/acme/pdf-tools/.well-known/skills/index.json');
    for (const name of [older.skills[0]?.name, 'pdf-tools']) {
      expect((await world.fetch(`/acme/pdf-tools/.well-known/skills/${name}/SKILL.md`)).status, name).toBe(200);
    }
  });

  test('through a link that was made before', async () => {
    const { world, key, headers } = await worldWithKey();
    await publish(world, key, {}, '?visibility=private');
    const made = await postJson(world, '/v1/packages/acme/pdf-tools/link', {}, headers);
    const { pathname } = new URL((await made.json<{ url: string }>()).url);
    await done(await rename(world, headers, 'pdf-tools', 'pdf-kit', 'acme'));
    const { skills } = await getJson<{ skills: { name: string; url: string }[] }>(
      world,
      `${pathname}/.well-known/agent-skills/index.json`,
    );
    expect(skills).toMatchObject([{ name: 'pdf-kit' }]);
    expect((await world.fetch(skills[0]?.url ?? '')).status).toBe(200);
    const anew = await postJson(world, '/v1/packages/acme/pdf-tools/link', {}, headers);
    expect((await anew.json<{ url: string }>()).url).toMatch(/\/acme\/pdf-kit$/);
  });

  test('after two renames, and after each of them at once', async () => {
    const { world, headers } = await renamed();
    expect((await world.fetch('/v1/packages/acme/pdf-tools/latest')).status).toBe(200);
    await done(await rename(world, headers, 'pdf-tools', 'pdf-suite'));
    for (const name of ['pdf-tools', 'pdf-kit', 'pdf-suite']) {
      expect(await getJson(world, `/v1/packages/acme/${name}/latest`)).toMatchObject({ name: 'pdf-suite' });
      expect(await detail(world, name)).toMatchObject({ skill: { slug: 'pdf-suite' } });
    }
  });
});

test('lists and searches know the new name only, at once', async () => {
  const { world, key, headers } = await worldWithKey();
  await publish(world, key);
  expect([await searched(world, 'tools'), await searched(world, 'kit')]).toEqual([['pdf-tools'], []]);
  await done(await rename(world, headers, 'pdf-tools', 'pdf-kit'));
  expect([await searched(world, 'tools'), await searched(world, 'kit')]).toEqual([[], ['pdf-kit']]);
  const { items } = await getJson<{ items: { slug: string }[] }>(world, '/api/v1/skills');
  expect(items.map(({ slug }) => slug)).toEqual(['pdf-kit']);
});

describe('a slug never changes its meaning', () => {
  test('nobody else can take the old one', async () => {
    const { world } = await renamed();
    const other = await newNamespace(world, 'other');
    await publish(world, other.key);
    expect(await getJson(world, '/v1/packages/other/pdf-tools/latest')).toMatchObject({ slug: 'other.pdf-tools' });
    for (const headers of [{}, other.headers]) {
      expect(await detail(world, 'pdf-tools', headers)).toMatchObject({ owner: { handle: 'acme' } });
    }
    expect(await detail(world, 'pdf-tools?ownerHandle=other')).toMatchObject({ skill: { slug: 'pdf-tools' } });
    const asked = { items: [{ slug: 'pdf-tools', version: '1.0.0' }] };
    const verdicts = await postJson(world, '/api/v1/skills/-/security-verdicts', asked, other.headers);
    expect(await verdicts.json()).toMatchObject({ items: [{ publisherHandle: 'acme' }] });
  });

  test('the new one is bare only if it is free among slugs and former slugs', async () => {
    const { world } = await renamed();
    const other = await newNamespace(world, 'other');
    for (const name of ['sheet-tools', 'word-tools']) await publish(world, other.key, { name });
    await done(await rename(world, other.headers, 'sheet-tools', 'pdf-tools'));
    await done(await rename(world, other.headers, 'word-tools', 'pdf-kit'));
    expect(await getJson(world, '/v1/packages/other/pdf-tools/latest')).toMatchObject({ slug: 'other.pdf-tools' });
    expect(await getJson(world, '/v1/packages/other/pdf-kit/latest')).toMatchObject({ slug: 'other.pdf-kit' });
    expect(await detail(world, 'sheet-tools')).toMatchObject({ skill: { slug: 'other.pdf-tools' } });
    expect(await detail(world, 'sheet-tools?ownerHandle=other')).toMatchObject({ skill: { slug: 'pdf-tools' } });
    expect(await detail(world, 'pdf-tools')).toMatchObject({ owner: { handle: 'acme' } });
  });

  test('a name that the skill had is its own again, with its slug', async () => {
    const { world, headers } = await renamed();
    await done(await rename(world, headers, 'pdf-kit', 'pdf-tools'));
    const { rows } = await world.client.execute('SELECT namespace, name, slug FROM skill_aliases');
    expect(rows).toEqual([{ namespace: 'acme', name: 'pdf-kit', slug: 'pdf-kit' }]);
    expect(await getJson(world, '/v1/packages/acme/pdf-kit/latest')).toMatchObject({ slug: 'pdf-tools' });
    expect(await searched(world, 'tools')).toEqual(['pdf-tools']);
  });
});

describe('publishing', () => {
  test('goes on under the new name', async () => {
    const { world, key } = await renamed();
    const refused = await upload(world, key, await tarGz({ version: '1.1.0' }));
    expect(await problemOf(refused)).toMatchObject({
      status: 409,
      code: 'state_conflict',
      detail: 'The name @acme/pdf-tools leads to @acme/pdf-kit now.',
      fix: "Change the name in SKILL.md to 'pdf-kit', and publish it there.",
    });
    expect((await publish(world, key, { name: 'pdf-kit', version: '1.1.0' })).status).toBe('pass');
    expect(await getJson(world, '/v1/packages/acme/pdf-tools/latest')).toMatchObject({
      name: 'pdf-kit',
      version: '1.1.0',
    });
  });

  test('is told so in ClawHub too', async () => {
    const { world, headers } = await renamed();
    expect(await refusalOf(await publishForm(world, headers, {}, { version: '1.1.0' }))).toEqual({
      status: 409,
      text: "The name @acme/pdf-tools leads to @acme/pdf-kit now. Change the name in SKILL.md to 'pdf-kit', and publish it there.",
    });
  });

  test('an upload that waits to be vetted holds the name', async () => {
    const { world, key, headers } = await worldWithKey();
    await publish(world, key);
    await upload(world, key, await tarGz({ version: '1.1.0' }));
    expect(await refusalOf(await rename(world, headers, 'pdf-tools', 'pdf-kit'))).toEqual({
      status: 409,
      text: '@acme/pdf-tools@1.1.0 is being vetted, or held back, under this name. Try again when that is done.',
    });
    await world.drain();
    await done(await rename(world, headers, 'pdf-tools', 'pdf-kit'));
  });

  test('so does a version that is held back, also one that just was, until somebody has decided about it', async () => {
    const { world, key, headers } = await worldWithKey();
    await publish(world, key);
    const held = await tarGz({ version: '1.1.0', ...MALICIOUS });
    let id = '';
    inBetween(world, async () => {
      const accepted = await upload(world, key, held);
      id = (await accepted.clone().json<{ job_id: string }>()).job_id;
      await world.drain();
      return accepted;
    });
    expect(await refusalOf(await rename(world, headers, 'pdf-tools', 'pdf-kit'))).toEqual({
      status: 409,
      text: '@acme/pdf-tools changed in the meantime. Try again.',
    });
    expect(await job(world, id)).toMatchObject({ status: 'quarantined' });
    expect(await refusalOf(await rename(world, headers, 'pdf-tools', 'pdf-kit'))).toEqual({
      status: 409,
      text: '@acme/pdf-tools@1.1.0 is being vetted, or held back, under this name. Try again when that is done.',
    });
    expect(await detail(world, 'pdf-tools')).toMatchObject({ skill: { slug: 'pdf-tools' } });
    expect((await moderate(world, `jobs/${id}/reject`, { reason: 'No.' })).status).toBe(200);
    await done(await rename(world, headers, 'pdf-tools', 'pdf-kit'));
  });
});
