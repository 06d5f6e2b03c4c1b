import { expect, test } from 'vitest';
import { formOf, openPage, press } from '../support/browser.ts';
import { ACME, begin, lastCode, otherCode, poll, toCodePage, worldWithAcme } from '../support/sign-in.ts';
import { getJson } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';

const MINUTE = 60_000;

const open = (world: World, query = '') => openPage(world.fetch, `http://hub.test/cli/device${query}`);
const asked = async (world: World) =>
  press(world.fetch, await openPage(world.fetch, (await begin(world)).verification_uri), 'Go on');

test('the printed link brings the code along; without it the field is empty', async () => {
  const world = await createWorld();
  const { user_code, verification_uri } = await begin(world);
  expect(formOf(await openPage(world.fetch, verification_uri)).fields).toEqual(new Map([['user_code', user_code]]));
  expect(formOf(await open(world)).fields).toEqual(new Map([['user_code', '']]));
});

test('the code may be typed in any way', async () => {
  const world = await createWorld();
  const { user_code } = await begin(world);
  for (const typed of [
    user_code,
    user_code.toLowerCase(),
    user_code.replace('-', ''),
    ` ${user_code.replace('-', ' ')} `,
  ]) {
    const page = await press(world.fetch, await open(world), 'Go on', { user_code: typed });
    expect(page.status, typed).toBe(200);
    expect(page.text).toContain(`Code ${user_code}`);
  }
});

test.each(['', 'AEIO-UAEI', 'BCDF', 'BCDF-GHJK-L', 'BCDFGHJK\u0000'])('%j is nobody’s code', async (typed) => {
  const world = await createWorld();
  await begin(world);
  const page = await press(world.fetch, await open(world), 'Go on', { user_code: typed });
  expect(page.status).toBe(404);
  expect(page.text).toContain('No program waits for this code. Compare it with what the program shows');
  expect(formOf(page).fields.get('user_code')).toBe(typed);
  expect(page.html).toMatch(
    /<input id="user_code"[^>]* aria-describedby="user_code-error user_code-hint" aria-invalid="true"/,
  );
});

test('the page says who asks and since when, and warns', async () => {
  const world = await createWorld();
  const begun = await begin(world, { label: 'work laptop' });
  const page = await press(world.fetch, await openPage(world.fetch, begun.verification_uri), 'Go on');
  expect(page.text).toContain(`Program work laptop Code ${begun.user_code} Asked less than a minute ago`);
  expect(page.text).toContain('Approve only a login that you have just started yourself');
  world.advance(MINUTE);
  expect((await press(world.fetch, await open(world), 'Go on', { user_code: begun.user_code })).text).toContain(
    'Asked a minute ago',
  );
  world.advance(13 * MINUTE);
  expect((await press(world.fetch, await open(world), 'Go on', { user_code: begun.user_code })).text).toContain(
    'Asked 14 minutes ago',
  );
});

test('what a client or a link says is text and never markup', async () => {
  const world = await createWorld();
  const label = '</strong><script>alert(1)</script>"&';
  const begun = await begin(world, { label });
  const page = await press(world.fetch, await openPage(world.fetch, begun.verification_uri), 'Go on');
  expect(page.html).toContain('&lt;/strong&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot;&amp;');
  expect(page.html).not.toContain('<script');
  const typed = '"><script>alert(1)</script>';
  const prefilled = await open(world, `?user_code=${encodeURIComponent(typed)}`);
  expect(formOf(prefilled).fields.get('user_code')).toBe(typed);
  expect(prefilled.html).not.toContain('<script');
  const wrong = await press(world.fetch, page, 'Mail me a code', { namespace: typed, email: `${typed}@example.com` });
  expect(wrong.status).toBe(400);
  expect(wrong.html).not.toContain('<script');
});

test('the mailed code is asked for, and mailed to nobody else', async () => {
  const world = await worldWithAcme();
  const page = await press(world.fetch, await asked(world), 'Mail me a code', {
    namespace: ' @Acme ',
    email: ' ACME@example.com ',
  });
  expect(page.status).toBe(200);
  expect(page.text).toContain('Six digits, mailed to ACME@example.com for the namespace acme.');
  expect(world.outbox.map(({ to }) => to)).toEqual(['acme@example.com']);
});

test.each([
  [
    { namespace: 'acme', email: 'eve@example.com' },
    403,
    'email',
    "This is not the e-mail address of the namespace 'acme'.",
  ],
  [{ namespace: 'acme', email: 'no address' }, 400, 'email', 'This is no e-mail address.'],
  [{ namespace: 'acme', email: '' }, 400, 'email', 'This is no e-mail address.'],
  [{ namespace: 'a b', email: 'acme@example.com' }, 400, 'namespace', 'A namespace has 3 to 32 of the characters'],
  [{ namespace: '', email: 'acme@example.com' }, 400, 'namespace', 'A namespace has 3 to 32 of the characters'],
])('%j gets no mail but a word beside the field', async (typed, status, field, words) => {
  const world = await worldWithAcme();
  const page = await press(world.fetch, await asked(world), 'Mail me a code', typed);
  expect(page.status).toBe(status);
  expect(page.html).toContain('<title>Error: Log in a program - Skills Hub</title>');
  expect(page.text).toContain(words);
  expect(page.html).toMatch(new RegExp(`<p class="error" id="${field}-error">`));
  expect(page.html).toMatch(
    new RegExp(`<input id="${field}"[^>]* aria-describedby="${field}-error ${field}-hint" aria-invalid="true"`),
  );
  expect(Object.fromEntries(formOf(page).fields)).toMatchObject(typed);
  expect(world.outbox).toEqual([]);
});

test('a mail that cannot be sent is no dead end', async () => {
  const mails: string[] = [];
  const mailer = {
    send: async ({ text }: { text: string }) => {
      if (mails.push(text) === 1) throw new Error('connection refused');
    },
  };
  const world = await worldWithAcme({ deps: { mailer } });
  const failed = await press(world.fetch, await asked(world), 'Mail me a code', ACME);
  expect(failed.status).toBe(503);
  expect(failed.html).toContain('<p class="alert" role="alert">The mail could not be sent. Try again in a minute.</p>');
  expect((await press(world.fetch, failed, 'Mail me a code')).status).toBe(200);
});

test('when there were too many mails, the last one still counts', async () => {
  const world = await worldWithAcme();
  let page = await toCodePage(world, await begin(world));
  for (let i = 0; i < 4; i++) page = await press(world.fetch, page, 'Mail another code');
  page = await press(world.fetch, page, 'Mail another code');
  expect(page.status).toBe(429);
  expect(page.headers.get('retry-after')).toBe('3600');
  expect(page.text).toContain('Use the last code that was mailed, or wait.');
  expect(world.outbox).toHaveLength(5);
});

test('an unknown namespace is made only when that was meant, and has no key before the code came back', async () => {
  const world = await createWorld();
  const begun = await begin(world);
  const first = await press(world.fetch, await openPage(world.fetch, begun.verification_uri), 'Go on');
  const who = { namespace: 'newcomer', email: 'new@example.com' };
  const question = await press(world.fetch, first, 'Mail me a code', who);
  expect(question.status).toBe(200);
  expect(question.text).toContain('Create the namespace newcomer?');
  expect(question.text).toContain('it will belong to the address new@example.com');
  expect((await world.client.execute('SELECT * FROM namespaces')).rows).toEqual([]);
  expect(world.outbox).toEqual([]);

  const back = await press(world.fetch, question, 'Change what I entered');
  expect(Object.fromEntries(formOf(back).fields)).toEqual({ user_code: begun.user_code, ...who });

  const code = await press(world.fetch, question, 'Create it and mail me a code');
  expect(code.text).toContain('mailed to new@example.com for the namespace newcomer');
  expect((await world.client.execute('SELECT * FROM api_keys')).rows).toEqual([]);
  const wrong = await press(world.fetch, code, 'Approve', { code: otherCode(lastCode(world)) });
  expect(wrong.status).toBe(403);
  expect(await poll(world, begun.device_code)).toMatchObject({ status: 428 });
  expect((await press(world.fetch, wrong, 'Approve', { code: lastCode(world) })).status).toBe(200);
  const { access_token: key } = await poll(world, begun.device_code);
  expect(await getJson(world, '/api/v1/whoami', { authorization: `Bearer ${key}` })).toMatchObject({
    user: { handle: 'newcomer' },
  });
});

test('a namespace that somebody else made meanwhile stays theirs', async () => {
  const world = await createWorld();
  const question = await press(world.fetch, await asked(world), 'Mail me a code', {
    namespace: 'acme',
    email: 'eve@example.com',
  });
  await world.fetch('/v1/namespaces', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ slug: 'acme', email: 'acme@example.com' }),
  });
  const refused = await press(world.fetch, question, 'Create it and mail me a code');
  expect(refused.status).toBe(403);
  expect(refused.text).toContain("This is not the e-mail address of the namespace 'acme'.");
  expect(world.outbox).toEqual([]);
});

test('denying needs the user code and nothing else', async () => {
  const world = await createWorld();
  const begun = await begin(world);
  const page = await press(world.fetch, await openPage(world.fetch, begun.verification_uri), 'Go on');
  expect((await press(world.fetch, page, 'Deny')).status).toBe(200);
  expect(await poll(world, begun.device_code)).toMatchObject({ status: 400, error: 'access_denied' });
  expect((await press(world.fetch, page, 'Deny')).status).toBe(409);
});
