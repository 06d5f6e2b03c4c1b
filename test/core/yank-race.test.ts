import { expect, test } from 'vitest';
import { loggedEntries } from '../support/log.ts';
import { newNamespace, postJson, problemOf, publish } from '../support/skills.ts';
import { createWorld } from '../support/world.ts';

const SUSPICIOUS = "update versions set verdict = 'suspicious'";
const ANOTHER_KEY = "update versions set key_id = 'another'";
const PATHS = [
  ['/v1/packages/acme/pdf-tools/1.0.0/yank', 1],
  ['/v1/packages/acme/pdf-tools/yank', 2],
] as const;

/** A published skill whose next batches of statements meet changes that another request made in the last moment. */
async function racing(changes: readonly string[]) {
  const world = await createWorld();
  const { key, headers } = await newNamespace(world, 'acme');
  for (const version of ['1.0.0', '1.1.0']) await publish(world, key, { version });
  const { libsql } = world.client;
  if (!libsql) throw new Error('a change is put between two statements of libSQL only');
  const batch = libsql.batch.bind(libsql);
  const left = [...changes];
  libsql.batch = async (...args: Parameters<typeof batch>) => {
    const change = left.shift();
    if (change) await libsql.execute(change);
    return batch(...args);
  };
  return { world, headers };
}

test.each(
  PATHS.flatMap(([path, yanked]) => [SUSPICIOUS, ANOTHER_KEY].map((change) => [path, change, yanked] as const)),
)('at %s the log says what is so when it is yanked (%s)', async (path, change, yanked) => {
  const { world, headers } = await racing([change]);
  const response = await postJson(world, path, {}, headers);
  expect([response.status, await response.json()]).toEqual([200, { yanked }]);
  const said = (await loggedEntries(world)).filter((entry) => entry?.event === 'yank');
  const now = change === SUSPICIOUS ? { verdict: 'suspicious' } : { key_id: 'another' };
  expect(said).toEqual(Array.from({ length: yanked }, () => expect.objectContaining(now)));
});

test('a yank beside a rename is not logged under the former name', async () => {
  const { world, headers } = await racing(["update skills set name = 'csv-tools'"]);
  const response = await postJson(world, '/v1/packages/acme/pdf-tools/1.0.0/yank', {}, headers);
  // Nobody told the hub of the former name, as a rename does: it is not there any more.
  expect(response.status).toBe(404);
  expect((await loggedEntries(world)).filter((entry) => entry?.event === 'yank')).toEqual([]);
  expect((await world.client.execute("select state from versions where state = 'yanked'")).rows).toEqual([]);
});

test.each(PATHS)('what changes again and again stays as it is at %s, and the answer says so', async (path) => {
  const { world, headers } = await racing([SUSPICIOUS, ANOTHER_KEY, "update versions set verdict = 'clean'"]);
  const updated = async () => (await world.client.execute('select updated_at from skills')).rows;
  const before = await updated();
  expect(await problemOf(await postJson(world, path, {}, headers))).toMatchObject({ status: 503, code: 'unavailable' });
  expect(await updated()).toEqual(before);
  expect((await world.client.execute("select state from versions where state = 'yanked'")).rows).toEqual([]);
  expect((await loggedEntries(world)).filter((entry) => entry?.event === 'yank')).toEqual([]);
});
