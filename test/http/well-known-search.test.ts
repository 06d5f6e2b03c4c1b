import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { wellKnown } from '../../src/http/well-known/index.ts';
import { getJson, newNamespace, problemOf, publish } from '../support/skills.ts';
import { unplugDatabase } from '../support/statements.ts';
import { createWorld } from '../support/world.ts';

interface Found {
  skills: { name: string; id: string; source: string; installs: number }[];
}

async function hub() {
  const world = await createWorld({ settings: { maxNameDistance: 0 } });
  const acme = await newNamespace(world);
  const other = await newNamespace(world, 'other');
  await publish(world, acme.key, { name: 'pdf-tools' });
  await publish(world, acme.key, { name: 'changelog-writer', description: 'Writes logs of changes, also as PDF.' });
  await publish(world, other.key, { name: 'pdf-forms' });
  await publish(world, acme.key, { name: 'pdf-secrets' }, '?visibility=private');
  return { world, acme };
}

const ids = ({ skills }: Found) => skills.map(({ id }) => id);

test('skills come best first, each with what `skills add` takes', async () => {
  const { world } = await hub();
  const response = await world.fetch('/api/search?q=pdf+tool&limit=20');
  expect(response.status).toBe(200);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(response.headers.get('cache-control')).toBe('public, max-age=30');
  expect(await response.json()).toEqual({
    skills: [{ name: 'pdf-tools', id: 'acme/pdf-tools', source: 'http://hub.test/acme/pdf-tools', installs: 0 }],
  });
  const all = ids(await getJson<Found>(world, '/api/search?q=pdf&limit=20'));
  expect(all.toSorted()).toEqual(['acme/changelog-writer', 'acme/pdf-tools', 'other/pdf-forms']);
  expect(all.at(-1)).toBe('acme/changelog-writer');
});

test.each([
  ['q=pdf&limit=20&owner=acme', ['acme/pdf-tools', 'acme/changelog-writer']],
  ['q=pdf&owner=other', ['other/pdf-forms']],
  ['q=pdf&owner=nobody', []],
  ['owner=acme', ['acme/changelog-writer', 'acme/pdf-tools']],
  ['', ['other/pdf-forms', 'acme/changelog-writer', 'acme/pdf-tools']],
  ['q=&limit=1', ['other/pdf-forms']],
  ['q=zebra', []],
  ['q=%22%28%29', []],
])('?%s finds %j', async (query, expected) => {
  const { world } = await hub();
  expect(ids(await getJson<Found>(world, `/api/search?${query}`))).toEqual(expected);
});

test('a key of the namespace finds its private skills too', async () => {
  const { world, acme } = await hub();
  const response = await world.fetch('/api/search?q=secrets', { headers: acme.headers });
  expect(response.headers.get('cache-control')).toBe('private, no-cache');
  expect(ids(await response.json<Found>())).toEqual(['acme/pdf-secrets']);
});

test.each(['limit=0', 'limit=101', 'limit=x', `q=${'x'.repeat(201)}`])('?%s is refused', async (query) => {
  const { world } = await hub();
  const response = await world.fetch(`/api/search?${query}`);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(await problemOf(response)).toMatchObject({ status: 400, code: 'invalid_request' });
});

test('sources begin with the address under which people reach the hub', async () => {
  const { world } = await hub();
  world.deps.settings.publicUrl = 'https://skills.example.com';
  const { skills } = await getJson<Found>(world, '/api/search?q=forms');
  expect(skills[0]?.source).toBe('https://skills.example.com/other/pdf-forms');
});

test('a hot search does without the database, until something is published', async () => {
  const { world, acme } = await hub();
  const before = await getJson<Found>(world, '/api/search?q=pdf');
  const { db } = world.deps;
  unplugDatabase(world);
  expect(await getJson<Found>(world, '/api/search?q=pdf')).toEqual(before);
  world.deps.db = db;
  await publish(world, acme.key, { name: 'pdf-merge' });
  expect(ids(await getJson<Found>(world, '/api/search?q=pdf'))).toContain('acme/pdf-merge');
});

test('every route is described, and every described route is there', async () => {
  const { world } = await hub();
  const document = JSON.parse(readFileSync(join(import.meta.dirname, '../../openapi/well-known.json'), 'utf8'));
  const routes = wellKnown(world.deps)
    .routes.filter(({ method }) => method !== 'ALL')
    .map(({ path }) => path.replaceAll(/:(\w+)(\{[^}]+\})?/g, '{$1}'));
  expect(Object.keys(document.paths).sort()).toEqual([...new Set(routes)].sort());
  expect(routes.length).toBeGreaterThan(14);
});
