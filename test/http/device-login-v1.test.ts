import { expect, test } from 'vitest';
import { press } from '../support/browser.ts';
import { approve, type Begun, lastCode, toCodePage, worldWithAcme } from '../support/sign-in.ts';
import { bearer, getJson, postJson, problemOf } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const pending = (interval: number) => [202, { status: 'pending', interval }];

type BegunHere = Begun & { verification_uri_complete: string };

async function begin(world: World, body: object = { label: 'laptop', client: 'my-cli' }): Promise<BegunHere> {
  const response = await postJson(world, '/v1/auth/device', body);
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store']);
  return response.json<BegunHere>();
}

const poll = (world: World, code: string) => postJson(world, '/v1/auth/device/token', { device_code: code });

async function polled(world: World, code: string) {
  const response = await poll(world, code);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return [response.status, await response.json()];
}

/** The page that a person opens who clicks on the link. */
const opened = (begun: BegunHere): Begun => ({ ...begun, verification_uri: begun.verification_uri_complete });

test('begins with a code for the program, one for its user, and where to type it', async () => {
  const world = await createWorld({ settings: { publicUrl: 'https://hub.example.com' } });
  const begun = await begin(world, {});
  expect(begun).toEqual({
    device_code: expect.stringMatching(/^[0-9a-f]{64}$/),
    user_code: expect.stringMatching(/^[B-Z]{4}-[B-Z]{4}$/),
    verification_uri: 'https://hub.example.com/cli/device',
    verification_uri_complete: `https://hub.example.com/cli/device?user_code=${begun.user_code}`,
    expires_in: 900,
    interval: 5,
  });
});

test('waits, then brings one key of the namespace, with the label of the program', async () => {
  const world = await worldWithAcme();
  const begun = await begin(world);
  expect(await polled(world, begun.device_code)).toEqual(pending(5));
  expect((await approve(world, opened(begun))).text).toContain('laptop (my-cli) fetches a key for acme');
  const [status, issued] = (await polled(world, begun.device_code)) as [number, { api_key: string }];
  expect([status, issued]).toEqual([200, { api_key: expect.stringMatching(/^skh_[0-9a-f]{64}$/), namespace: 'acme' }]);
  expect(await getJson(world, '/v1/whoami', bearer(issued.api_key))).toMatchObject({ namespace: 'acme' });
  expect(await problemOf(await poll(world, begun.device_code))).toMatchObject({
    status: 409,
    code: 'state_conflict',
    detail: 'This device code has brought a key already.',
    fix: 'Begin again.',
  });
  expect(JSON.stringify(world.logs)).not.toContain(issued.api_key);
});

test('asks for patience when a poll comes too early', async () => {
  const world = await createWorld();
  const { device_code } = await begin(world);
  expect(await polled(world, device_code)).toEqual(pending(5));
  world.advance(4 * SECOND);
  expect(await polled(world, device_code)).toEqual(pending(10));
  world.advance(10 * SECOND);
  expect(await polled(world, device_code)).toEqual(pending(5));
});

test('a denied login is forbidden', async () => {
  const world = await worldWithAcme();
  const begun = await begin(world);
  await press(world.fetch, await toCodePage(world, opened(begun)), 'Deny');
  expect(lastCode(world)).toMatch(/^\d{6}$/);
  expect(await problemOf(await poll(world, begun.device_code))).toMatchObject({
    status: 403,
    code: 'forbidden',
    detail: 'The login was denied.',
  });
});

test('an expired login is over, an unknown one was never there', async () => {
  const world = await createWorld();
  const { device_code } = await begin(world);
  world.advance(15 * MINUTE);
  expect(await problemOf(await poll(world, device_code))).toMatchObject({
    status: 409,
    code: 'state_conflict',
    detail: 'The device code has expired.',
  });
  expect(await problemOf(await poll(world, 'f'.repeat(64)))).toMatchObject({
    status: 404,
    code: 'not_found',
    detail: 'There is no such device code.',
  });
});

test.each([
  ['/v1/auth/device', { label: 'x'.repeat(65) }, 'label'],
  ['/v1/auth/device/token', {}, 'device_code'],
  ['/v1/auth/device/token', { device_code: 'x'.repeat(257) }, 'device_code'],
])('%s does not take %j', async (path, body, field) => {
  const world = await createWorld();
  expect(await problemOf(await postJson(world, path, body))).toMatchObject({
    status: 422,
    code: 'invalid_body',
    errors: [{ path: field }],
  });
});
