import { beforeAll, expect, test } from 'vitest';
import { matrixTemplate, SKILLS, type Template } from '../support/matrix.ts';
import { requestOf } from '../support/matrix-requests.ts';
import { MATRIX } from '../support/matrix-table.ts';
import { approve, begin, lastCode, otherCode, poll, toCodePage } from '../support/sign-in.ts';
import { bearer, furtherKey, newNamespace, postJson, publish, upload } from '../support/skills.ts';
import { createWorld, OPERATOR_KEY, type World } from '../support/world.ts';

let template: Template;
beforeAll(async () => {
  template = await matrixTemplate();
}, 60_000);

/** All that was logged, as one text. */
const logged = ({ logs }: World) => logs.map((line) => JSON.stringify(line)).join('\n');

/** Every word that a mail has beside those of the hub's log: sentences, codes and links. */
const mailed = ({ outbox }: World) =>
  outbox.flatMap(({ text, subject, to }) =>
    [subject, to, ...text.split('\n').map((line) => line.trim())].filter(Boolean),
  );

function expectNone(world: World, secrets: string[]) {
  const log = logged(world);
  expect(log.length).toBeGreaterThan(0);
  expect(secrets.length).toBeGreaterThan(0);
  for (const secret of secrets) {
    expect(secret.length).toBeGreaterThan(3);
    expect(log.includes(secret) ? secret : 'not in the log').toBe('not in the log');
  }
}

test('whoever asks for whatever there is, no credential gets into the log', async () => {
  const { world, lapsed, ids } = template;
  const headers = { ...template.headers, lapsed };
  for (const { route } of MATRIX) {
    for (const actor of ['anonymous', 'other', 'operator', 'revoked', 'expired', 'lapsed', 'admin'] as const) {
      const response = await world.fetch(requestOf(route, SKILLS.private, ids, headers[actor]));
      await response.body?.cancel();
    }
  }
  await world.drain();
  await world.sweep();
  const keys = Object.values(headers).flatMap(({ authorization = '' }) => authorization.replace('Bearer ', '') || []);
  const confirmation = new URL(ids.confirm, 'http://hub.test').searchParams.get('token') ?? '';
  const links = Object.values(ids.links);
  expectNone(world, [...keys, ...links, confirmation, ids.otp, ids.ticket, ids.deviceCode, ids.userCode]);
  expectNone(world, mailed(world));
  expectNone(world, [world.deps.settings.sessionKey, world.deps.settings.operatorKeyHash ?? '']);
}, 60_000);

test('a login goes by without a trace of its codes and keys, when it fails too', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world);
  const { key: further } = await furtherKey(world, key, ['read']);
  const begun = await begin(world);
  await toCodePage(world, begun);
  const wrong = otherCode(lastCode(world));
  await postJson(world, '/v1/auth/token', { namespace: 'acme', otp: wrong });
  // Of two codes of the same millisecond neither is the newer one.
  world.advance(1);
  await approve(world, begun);
  const polled = await poll(world, begun.device_code);
  expect(polled.status).toBe(200);
  await world.fetch('/v1/whoami', { headers: bearer(`${key}x`) });
  await publish(world, key);
  await upload(world, key, new Uint8Array([1, 2, 3]));
  const codes = world.outbox.flatMap(({ text }) => text.match(/\b\d{6}\b/g) ?? []);
  expect(codes.length).toBe(2);
  expectNone(world, [...codes, wrong, key, `${key}x`, further, String(polled.access_token), OPERATOR_KEY]);
  expectNone(world, [begun.device_code, begun.user_code, begun.verification_uri, ...mailed(world)]);
});

test('a mail that cannot be sent is logged without what it says', async () => {
  const world = await createWorld();
  await newNamespace(world);
  let text = '';
  world.deps.mailer = {
    send: (mail) => {
      text = mail.text;
      return Promise.reject(new Error('the server at mail.test does not answer'));
    },
  };
  const response = await postJson(world, '/v1/auth/login', { namespace: 'acme', email: 'acme@example.com' });
  expect(response.status).toBe(503);
  expect(world.logs.map(({ event }) => event)).toContain('mail.failed');
  expectNone(world, [...(text.match(/\b\d{6}\b/g) ?? []), 'acme@example.com', 'Your login code']);
});

test('a fault of the database is logged without the values of the statement', async () => {
  const world = await createWorld();
  const { key, headers } = await newNamespace(world);
  await world.client.execute('ALTER TABLE api_keys RENAME TO lost');
  const response = await world.fetch('/v1/whoami', { headers });
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain('api_keys');
  expect(world.logs.map(({ event }) => event)).toContain('request.failed');
  expect(logged(world)).toContain('no such table');
  const hash = Buffer.from(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key))).toString('hex');
  expectNone(world, [key, hash]);
});
