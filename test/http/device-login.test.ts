import { expect, test } from 'vitest';
import { openPage, press } from '../support/browser.ts';
import { refusalOf } from '../support/clawhub.ts';
import { ACME, approve, begin, lastCode, otherCode, poll, toCodePage, worldWithAcme } from '../support/sign-in.ts';
import { bearer, getJson, postJson } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const PENDING = {
  status: 428,
  error: 'authorization_pending',
  error_description: 'Nobody has approved the login yet.',
};
const EXPIRED = { status: 400, error: 'expired_token', error_description: 'The device code has expired. Begin again.' };
const SLOW_DOWN = { status: 400, error: 'slow_down', interval: 10, error_description: 'Poll less often.' };

const rows = async (world: World, sql: string) => (await world.client.execute(sql)).rows;

test('a client gets a code for itself and one for its user, and the page to type it on', async () => {
  const world = await createWorld();
  const response = await postJson(world, '/api/cli/device/code', {
    scope: 'read write',
    site_url: 'https://other.test',
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toBe('no-store');
  const body = await response.json<{ user_code: string; device_code: string }>();
  expect(body).toEqual({
    device_code: expect.stringMatching(/^[0-9a-f]{64}$/),
    user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
    verification_uri: `http://hub.test/cli/device?user_code=${body.user_code}`,
    expires_in: 900,
    interval: 5,
  });
  const stored = JSON.stringify(await rows(world, 'SELECT * FROM device_logins'));
  expect(stored).not.toContain(body.device_code);
});

test('the page is on the address that people know the hub by', async () => {
  const world = await createWorld({ settings: { publicUrl: 'https://hub.example.com' } });
  const { verification_uri, user_code } = await begin(world);
  expect(verification_uri).toBe(`https://hub.example.com/cli/device?user_code=${user_code}`);
});

test('pending, then approved: the key belongs to the namespace and has the label of the client', async () => {
  const world = await worldWithAcme();
  const begun = await begin(world, { label: 'laptop', client_id: 'my-cli' });
  expect(await poll(world, begun.device_code)).toEqual(PENDING);
  expect((await approve(world, begun)).text).toContain('laptop (my-cli) fetches a key for acme');
  const { access_token: key, ...answer } = await poll(world, begun.device_code);
  expect(answer).toEqual({ status: 200, token_type: 'Bearer', scope: 'read write' });
  expect(key).toMatch(/^skh_[0-9a-f]{64}$/);
  const headers = bearer(String(key));
  expect(await getJson(world, '/api/v1/whoami', headers)).toMatchObject({ user: { handle: 'acme', role: 'user' } });
  expect(await rows(world, "SELECT label, namespace FROM api_keys WHERE label <> 'first key'")).toEqual([
    { label: 'laptop (my-cli)', namespace: 'acme' },
  ]);
  const kept = JSON.stringify([...(await rows(world, 'SELECT * FROM device_logins')), ...world.logs]);
  expect(kept).not.toContain(String(key));
});

test('a device code brings one key', async () => {
  const world = await worldWithAcme();
  const begun = await begin(world);
  await approve(world, begun);
  expect(await poll(world, begun.device_code)).toMatchObject({ status: 200 });
  expect(await poll(world, begun.device_code)).toEqual({
    status: 400,
    error: 'invalid_grant',
    error_description: 'This device code has brought a key already. Begin again.',
  });
});

test('polls at the same time share the one key', async () => {
  const world = await worldWithAcme();
  const begun = await begin(world);
  await approve(world, begun);
  const answers = await Promise.all(Array.from({ length: 6 }, () => poll(world, begun.device_code)));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400, 400]);
  expect(await rows(world, "SELECT count(*) AS n FROM api_keys WHERE label <> 'first key'")).toEqual([{ n: 1 }]);
});

test('who polls faster than the interval has to wait longer', async () => {
  const world = await createWorld();
  const { device_code } = await begin(world);
  expect(await poll(world, device_code)).toEqual(PENDING);
  world.advance(5 * SECOND);
  expect(await poll(world, device_code)).toEqual(PENDING);
  world.advance(4.4 * SECOND);
  expect(await poll(world, device_code)).toEqual(SLOW_DOWN);
  world.advance(5 * SECOND);
  expect(await poll(world, device_code)).toEqual(SLOW_DOWN);
  world.advance(10 * SECOND);
  expect(await poll(world, device_code)).toEqual(PENDING);
  world.advance(5 * SECOND);
  expect(await poll(world, device_code)).toEqual(PENDING);
});

test('a poll half a second early is not held against a client', async () => {
  const world = await createWorld();
  const { device_code } = await begin(world);
  expect(await poll(world, device_code)).toEqual(PENDING);
  world.advance(4.5 * SECOND);
  expect(await poll(world, device_code)).toEqual(PENDING);
});

test('a denied login brings no key, and cannot be approved any more', async () => {
  const world = await worldWithAcme();
  const begun = await begin(world);
  const page = await toCodePage(world, begun);
  expect((await press(world.fetch, page, 'Deny')).text).toContain('The program gets no key.');
  expect(await poll(world, begun.device_code)).toEqual({
    status: 400,
    error: 'access_denied',
    error_description: 'The login was denied.',
  });
  const late = await press(world.fetch, page, 'Approve', { code: lastCode(world) });
  expect(late.status).toBe(409);
  expect(late.text).toContain('This login was denied. Start the login in the program again.');
});

test('after fifteen minutes a login has expired, whatever became of it', async () => {
  const world = await worldWithAcme();
  const waiting = await begin(world);
  const approved = await begin(world);
  await approve(world, approved);
  world.advance(15 * MINUTE - 1);
  expect(await poll(world, waiting.device_code)).toEqual(PENDING);
  world.advance(1);
  expect(await poll(world, waiting.device_code)).toEqual(EXPIRED);
  expect(await poll(world, approved.device_code)).toEqual(EXPIRED);
  const page = await press(world.fetch, await openPage(world.fetch, waiting.verification_uri), 'Go on');
  expect(page.status).toBe(409);
  expect(page.text).toContain('This code has expired. Start the login in the program again.');
});

test('a login that runs out while its code is on the way is not approved', async () => {
  const world = await worldWithAcme();
  const begun = await begin(world);
  world.advance(14 * MINUTE);
  const page = await toCodePage(world, begun);
  world.advance(MINUTE);
  expect((await press(world.fetch, page, 'Approve', { code: lastCode(world) })).status).toBe(409);
  expect(await rows(world, 'SELECT state FROM device_logins')).toEqual([{ state: 'pending' }]);
});

test('two people who approve at the same time: one of them does', async () => {
  const world = await worldWithAcme();
  await postJson(world, '/v1/namespaces', { slug: 'umbrella', email: 'umbrella@example.com' });
  const begun = await begin(world);
  const acme = await toCodePage(world, begun);
  const acmeCode = lastCode(world);
  const umbrella = await toCodePage(world, begun, { namespace: 'umbrella', email: 'umbrella@example.com' });
  const answers = await Promise.all([
    press(world.fetch, acme, 'Approve', { code: acmeCode }),
    press(world.fetch, umbrella, 'Approve', { code: lastCode(world) }),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
});

test('a wrong code approves nothing, and the right one still does', async () => {
  const world = await worldWithAcme();
  const begun = await begin(world);
  const page = await toCodePage(world, begun);
  const code = lastCode(world);
  const refused = await press(world.fetch, page, 'Approve', { code: otherCode(code) });
  expect(refused.status).toBe(403);
  expect(refused.text).toContain('This code is wrong, has expired or was used.');
  expect(await poll(world, begun.device_code)).toEqual(PENDING);
  expect((await press(world.fetch, refused, 'Approve', { code: ` ${code.slice(0, 3)} ${code.slice(3)}` })).status).toBe(
    200,
  );
});

test('after five wrong tries only another mail helps', async () => {
  const world = await worldWithAcme();
  const begun = await begin(world);
  let page = await toCodePage(world, begun);
  const code = lastCode(world);
  for (let i = 0; i < 5; i++) page = await press(world.fetch, page, 'Approve', { code: otherCode(code) });
  page = await press(world.fetch, page, 'Approve', { code });
  expect(page.status).toBe(403);
  world.advance(1);
  page = await press(world.fetch, page, 'Mail another code');
  expect(page.status).toBe(200);
  expect((await press(world.fetch, page, 'Approve', { code: lastCode(world) })).status).toBe(200);
});

test.each([
  ['no JSON', '{"device_code":', 'invalid_request'],
  ['no object', '[]', 'invalid_request'],
  ['no code', '{"grant_type":"urn:ietf:params:oauth:grant-type:device_code"}', 'invalid_request'],
  ['no grant type', '{"device_code":"x"}', 'invalid_request'],
  ['another grant type', '{"device_code":"x","grant_type":"password"}', 'unsupported_grant_type'],
  [
    'a code of nobody',
    '{"device_code":"x","grant_type":"urn:ietf:params:oauth:grant-type:device_code"}',
    'invalid_grant',
  ],
])('device/token with %s', async (_, body, error) => {
  const world = await createWorld();
  const headers = { 'content-type': 'application/json' };
  const response = await world.fetch('/api/cli/device/token', { method: 'POST', headers, body });
  expect(response.status).toBe(400);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(await response.json()).toEqual({ error, error_description: expect.stringMatching(/\.$/) });
});

test.each(['{"label":', '[]', '{"label":7}', JSON.stringify({ label: 'x'.repeat(1_001) })])(
  'device/code with the body %.20s',
  async (body) => {
    const world = await createWorld();
    const headers = { 'content-type': 'application/json' };
    const response = await world.fetch('/api/cli/device/code', { method: 'POST', headers, body });
    expect(await refusalOf(response)).toEqual({ status: 400, text: expect.stringMatching(/^Invalid body: /) });
  },
);

test.each([
  ['  two\n\tlines\u0000 ', 'two lines'],
  ['right\u202eto left', 'right to left'],
  ['', 'command line'],
  ['\u200b\u2066', 'command line'],
  ['🦀'.repeat(80), '🦀'.repeat(64)],
  ['half \ud83e', 'half'],
])('the label %j is kept as %j', async (label, kept) => {
  const world = await createWorld();
  await begin(world, { label });
  expect(await rows(world, 'SELECT label FROM device_logins')).toEqual([{ label: kept }]);
});

test('ten thousand open logins are enough; those that ran out do not count', async () => {
  const world = await createWorld();
  const now = world.clock.now();
  await world.client.execute(
    `INSERT INTO device_logins (id, device_hash, user_code, label, state, created_at, expires_at)
     WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
     SELECT 'id' || i, 'hash' || i, 'code' || i, '', 'pending', ${now}, ${now} + 1000 + (i % 2) FROM n`,
  );
  const refused = await postJson(world, '/api/cli/device/code', {});
  expect(refused.headers.get('retry-after')).toBe('60');
  expect(await refusalOf(refused)).toEqual({
    status: 503,
    text: 'Too many logins wait to be approved. Try again in a few minutes.',
  });
  world.advance(1_000);
  expect((await postJson(world, '/api/cli/device/code', {})).status).toBe(200);
});

test('a user code that is taken is drawn again', async () => {
  const draws = [...Array(8).fill(0), ...Array(8).fill(0), ...Array(8).fill(1)];
  const { random } = (await createWorld()).deps;
  const world = await createWorld({ deps: { random: { ...random, below: () => draws.shift() ?? 2 } } });
  expect((await begin(world)).user_code).toBe('BBBB-BBBB');
  expect((await begin(world)).user_code).toBe('CCCC-CCCC');
});

test('the sweep deletes logins an hour after they ran out', async () => {
  const world = await worldWithAcme();
  const { device_code } = await begin(world);
  world.advance(75 * MINUTE);
  await world.sweep();
  expect(await poll(world, device_code)).toEqual(EXPIRED);
  world.advance(1);
  await world.sweep();
  expect(await poll(world, device_code)).toMatchObject({ status: 400, error: 'invalid_grant' });
  expect(await rows(world, 'SELECT * FROM device_logins')).toEqual([]);
});

test('other paths beside are not there', async () => {
  const world = await createWorld();
  expect(await refusalOf(await world.fetch('/api/cli/device/code'))).toMatchObject({ status: 404 });
  expect(await refusalOf(await postJson(world, '/api/cli/device/other', ACME))).toMatchObject({ status: 404 });
});
