import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { openPage } from '../support/browser.ts';
import { begin } from '../support/sign-in.ts';
import { streamed } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';

const LOOPBACK = '/cli/auth?redirect_uri=http://127.0.0.1:51234/callback&state=0123456789abcdef';
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

const send = (world: World, body: string, headers: Record<string, string> = {}) =>
  world.fetch('/cli/device', { method: 'POST', headers: { ...FORM, ...headers }, body });

async function errorPage(response: Response) {
  expect(response.headers.get('content-type')).toBe('text/html; charset=UTF-8');
  expect(response.headers.get('cache-control')).toBe('no-store');
  const text = await response.text();
  expect(text).toContain('<title>Error: ');
  return { status: response.status, text };
}

test.each(['/cli/device', LOOPBACK, '/cli/auth'])('%s: nobody keeps, frames or adds to the page', async (path) => {
  const world = await createWorld();
  const { html, headers } = await openPage(world.fetch, `http://hub.test${path}`);
  const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(html) ?? [];
  const hash = createHash('sha256').update(style).digest('base64');
  expect(headers.get('content-security-policy')).toBe(
    `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  );
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(headers.get('set-cookie')).toBeNull();
  expect(html).toMatch(/^<!doctype html><html lang="en">/);
  expect(html).not.toMatch(/<script| style=| on\w+=/);
});

test.each(['/cli/device', LOOPBACK])('%s: every field has a label', async (path) => {
  const world = await createWorld();
  const { html } = await openPage(world.fetch, `http://hub.test${path}`);
  const ids = [...html.matchAll(/<input id="(\w+)"/g)].map(([, id]) => id);
  const labels = [...html.matchAll(/<label for="(\w+)"/g)].map(([, id]) => id);
  expect(ids.length).toBeGreaterThan(0);
  expect(labels).toEqual(ids);
});

test.each<Record<string, string>>([
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'cross-site', origin: 'http://hub.test' },
  { origin: 'https://evil.test' },
  { origin: 'http://hub.test.evil.test' },
])('a form of another site is refused: %j', async (headers) => {
  const world = await createWorld();
  const { user_code } = await begin(world);
  const { status, text } = await errorPage(await send(world, `step=deny&user_code=${user_code}`, headers));
  expect(status).toBe(403);
  expect(text).toContain('This form came from another site.');
  expect((await world.client.execute('SELECT state FROM device_logins')).rows).toEqual([{ state: 'pending' }]);
});

test.each<Record<string, string>>([
  {},
  { 'sec-fetch-site': 'same-origin', origin: 'null' },
  { 'sec-fetch-site': 'none' },
  { origin: 'null' },
  { origin: 'http://hub.test' },
  { origin: 'https://hub.example.com' },
])('a form of the hub itself is taken: %j', async (headers) => {
  const world = await createWorld({ settings: { publicUrl: 'https://hub.example.com' } });
  const { user_code } = await begin(world);
  expect((await send(world, `step=deny&user_code=${user_code}`, headers)).status).toBe(200);
});

test('a link may come from anywhere', async () => {
  const world = await createWorld();
  expect((await world.fetch('/cli/device', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(200);
});

test('a form is small, however it comes', async () => {
  const world = await createWorld();
  const large = `step=begin&user_code=${'x'.repeat(8 * 1024)}`;
  const declared = { 'content-length': String(large.length) };
  const refused = await errorPage(await send(world, large, declared));
  expect(refused.status).toBe(413);
  expect(refused.text).toContain('The body is larger than 8192 bytes.');
  const chunk = new Uint8Array(5 * 1024).fill(0x61);
  expect((await errorPage(await world.fetch(streamed('/cli/device', FORM, chunk, chunk)))).status).toBe(413);
});

test.each(['application/json', 'multipart/form-data; boundary=x', 'text/plain', 'application/x-www-form-urlencodedx'])(
  'a body of the type %s is no form',
  async (type) => {
    const world = await createWorld();
    const { status, text } = await errorPage(await send(world, 'step=begin&user_code=x', { 'content-type': type }));
    expect(status).toBe(415);
    expect(text).toContain('The body is not a form.');
  },
);

test.each(['', 'step=', 'step=other', `step=begin&user_code=${'x'.repeat(33)}`, 'step=mail&create=no'])(
  'the form %.30j was not made by a page',
  async (body) => {
    const world = await createWorld();
    const { status, text } = await errorPage(await send(world, body));
    expect(status).toBe(400);
    expect(text).toContain('The link or the form is damaged');
  },
);

test('a fault of the hub is a page that tells nothing of it', async () => {
  const world = await createWorld();
  const { user_code } = await begin(world);
  await world.client.execute('DROP TABLE device_logins');
  const { status, text } = await errorPage(await send(world, `step=begin&user_code=${user_code}`));
  expect(status).toBe(500);
  expect(text).toContain('The hub could not answer this request.');
  expect(text).not.toContain('device_logins');
  expect(world.logs.map(({ event }) => event)).toEqual(['request.failed']);
});

test.each(['PUT', 'DELETE'])('%s is nothing here', async (method) => {
  const world = await createWorld();
  expect((await world.fetch('/cli/device', { method })).status).toBe(404);
});
