import { expect, test } from 'vitest';
import { BODY_PATIENCE } from '../../src/http/kit/read-body.ts';
import { NO_TRACES, problemOf, publish, tarGz, traces, worldWithKey } from '../support/skills.ts';
import type { World } from '../support/world.ts';

const { periodMs, leastBytes, wholeMs } = BODY_PATIENCE;

/** A body whose bytes come when the test says so; `cancelled` tells that the hub has let go of it. */
function trickle() {
  let feed: ReadableStreamDefaultController<Uint8Array> | undefined;
  const state = { cancelled: false };
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      feed = controller;
    },
    cancel: () => {
      state.cancelled = true;
    },
  });
  return {
    body,
    state,
    send: (bytes: Uint8Array | string) =>
      feed?.enqueue(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes),
    close: () => feed?.close(),
  };
}

type Trickle = ReturnType<typeof trickle>;

function post(world: World, path: string, { body }: Trickle, headers: Record<string, string>, method = 'POST') {
  const init: RequestInit & { duplex: 'half' } = { method, headers, body, duplex: 'half' };
  return world.fetch(new Request(new URL(path, 'http://hub.test'), init));
}

/** Resolves once the app waits for a body. */
function reading({ deps }: World): Promise<void> {
  const { startTimer } = deps;
  return new Promise((resolve) => {
    deps.startTimer = (milliseconds, then) => {
      resolve();
      return startTimer(milliseconds, then);
    };
  });
}

/** Lets the app take what was sent: nothing but promises lies between. */
const taken = () => new Promise((resolve) => setImmediate(resolve));

const JSON_TYPE = { 'content-type': 'application/json' };

test.each<[string, string, Record<string, string>, string?]>([
  ['an archive', '/v1/publish', {}],
  ['JSON of /v1', '/v1/keys', JSON_TYPE],
  ['JSON with a length', '/v1/keys', { ...JSON_TYPE, 'content-length': '30' }],
  ['a certificate request', '/v1/namespaces/acme/cert', { 'content-type': 'text/plain' }],
  ['JSON of ClawHub', '/api/v1/skills/-/scan', JSON_TYPE],
  ['a form of ClawHub', '/api/v1/skills', { 'content-type': 'multipart/form-data; boundary=x' }],
  ['the start of a device login', '/api/cli/device/code', JSON_TYPE],
  ['a page', '/cli/device', { 'content-type': 'application/x-www-form-urlencoded' }],
])('%s that stops coming is given up after a period', async (_, path, headers) => {
  const { world, headers: key } = await worldWithKey();
  const sent = trickle();
  const begun = reading(world);
  const answer = post(world, path, sent, { ...key, ...headers });
  sent.send('{');
  await begun;
  world.advance(periodMs);
  expect((await answer).status).toBe(408);
  expect(sent.state.cancelled).toBe(true);
  expect(world.timers.size).toBe(0);
});

test('the Skills Package Manager is told in its own words', async () => {
  const { world, headers } = await worldWithKey();
  const sent = trickle();
  const begun = reading(world);
  const answer = post(world, '/api/v1/skills', sent, { ...headers, ...JSON_TYPE });
  await begun;
  world.advance(periodMs);
  expect((await answer).status).toBe(400);
  expect(await (await answer).json()).toMatchObject({
    code: 'VALIDATION_ERROR',
    message: expect.stringContaining('The body came too slowly.'),
  });
});

test('so is the Skill Hub', async () => {
  const { world, key } = await worldWithKey();
  await publish(world, key);
  const sent = trickle();
  const begun = reading(world);
  const answer = post(world, '/api/skill/edit/pdf-tools', sent, { 'x-api-key': key }, 'PUT');
  await begun;
  world.advance(periodMs);
  expect((await answer).status).toBe(408);
  expect(await (await answer).json()).toMatchObject({ code: 408, success: false });
});

test('the problem says what to do, and nothing is left behind', async () => {
  const { world, headers } = await worldWithKey();
  const sent = trickle();
  const begun = reading(world);
  const answer = post(world, '/v1/publish', sent, headers);
  sent.send(new Uint8Array(leastBytes - 1));
  await begun;
  world.advance(periodMs);
  expect(await problemOf(await answer)).toEqual({
    type: 'about:blank',
    title: 'Request Timeout',
    status: 408,
    code: 'request_timeout',
    detail: 'The body came too slowly.',
    fix: 'Send it again over a faster connection: at least 1 KiB a second, and all of it within ten minutes.',
  });
  expect(await traces(world)).toEqual(NO_TRACES);
});

test('a slow body that keeps coming is read to its end', async () => {
  const { world, headers } = await worldWithKey();
  const archive = await tarGz({ body: 'A line that says little.\n'.repeat(2000) });
  const sent = trickle();
  const begun = reading(world);
  const answer = post(world, '/v1/publish', sent, headers);
  const filler = noise(leastBytes);
  await begun;
  for (const part of [filler, filler, filler]) {
    sent.send(part);
    await taken();
    world.advance(periodMs);
  }
  sent.send(archive);
  sent.close();
  // What came is no archive; but it came whole.
  expect((await answer).status).toBe(422);
  expect(world.timers.size).toBe(0);
});

test('no body takes longer than ten minutes, however it comes', async () => {
  const { world, headers } = await worldWithKey();
  const sent = trickle();
  const begun = reading(world);
  const answer = post(world, '/v1/publish', sent, headers);
  await begun;
  for (let waited = 0; waited < wholeMs; waited += periodMs) {
    sent.send(new Uint8Array(leastBytes));
    await taken();
    world.advance(periodMs);
  }
  expect((await answer).status).toBe(408);
});

const noise = (length: number) => crypto.getRandomValues(new Uint8Array(length));
