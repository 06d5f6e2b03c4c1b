import { describe, expect, test } from 'vitest';
import { MAX_FORMER_NAMES } from '../../src/core/catalog/rename-skill.ts';
import { refusalOf } from '../support/clawhub.ts';
import { done, inBetween, rename } from '../support/names.ts';
import {
  furtherKey,
  getJson,
  newNamespace,
  problemOf,
  publish,
  tarGz,
  upload,
  worldWithKey,
} from '../support/skills.ts';
import { OPERATOR_KEY } from '../support/world.ts';

describe('a name that cannot be had', () => {
  test.each([
    ['pdf-tools', 409, '@acme/pdf-tools is its name already. Choose another name.'],
    ['csv-summary', 409, '@acme/csv-summary is another skill. Choose another name.'],
    ['csv-digest', 409, '@acme/csv-digest leads to another skill, which was called so. Choose another name.'],
    [
      'pdf_tools',
      400,
      "The skill name 'pdf_tools' may only hold the letters a-z, the digits 0-9 and hyphens. Choose another name.",
    ],
    [
      'mail-sorters',
      409,
      "name 'mail-sorters' is too similar to existing package 'mail-sorter' (Levenshtein distance 1). Choose a name that nobody can mistake for the other skill.",
    ],
    [
      'mail-filters',
      409,
      "name 'mail-filters' is too similar to existing package 'mail-filter' (Levenshtein distance 1). Choose a name that nobody can mistake for the other skill.",
    ],
  ])('%s', async (newSlug, status, text) => {
    const { world, key, headers } = await worldWithKey();
    const other = await newNamespace(world, 'other');
    for (const name of ['pdf-tools', 'csv-digest']) await publish(world, key, { name });
    await done(await rename(world, headers, 'csv-digest', 'csv-summary'));
    await publish(world, other.key, { name: 'mail-filter' });
    await done(await rename(world, other.headers, 'mail-filter', 'mail-sorter'));
    expect(await refusalOf(await rename(world, headers, 'pdf-tools', newSlug))).toEqual({ status, text });
    expect(await getJson(world, '/v1/packages/acme/pdf-tools/latest')).toMatchObject({ slug: 'pdf-tools' });
  });

  test('one too many', async () => {
    const { world, key, headers } = await worldWithKey();
    await publish(world, key, { name: 'name-0' });
    for (let i = 1; i <= MAX_FORMER_NAMES; i++) await done(await rename(world, headers, 'name-0', `name-${i}`));
    expect(await refusalOf(await rename(world, headers, 'name-0', 'name-x'))).toEqual({
      status: 409,
      text: `@acme/name-${MAX_FORMER_NAMES} had ${MAX_FORMER_NAMES} other names before. Take one of them again.`,
    });
    await done(await rename(world, headers, 'name-0', 'name-1'));
  });
});

describe('who may', () => {
  test('keys with admin in the namespace, and operators', async () => {
    const { world, key, headers } = await worldWithKey();
    await publish(world, key);
    const other = await newNamespace(world, 'other');
    const publisher = await furtherKey(world, key, ['publish']);
    expect((await refusalOf(await rename(world, {}, 'pdf-tools', 'pdf-kit'))).status).toBe(401);
    expect(await refusalOf(await rename(world, publisher.headers, 'pdf-tools', 'pdf-kit'))).toMatchObject({
      status: 403,
      text: expect.stringContaining("Your key lacks the scope 'admin'."),
    });
    expect((await refusalOf(await rename(world, other.headers, 'pdf-tools', 'pdf-kit'))).status).toBe(403);
    await done(await rename(world, { authorization: `Bearer ${OPERATOR_KEY}` }, 'pdf-tools', 'pdf-kit'));
    await done(await rename(world, headers, 'pdf-tools', 'pdf-suite', 'acme'));
  });

  test('a private, hidden or missing skill', async () => {
    const { world, key, headers } = await worldWithKey();
    await publish(world, key, {}, '?visibility=private');
    const other = await newNamespace(world, 'other');
    const missing = { status: 404, text: 'Skill not found' };
    expect(await refusalOf(await rename(world, other.headers, 'pdf-tools', 'pdf-kit', 'acme'))).toEqual(missing);
    expect(await refusalOf(await rename(world, headers, 'ghost', 'pdf-kit'))).toEqual(missing);
    await done(await rename(world, headers, 'pdf-tools', 'pdf-kit'));
    expect(await refusalOf(await world.fetch('/api/v1/skills/pdf-tools?ownerHandle=acme'))).toEqual(missing);
    expect(await problemOf(await world.fetch('/v1/packages/acme/pdf-tools/latest'))).toMatchObject({
      status: 404,
      detail: 'There is no skill @acme/pdf-tools.',
    });
    await world.fetch('/api/v1/skills/pdf-tools', { method: 'DELETE', headers });
    expect(await refusalOf(await rename(world, headers, 'pdf-kit', 'pdf-suite'))).toMatchObject({ status: 410 });
    expect(await refusalOf(await world.fetch('/api/v1/skills/pdf-tools', { headers }))).toMatchObject({ status: 410 });
  });

  test('a skill that was never published', async () => {
    const { world, key, headers } = await worldWithKey();
    await publish(world, key, { description: 'Too short.' });
    expect(await refusalOf(await rename(world, headers, 'pdf-tools', 'pdf-kit'))).toMatchObject({ status: 404 });
  });
});

describe('what comes in between', () => {
  test('an upload under the old name that was checked before', async () => {
    const { world, key, headers } = await worldWithKey();
    await publish(world, key);
    const body = await tarGz({ version: '1.1.0' });
    inBetween(world, () => rename(world, headers, 'pdf-tools', 'pdf-kit'));
    expect(await problemOf(await upload(world, key, body))).toMatchObject({
      status: 409,
      detail: 'The name @acme/pdf-tools leads to @acme/pdf-kit now.',
    });
    const { rows } = await world.client.execute('SELECT name, (SELECT count(*) FROM versions) AS n FROM skills');
    expect(rows).toEqual([{ name: 'pdf-kit', n: 1 }]);
  });

  test('an upload under the new name', async () => {
    const { world, key, headers } = await worldWithKey();
    await publish(world, key);
    const body = await tarGz({ name: 'pdf-kit' });
    inBetween(world, () => upload(world, key, body));
    expect(await refusalOf(await rename(world, headers, 'pdf-tools', 'pdf-kit'))).toEqual({
      status: 409,
      text: '@acme/pdf-kit is another skill. Choose another name.',
    });
    const { rows } = await world.client.execute('SELECT * FROM skill_aliases');
    expect(rows).toEqual([]);
  });

  test('an upload under the old name, which has to be vetted under it', async () => {
    const { world, key, headers } = await worldWithKey();
    await publish(world, key);
    const body = await tarGz({ version: '1.1.0' });
    inBetween(world, () => upload(world, key, body));
    expect(await refusalOf(await rename(world, headers, 'pdf-tools', 'pdf-kit'))).toEqual({
      status: 409,
      text: '@acme/pdf-tools changed in the meantime. Try again.',
    });
    const { rows } = await world.client.execute('SELECT name, slug FROM skills');
    expect(rows).toEqual([{ name: 'pdf-tools', slug: 'pdf-tools' }]);
  });
});

test('of two at once for one name, one wins and nothing is half done', async () => {
  const { world, key, headers } = await worldWithKey({ settings: { maxNameDistance: 0 } });
  for (const name of ['left-hand', 'right-hand']) await publish(world, key, { name });
  const answers = await Promise.all(
    ['left-hand', 'right-hand'].map((name) => rename(world, headers, name, 'only-hand')),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  const names = await world.client.execute('SELECT name, slug FROM skills ORDER BY id');
  const former = await world.client.execute('SELECT name, slug FROM skill_aliases');
  expect(former.rows).toHaveLength(1);
  const loser = former.rows[0]?.name === 'left-hand' ? 'right-hand' : 'left-hand';
  expect(names.rows).toContainEqual({ name: 'only-hand', slug: 'only-hand' });
  expect(names.rows).toContainEqual({ name: loser, slug: loser });
});
