import { expect, test } from 'vitest';
import { bearer, getJson, mailedCode, newNamespace, postJson, problemOf } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const OWNER = { namespace: 'acme', email: 'acme@example.com' };

const login = (world: World, body: unknown = OWNER) => postJson(world, '/v1/auth/login', body);
const redeem = (world: World, otp: string, namespace = 'acme') => postJson(world, '/v1/auth/token', { namespace, otp });

/** A code that is certainly not the given one. */
const other = (code: string, by = 1) => String((Number(code) + by) % 1_000_000).padStart(6, '0');

async function worldWithAcme(overrides?: Parameters<typeof createWorld>[0]) {
  const world = await createWorld(overrides);
  await newNamespace(world);
  return world;
}

const REFUSED = { status: 401, code: 'unauthorized', detail: 'invalid or expired code', fix: 'Ask for a new code.' };

test('a code is mailed to the owner, and the answer has no body', async () => {
  const world = await worldWithAcme();
  const response = await login(world);
  expect(response.status).toBe(202);
  expect(await response.text()).toBe('');
  expect(world.outbox).toEqual([
    {
      to: 'acme@example.com',
      subject: 'Login code for acme',
      text: expect.stringMatching(/^Your login code for the namespace acme is\n\n {4}\d{6}\n\n/),
    },
  ]);
});

test('an unknown namespace and a wrong address get no mail', async () => {
  const world = await worldWithAcme();
  expect(await problemOf(await login(world, { ...OWNER, namespace: 'ghost' }))).toMatchObject({
    status: 404,
    code: 'not_found',
  });
  expect(await problemOf(await login(world, { ...OWNER, email: 'eve@example.com' }))).toMatchObject({
    status: 403,
    code: 'wrong_email',
  });
  expect(world.outbox).toEqual([]);
});

test('a code that could not be mailed is void and not counted', async () => {
  let up = false;
  const outbox: string[] = [];
  const mailer = {
    send: async ({ text }: { text: string }) => {
      outbox.push(/\d{6}/.exec(text)?.[0] ?? '');
      if (!up) throw new Error('connection refused');
    },
  };
  const world = await worldWithAcme({ deps: { mailer } });
  for (let i = 0; i < 6; i++) {
    expect(await problemOf(await login(world))).toMatchObject({
      status: 503,
      code: 'mail_unavailable',
      detail: 'could not send verification email',
    });
  }
  expect(await problemOf(await redeem(world, outbox.at(-1) ?? ''))).toMatchObject(REFUSED);
  up = true;
  expect((await login(world)).status).toBe(202);
  expect((await redeem(world, outbox.at(-1) ?? '')).status).toBe(200);
});

test('a mail that fails leaves the code before it valid', async () => {
  let up = true;
  const outbox: string[] = [];
  const mailer = {
    send: async ({ text }: { text: string }) => {
      if (!up) throw new Error('connection refused');
      outbox.push(/\d{6}/.exec(text)?.[0] ?? '');
    },
  };
  const world = await worldWithAcme({ deps: { mailer } });
  expect((await login(world)).status).toBe(202);
  world.advance(1);
  up = false;
  expect((await login(world)).status).toBe(503);
  expect((await redeem(world, outbox[0] ?? '')).status).toBe(200);
});

test('the sixth code within an hour is refused, and says when the next one is free', async () => {
  const world = await worldWithAcme();
  for (let i = 0; i < 5; i++) {
    expect((await login(world)).status).toBe(202);
    world.advance(10 * MINUTE);
  }
  const refused = await login(world);
  expect(refused.headers.get('retry-after')).toBe('600');
  expect(await problemOf(refused)).toMatchObject({ status: 429, code: 'too_many_codes' });
  world.advance(10 * MINUTE - 1);
  expect((await login(world)).status).toBe(429);
  world.advance(1);
  expect((await login(world)).status).toBe(202);
  expect((await login(world)).status).toBe(429);
  world.advance(HOUR);
  expect((await login(world)).status).toBe(202);
  expect(world.outbox).toHaveLength(7);
});

test('the codes of one namespace do not count for another', async () => {
  const world = await worldWithAcme();
  await newNamespace(world, 'umbrella');
  for (let i = 0; i < 5; i++) await mailedCode(world);
  expect((await login(world)).status).toBe(429);
  expect((await login(world, { namespace: 'umbrella', email: 'umbrella@example.com' })).status).toBe(202);
});

test('requests at the same time share the five codes', async () => {
  const world = await worldWithAcme();
  const answers = await Promise.all(Array.from({ length: 8 }, () => login(world)));
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 202, 202, 202, 202, 429, 429, 429]);
  expect(world.outbox).toHaveLength(5);
});

test('a code gives a key, once', async () => {
  const world = await worldWithAcme();
  const code = await mailedCode(world);
  const response = await redeem(world, code);
  expect(response.status).toBe(200);
  expect(response.headers.get('cache-control')).toBe('no-store');
  const body = await response.json<{ api_key: string; namespace: string }>();
  expect(body).toEqual({ api_key: expect.stringMatching(/^skh_[0-9a-f]{64}$/), namespace: 'acme' });
  expect(await getJson(world, '/v1/whoami', bearer(body.api_key))).toMatchObject({
    scopes: ['read', 'publish', 'admin'],
  });
  expect(await problemOf(await redeem(world, code))).toMatchObject(REFUSED);
});

test('a wrong code is refused, and the right one still works', async () => {
  const world = await worldWithAcme();
  const code = await mailedCode(world);
  const refused = await redeem(world, other(code));
  expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="skills-hub"');
  expect(await problemOf(refused)).toMatchObject(REFUSED);
  expect((await redeem(world, code)).status).toBe(200);
});

test('a code without a namespace, or of another one, is refused', async () => {
  const world = await worldWithAcme();
  await newNamespace(world, 'umbrella');
  await mailedCode(world, 'umbrella');
  const code = await mailedCode(world);
  expect(await problemOf(await redeem(world, code, 'ghost'))).toMatchObject(REFUSED);
  expect(await problemOf(await redeem(world, code, 'umbrella'))).toMatchObject(REFUSED);
});

test.each(['12345', '1234567', 'abcdef', ' 123456', ''])('%j has not the form of a code', async (otp) => {
  const world = await worldWithAcme();
  const code = await mailedCode(world);
  for (let i = 0; i < 6; i++) expect(await problemOf(await redeem(world, otp))).toMatchObject(REFUSED);
  // What cannot be a code is no try at one.
  expect((await redeem(world, code)).status).toBe(200);
});

test('the namespaces of one address get ten codes an hour together', async () => {
  const world = await createWorld();
  const login = (namespace: string) => postJson(world, '/v1/auth/login', { namespace, email: 'victim@example.com' });
  for (const slug of ['one', 'two', 'three']) {
    await postJson(world, '/v1/namespaces', { slug, email: 'victim@example.com' });
  }
  for (let i = 0; i < 10; i++) expect((await login(i < 5 ? 'one' : 'two')).status).toBe(202);
  expect(await problemOf(await login('three'))).toMatchObject({ status: 429, code: 'too_many_codes' });
  expect(world.outbox).toHaveLength(10);
  world.advance(60 * MINUTE + 1);
  expect((await login('three')).status).toBe(202);
});

test('a code is valid for less than ten minutes', async () => {
  const world = await worldWithAcme();
  const first = await mailedCode(world);
  world.advance(10 * MINUTE - 1);
  expect((await redeem(world, first)).status).toBe(200);
  const second = await mailedCode(world);
  world.advance(10 * MINUTE);
  expect(await problemOf(await redeem(world, second))).toMatchObject(REFUSED);
});

test('after five wrong tries even the right code is refused', async () => {
  const world = await worldWithAcme();
  const code = await mailedCode(world);
  for (let i = 1; i <= 5; i++) expect((await redeem(world, other(code, i))).status).toBe(401);
  expect(await problemOf(await redeem(world, code))).toMatchObject(REFUSED);
});

test('the fifth try may be the right one', async () => {
  const world = await worldWithAcme();
  const code = await mailedCode(world);
  for (let i = 1; i <= 4; i++) expect((await redeem(world, other(code, i))).status).toBe(401);
  expect((await redeem(world, code)).status).toBe(200);
});

test('guesses at the same time share the five tries', async () => {
  const world = await worldWithAcme();
  const code = await mailedCode(world);
  const guesses = await Promise.all(Array.from({ length: 20 }, (_, i) => redeem(world, other(code, i + 1))));
  expect(guesses.map(({ status }) => status)).toEqual(guesses.map(() => 401));
  const { rows } = await world.client.execute('SELECT tries FROM login_codes');
  expect(rows.map(({ tries }) => tries)).toEqual([5]);
  expect((await redeem(world, code)).status).toBe(401);
});

test('one code redeemed twice at the same time gives one key', async () => {
  const world = await worldWithAcme();
  const code = await mailedCode(world);
  const answers = await Promise.all([redeem(world, code), redeem(world, code)]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
});

test('a newer code makes the older one void', async () => {
  const world = await worldWithAcme();
  const older = await mailedCode(world);
  world.advance(1);
  const newer = await mailedCode(world);
  expect(newer).not.toBe(older);
  expect(await problemOf(await redeem(world, older))).toMatchObject(REFUSED);
  expect((await redeem(world, newer)).status).toBe(200);
});

test('codes and keys are stored as hashes and appear in no log line', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  const code = await mailedCode(world);
  const redeemed = await redeem(world, code);
  const { api_key } = await redeemed.json<{ api_key: string }>();
  expect((await redeem(world, other(code))).status).toBe(401);

  const keys = await world.client.execute('SELECT * FROM api_keys');
  const codes = await world.client.execute('SELECT * FROM login_codes');
  expect(keys.rows.map(({ hash }) => hash)).toEqual(keys.rows.map(() => expect.stringMatching(/^[0-9a-f]{64}$/)));
  expect(codes.rows.map(({ hash }) => hash)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  const stored = JSON.stringify([...keys.rows, ...codes.rows]);
  const logged = JSON.stringify(world.logs);
  for (const secret of [key, api_key]) {
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain(secret.slice(4));
    expect(logged).not.toContain(secret);
  }
  expect(codes.rows.map(({ hash }) => hash)).not.toContain(await sha256(code));
  expect(logged).not.toContain(code);
});

test('the log names a mail that failed, without its text', async () => {
  const texts: string[] = [];
  const mailer = {
    send: async ({ text }: { text: string }) => {
      texts.push(text);
      throw new Error('connection refused');
    },
  };
  const world = await worldWithAcme({ deps: { mailer } });
  await login(world);
  expect(world.logs).toEqual([
    { level: 'error', event: 'mail.failed', fields: { namespace: 'acme', cause: 'connection refused' } },
  ]);
  expect(texts).toHaveLength(1);
});

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Buffer.from(digest).toString('hex');
}
