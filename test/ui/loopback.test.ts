import { expect, test } from 'vitest';
import { formOf, openPage, press } from '../support/browser.ts';
import { ACME, lastCode, otherCode, worldWithAcme } from '../support/sign-in.ts';
import { bearer, getJson } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';

const STATE = '0123456789abcdef0123456789abcdef';
const LINK = {
  redirect_uri: 'http://127.0.0.1:51234/callback',
  label_b64: Buffer.from('CLI token').toString('base64url'),
  state: STATE,
};

const open = (world: World, link: Record<string, string> = {}) =>
  openPage(world.fetch, `http://hub.test/cli/auth?${new URLSearchParams({ ...LINK, ...link })}`);

/** Signs `acme` in, up to the answer that leads to the program. */
async function signIn(world: World, link: Record<string, string> = {}) {
  const page = await press(world.fetch, await open(world, link), 'Mail me a code', ACME);
  return press(world.fetch, page, 'Log in', { code: lastCode(world) });
}

test('the key goes to the program, in the fragment', async () => {
  const world = await worldWithAcme();
  const answer = await signIn(world);
  expect(answer.status).toBe(303);
  expect(answer.html).toBe('');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  const [target, fragment] = (answer.headers.get('location') ?? '').split('#');
  expect(target).toBe('http://127.0.0.1:51234/callback');
  const { token, ...rest } = Object.fromEntries(new URLSearchParams(fragment));
  expect(rest).toEqual({ registry: 'http://hub.test', state: STATE });
  expect(token).toMatch(/^skh_[0-9a-f]{64}$/);
  expect(await getJson(world, '/api/v1/whoami', bearer(String(token)))).toMatchObject({ user: { handle: 'acme' } });
  const { rows } = await world.client.execute("SELECT label FROM api_keys WHERE label <> 'first key'");
  expect(rows).toEqual([{ label: 'CLI token' }]);
  expect(JSON.stringify(world.logs)).not.toContain(token);
});

test('the registry is the address that people know the hub by', async () => {
  const world = await worldWithAcme({ settings: { publicUrl: 'https://hub.example.com' } });
  expect((await signIn(world)).headers.get('location')).toContain('registry=https%3A%2F%2Fhub.example.com&');
});

test('the page says who asks and where the key goes', async () => {
  const world = await createWorld();
  const page = await open(world);
  expect(page.status).toBe(200);
  expect(page.text).toContain('Program CLI token Waits at 127.0.0.1:51234 on this computer');
  expect(page.text).toContain('Go on only if you have just started this login yourself.');
});

test('only the form that leads to the program may lead there', async () => {
  const world = await worldWithAcme();
  const first = await open(world);
  expect(first.headers.get('content-security-policy')).toContain("form-action 'self';");
  const code = await press(world.fetch, first, 'Mail me a code', ACME);
  expect(code.headers.get('content-security-policy')).toContain("form-action 'self' http://127.0.0.1:51234;");
});

test.each([
  ['http://127.0.0.1:51234/callback', 'http://127.0.0.1:51234/callback', 'http://127.0.0.1:51234'],
  ['http://localhost:8080/', 'http://localhost:8080/', 'http://localhost:8080'],
  ['http://localhost', 'http://localhost/', 'http://localhost'],
  ['http://[::1]:65535/any/path', 'http://[::1]:65535/any/path', 'http:'],
  ['http://127.0.0.1:80/a/../b', 'http://127.0.0.1/b', 'http://127.0.0.1'],
])('%s is an address of this computer', async (redirect_uri, target, source) => {
  const world = await worldWithAcme();
  const code = await press(world.fetch, await open(world, { redirect_uri }), 'Mail me a code', ACME);
  expect(code.headers.get('content-security-policy')).toContain(`form-action 'self' ${source};`);
  const answer = await press(world.fetch, code, 'Log in', { code: lastCode(world) });
  expect(answer.headers.get('location')?.split('#')[0]).toBe(target);
});

test.each([
  'http://127.0.0.1@evil.test/callback',
  'http://127.0.0.1:80@evil.test/callback',
  'http://127.0.0.1.evil.test/callback',
  'http://localhost.evil.test/',
  'http://evil.test/127.0.0.1',
  'http://user:secret@127.0.0.1/callback',
  'http://@127.0.0.1/callback',
  'https://127.0.0.1/callback',
  'HTTP://127.0.0.1/callback',
  'javascript://127.0.0.1/%0aalert(1)',
  '//127.0.0.1/callback',
  'http:/127.0.0.1/callback',
  'http:\\\\127.0.0.1\\callback',
  'http://127.0.0.1\\@evil.test/',
  'http://127.0.0.1/callback#token=x',
  'http://127.0.0.1/callback?next=x',
  'http://127.0.0.1:99999/callback',
  'http://127.0.0.1:/callback',
  'http://127.0.0.2/callback',
  'http://0.0.0.0/callback',
  'http://2130706433/callback',
  'http://0x7f.1/callback',
  'http://[::ffff:127.0.0.1]/callback',
  'http://127.0.0.1/call\r\nback',
  'http://127.0.0.1/callback\n',
  ' http://127.0.0.1/callback',
  'http://127.0.0.1/;form-action *',
  '',
])('%j is none, in a link and in a form', async (redirect_uri) => {
  const world = await worldWithAcme();
  const page = await open(world, { redirect_uri });
  expect(page.status).toBe(400);
  expect(page.text).toContain('This link would send your key to an address that is not on this computer.');
  const forged = await press(world.fetch, await open(world), 'Mail me a code', { ...ACME, redirect_uri });
  expect(forged.status).toBe(400);
  expect(world.outbox).toEqual([]);
});

test.each(['', 'short12', 'x'.repeat(32), `${STATE}\r\nSet-Cookie: a=b`, `${STATE}&token=x`, 'a'.repeat(129)])(
  'the state %j is refused',
  async (state) => {
    const world = await createWorld();
    const page = await open(world, { state });
    expect(page.status).toBe(400);
    expect(page.text).toContain('state: has to be 8 to 128 hex digits');
  },
);

test.each([['redirect_uri'], ['state']])('a link without %s is damaged', async (name) => {
  const world = await createWorld();
  const link = new URLSearchParams(LINK);
  link.delete(name);
  const page = await openPage(world.fetch, `http://hub.test/cli/auth?${link}`);
  expect(page.status).toBe(400);
  expect(page.text).toContain(`The link or the form is damaged: ${name}: `);
});

test('a link may leave out the label', async () => {
  const world = await createWorld();
  const { label_b64: _, ...link } = LINK;
  const page = await openPage(world.fetch, `http://hub.test/cli/auth?${new URLSearchParams(link)}`);
  expect(page.text).toContain('Program command line Waits at');
});

test('a label is text and never markup', async () => {
  const world = await createWorld();
  const label_b64 = Buffer.from('"><script>alert(1)</script>\u202e<img src=x>').toString('base64url');
  const page = await open(world, { label_b64 });
  expect(page.html).toContain('&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=x&gt;');
  expect(page.html).not.toMatch(/<script|<img/);
});

test.each(['*', 'a', Buffer.from([0xff, 0xfe]).toString('base64url')])('the label %j is damaged', async (label_b64) => {
  const world = await createWorld();
  const page = await open(world, { label_b64 });
  expect(page.status).toBe(400);
  expect(page.text).toContain('label_b64 is not base64url of UTF-8.');
});

test('a wrong code brings no key, and the right one still does', async () => {
  const world = await worldWithAcme();
  const page = await press(world.fetch, await open(world), 'Mail me a code', ACME);
  const code = lastCode(world);
  const refused = await press(world.fetch, page, 'Log in', { code: otherCode(code) });
  expect(refused.status).toBe(403);
  expect(refused.headers.get('location')).toBeNull();
  expect(refused.text).toContain('This code is wrong, has expired or was used.');
  expect(refused.headers.get('content-security-policy')).toContain("form-action 'self' http://127.0.0.1:51234;");
  expect((await press(world.fetch, refused, 'Log in', { code })).status).toBe(303);
  expect((await press(world.fetch, refused, 'Log in', { code })).status).toBe(403);
});

test('after five wrong tries even the right code is refused', async () => {
  const world = await worldWithAcme();
  let page = await press(world.fetch, await open(world), 'Mail me a code', ACME);
  const code = lastCode(world);
  for (let i = 0; i < 5; i++) page = await press(world.fetch, page, 'Log in', { code: otherCode(code) });
  expect((await press(world.fetch, page, 'Log in', { code })).status).toBe(403);
});

test('a new namespace gets its first key this way', async () => {
  const world = await createWorld();
  const who = { namespace: 'newcomer', email: 'new@example.com' };
  const question = await press(world.fetch, await open(world), 'Mail me a code', who);
  const back = await press(world.fetch, question, 'Change what I entered');
  expect(Object.fromEntries(formOf(back).fields)).toEqual({ ...LINK, ...who });
  const code = await press(world.fetch, question, 'Create it and mail me a code');
  expect((await world.client.execute('SELECT * FROM api_keys')).rows).toEqual([]);
  const answer = await press(world.fetch, code, 'Log in', { code: lastCode(world) });
  expect(answer.status).toBe(303);
  expect((await world.client.execute('SELECT namespace FROM api_keys')).rows).toEqual([{ namespace: 'newcomer' }]);
});

test('a mail that cannot be sent is a page', async () => {
  const mailer = { send: async () => Promise.reject(new Error('connection refused')) };
  const world = await worldWithAcme({ deps: { mailer } });
  const page = await press(world.fetch, await open(world), 'Mail me a code', ACME);
  expect(page.status).toBe(503);
  expect(page.text).toContain('The mail could not be sent. Try again in a minute.');
});

test.each([
  ['anthropic', "The namespace 'anthropic' is reserved."],
  ['acrne', 'acme'],
])('a name that is not free for everybody cannot be claimed on the way: %s', async (namespace, told) => {
  const world = await worldWithAcme();
  const fields = { ...LINK, step: 'mail', namespace, email: 'me@example.net', create: 'yes' };
  const answer = await world.fetch('/cli/auth', { method: 'POST', body: new URLSearchParams(fields) });
  expect(answer.status).toBe(namespace === 'anthropic' ? 400 : 409);
  expect((await answer.text()).replaceAll('&#39;', "'")).toContain(told);
  const { rows } = await world.client.execute('SELECT slug FROM namespaces');
  expect(rows).toEqual([{ slug: 'acme' }]);
  expect(world.outbox).toEqual([]);
});
