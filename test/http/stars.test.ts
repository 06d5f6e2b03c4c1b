import { describe, expect, test } from 'vitest';
import { bearer, getJson, newNamespace, problemOf, publish, worldWithKey } from '../support/skills.ts';
import { statements } from '../support/statements.ts';
import { OPERATOR_KEY, type World } from '../support/world.ts';

type Headers = Record<string, string>;

const send = (method: string) => (world: World, headers: Headers, name: string) =>
  world.fetch(`/v1/packages/acme/${name}/star`, { method, headers });
const star = send('PUT');
const unstar = send('DELETE');

interface Stars {
  stars: { name: string }[];
  next: string | null;
}
const starsOf = (world: World, headers: Headers, query = '') => getJson<Stars>(world, `/v1/stars${query}`, headers);
const names = ({ stars }: Stars) => stars.map(({ name }) => name);

async function starred(response: Promise<Response>): Promise<unknown> {
  const answer = await response;
  expect(answer.status).toBe(200);
  return answer.json();
}

async function worldWithSkills(...skills: string[]) {
  const { world, ...acme } = await worldWithKey();
  for (const name of skills) await publish(world, acme.key, { name });
  return { world, acme, fan: await newNamespace(world, 'umbrella') };
}

test('a namespace stars a skill once, and takes the star back once', async () => {
  const { world, fan } = await worldWithSkills('pdf-tools');
  expect(await starred(star(world, fan.headers, 'pdf-tools'))).toEqual({ starred: true, changed: true });
  expect(await starred(star(world, fan.headers, 'pdf-tools'))).toEqual({ starred: true, changed: false });
  expect(await starsOf(world, fan.headers)).toEqual({
    stars: [
      {
        namespace: 'acme',
        name: 'pdf-tools',
        description: expect.any(String),
        visibility: 'public',
        latest_version: '1.0.0',
        starred_at: '2026-01-01T00:00:00.000Z',
      },
    ],
    next: null,
  });
  const { skill } = await getJson<{ skill: { stats: { stars: number } } }>(world, '/api/v1/skills/pdf-tools');
  expect(skill.stats.stars).toBe(1);
  expect(await starred(unstar(world, fan.headers, 'pdf-tools'))).toEqual({ starred: false, changed: true });
  expect(await starred(unstar(world, fan.headers, 'pdf-tools'))).toEqual({ starred: false, changed: false });
  expect(await starsOf(world, fan.headers)).toEqual({ stars: [], next: null });
});

test('stars are listed page by page, the latest first, and only those of the key', async () => {
  const { world, acme, fan } = await worldWithSkills('one-tool', 'two-tool', 'three-tool');
  for (const name of ['two-tool', 'three-tool', 'one-tool']) {
    await starred(star(world, fan.headers, name));
    if (name === 'two-tool') world.advance(1_000);
  }
  await starred(star(world, acme.headers, 'two-tool'));
  const first = await starsOf(world, fan.headers, '?limit=2');
  expect(names(first)).toEqual(['three-tool', 'one-tool']);
  const second = await starsOf(world, fan.headers, `?limit=2&after=${first.next}`);
  expect([names(second), second.next]).toEqual([['two-tool'], null]);
  expect(names(await starsOf(world, acme.headers))).toEqual(['two-tool']);
  for (const after of ['x', '1', '1-x', `${'9'.repeat(17)}-1`]) {
    const response = await world.fetch(`/v1/stars?after=${after}`, { headers: fan.headers });
    expect(await problemOf(response)).toMatchObject({ status: 400, code: 'invalid_request' });
  }
});

test('what a namespace cannot see any more is not in its list', async () => {
  const { world, acme, fan } = await worldWithSkills('dark-tool', 'gone-tool', 'yank-tool', 'open-tool');
  for (const name of ['dark-tool', 'gone-tool', 'yank-tool', 'open-tool']) {
    for (const { headers } of [fan, acme]) await starred(star(world, headers, name));
  }
  const json = { ...acme.headers, 'content-type': 'application/json' };
  const body = '{"visibility":"private"}';
  await world.fetch('/v1/packages/acme/dark-tool/visibility', { method: 'PUT', headers: json, body });
  await world.fetch('/api/v1/skills/gone-tool', { method: 'DELETE', headers: acme.headers });
  await world.fetch('/v1/packages/acme/yank-tool/yank', { method: 'POST', headers: acme.headers });
  expect(names(await starsOf(world, fan.headers))).toEqual(['open-tool']);
  expect(names(await starsOf(world, acme.headers))).toEqual(['open-tool', 'dark-tool']);
});

test('the list says what is deprecated', async () => {
  const { world, acme, fan } = await worldWithSkills('pdf-tools');
  await starred(star(world, fan.headers, 'pdf-tools'));
  const headers = { ...acme.headers, 'content-type': 'application/json' };
  const body = '{"message":"Use another."}';
  await world.fetch('/v1/packages/acme/pdf-tools/deprecation', { method: 'PUT', headers, body });
  expect(await starsOf(world, fan.headers)).toMatchObject({ stars: [{ deprecated: 'Use another.' }] });
});

test.each([
  ['star', star],
  ['unstar', unstar],
])('%s: no key, no namespace, no skill', async (_, act) => {
  const { world, acme, fan } = await worldWithSkills();
  await publish(world, acme.key, {}, '?visibility=private');
  expect(await problemOf(await act(world, {}, 'pdf-tools'))).toMatchObject({ status: 401, code: 'unauthorized' });
  expect(await problemOf(await act(world, bearer(OPERATOR_KEY), 'pdf-tools'))).toMatchObject({
    status: 403,
    code: 'forbidden',
    detail: 'Stars are given in the name of a namespace, and the operator has none.',
  });
  for (const name of ['pdf-tools', 'ghost']) {
    expect(await problemOf(await act(world, fan.headers, name))).toMatchObject({
      status: 404,
      detail: `There is no skill @acme/${name}.`,
    });
  }
});

// The plan is the same on D1, which has no hook to see it.
describe.skipIf(process.env.HUB_TEST_DATABASE === 'd1')('on libSQL', () => {
  test('the list costs one statement by index', async () => {
    const { world, fan } = await worldWithSkills('pdf-tools');
    await starsOf(world, fan.headers);
    const [, sql = '', ...more] = await statements(world, () => starsOf(world, fan.headers));
    expect(more).toEqual([]);
    const args = Array.from(sql.matchAll(/\?/g), () => null);
    const plan = await world.client.libsql?.execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, args });
    const details = plan?.rows.map(({ detail }) => String(detail)) ?? [];
    expect(details[0]).toContain('INDEX stars_namespace (namespace=?');
    expect(details.filter((detail) => /^SCAN|TEMP B-TREE/.test(detail))).toEqual([]);
  });
});
