import { expect, test } from 'vitest';
import { refusalOf } from '../support/clawhub.ts';
import { newNamespace, postJson, publish, worldWithKey } from '../support/skills.ts';
import { OPERATOR_KEY, type World } from '../support/world.ts';

const star = (world: World, headers: Record<string, string>, ref: string) =>
  postJson(world, `/api/v1/stars/${ref}`, {}, headers);
const unstar = (world: World, headers: Record<string, string>, ref: string) =>
  world.fetch(`/api/v1/stars/${ref}`, { method: 'DELETE', headers });

async function ok(response: Response): Promise<unknown> {
  expect(response.status).toBe(200);
  return response.json();
}

test('a namespace stars a skill once, and takes the star back once', async () => {
  const { world, key } = await worldWithKey();
  await publish(world, key);
  const fan = await newNamespace(world, 'other');
  const starred = { ok: true, starred: true, alreadyStarred: false };
  expect(await ok(await star(world, fan.headers, 'pdf-tools'))).toEqual(starred);
  expect(await ok(await star(world, fan.headers, 'PDF-tools'))).toEqual({ ...starred, alreadyStarred: true });
  const { rows } = await world.client.execute('SELECT namespace FROM stars');
  expect(rows).toEqual([{ namespace: 'other' }]);
  const unstarred = { ok: true, unstarred: true, alreadyUnstarred: false };
  expect(await ok(await unstar(world, fan.headers, 'pdf-tools'))).toEqual(unstarred);
  expect(await ok(await unstar(world, fan.headers, 'pdf-tools'))).toEqual({ ...unstarred, alreadyUnstarred: true });
});

test('an owner may be named in either way', async () => {
  const { world, headers, key } = await worldWithKey();
  const other = await newNamespace(world, 'other');
  await publish(world, other.key);
  await publish(world, key);
  await ok(await star(world, headers, 'pdf-tools?ownerHandle=acme'));
  await ok(await star(world, headers, 'pdf-tools?owner=%40Other'));
  const { rows } = await world.client.execute(
    'SELECT s.namespace FROM stars JOIN skills s ON s.id = skill_id ORDER BY s.namespace',
  );
  expect(rows.map(({ namespace }) => namespace)).toEqual(['acme', 'other']);
});

test.each([
  ['star', star],
  ['unstar', unstar],
])('%s: no key, no namespace, no skill', async (_, send) => {
  const { world, headers, key } = await worldWithKey();
  await publish(world, key, {}, '?visibility=private');
  const other = await newNamespace(world, 'other');
  expect(await refusalOf(await send(world, {}, 'pdf-tools'))).toMatchObject({ status: 401 });
  expect(await refusalOf(await send(world, { authorization: `Bearer ${OPERATOR_KEY}` }, 'pdf-tools'))).toEqual({
    status: 403,
    text: 'Stars are given in the name of a namespace, and the operator has none. Use a key of a namespace.',
  });
  const missing = { status: 404, text: 'Skill not found' };
  expect(await refusalOf(await send(world, other.headers, 'ghost'))).toEqual(missing);
  expect(await refusalOf(await send(world, other.headers, 'pdf-tools?ownerHandle=acme'))).toEqual(missing);
  await world.fetch('/api/v1/skills/pdf-tools', { method: 'DELETE', headers });
  expect(await refusalOf(await send(world, headers, 'pdf-tools'))).toEqual({
    status: 410,
    text: 'Skill is hidden. Run `clawhub undelete` to show it again.',
  });
});
