import { beforeEach, expect, test } from 'vitest';
import { DOWNLOAD_BUFFER, DownloadBuffer } from '../../src/adapters/download-buffer.ts';
import type { JobMessage } from '../../src/core/deps.ts';

const DAY_MS = 24 * 3_600_000;
const NOON = 20_000.5 * DAY_MS;

let now: number;
/** How many messages the queue still takes. */
let room: number;
let sent: Extract<JobMessage, { type: 'downloads' }>[];
let logs: [event: string, fields: Record<string, unknown>][];
let asleep: { milliseconds: number; wake: () => void }[];

beforeEach(() => {
  now = NOON;
  room = Number.POSITIVE_INFINITY;
  sent = [];
  logs = [];
  asleep = [];
});

function newBuffer(sessionKey = 'ab'.repeat(32)): DownloadBuffer {
  return new DownloadBuffer({
    queue: {
      async send(message) {
        if (room-- <= 0) throw new Error('the queue is full');
        if (message.type === 'downloads') sent.push(message);
      },
    },
    clock: { now: () => now },
    sleep: (milliseconds) => new Promise((wake) => asleep.push({ milliseconds, wake })),
    random: { id: () => `batch ${sent.length}`, hex: () => '', below: () => 0 },
    log: {
      info: (event, fields = {}) => void logs.push([event, fields]),
      error: (event, fields = {}) => void logs.push([event, fields]),
    },
    settings: { sessionKey },
  });
}

function noteMany(buffer: DownloadBuffer, count: number, first = 0): void {
  for (let i = first; i < first + count; i++) buffer.note('version', `client ${i}`);
}

const hashes = () => sent.flatMap(({ marks }) => marks.map(({ client }) => client));

test('a client goes out once for each version, as a hash, with the day', async () => {
  const buffer = newBuffer();
  for (const [version, client] of [
    ['a', '192.0.2.1'],
    ['a', '192.0.2.1'],
    ['b', '192.0.2.1'],
    ['a', '192.0.2.2'],
  ] as const) {
    buffer.note(version, client);
  }
  await buffer.flush();
  const hash = expect.stringMatching(/^[0-9a-f]{32}$/);
  expect(sent).toEqual([
    {
      type: 'downloads',
      batchId: 'batch 0',
      day: 20_000,
      marks: [
        { versionId: 'a', client: hash },
        { versionId: 'b', client: hash },
        { versionId: 'a', client: hash },
      ],
    },
  ]);
  const [first, second, third] = hashes();
  expect(first).toBe(second);
  expect(first).not.toBe(third);
  await buffer.flush();
  expect(sent).toHaveLength(1);
});

test('every instance with the same key makes the same hash, for this day only', async () => {
  for (const [key, days] of [
    ['ab', 0],
    ['ab', 0],
    ['ab', 1],
    ['cd', 0],
  ] as const) {
    now = NOON + days * DAY_MS;
    const buffer = newBuffer(key.repeat(32));
    buffer.note('version', 'client');
    await buffer.flush();
  }
  const [first, ...others] = hashes();
  expect(others.map((hash) => hash === first)).toEqual([true, false, false]);
});

test('what was noted before midnight goes out as of the day before', async () => {
  const buffer = newBuffer();
  buffer.note('version', 'client');
  now += DAY_MS / 2;
  buffer.note('version', 'client');
  await buffer.flush();
  expect(sent.map(({ day, marks }) => [day, marks.length])).toEqual([
    [20_000, 1],
    [20_001, 1],
  ]);
});

test('no message has more marks than a queue takes', async () => {
  const buffer = newBuffer();
  for (let i = 0; i < 1_100; i++) buffer.note(`01k0000000000000000000${i}`, `client ${i}`);
  await buffer.flush();
  expect(sent.map(({ marks }) => marks.length)).toEqual([500, 500, 100]);
  for (const message of sent) expect(JSON.stringify(message).length).toBeLessThan(64 * 1024);
  expect(new Set(hashes()).size).toBe(1_100);
});

test('nothing noted: nothing to wait for', async () => {
  const buffer = newBuffer();
  expect(buffer.due()).toBeUndefined();
  await buffer.flush();
  expect(sent).toEqual([]);
});

test('the first request waits some seconds and flushes for all that come meanwhile', async () => {
  const buffer = newBuffer();
  buffer.note('version', 'first');
  const due = buffer.due();
  buffer.note('version', 'second');
  expect(buffer.due()).toBeUndefined();
  expect(asleep.map(({ milliseconds }) => milliseconds)).toEqual([5_000]);
  expect(sent).toEqual([]);
  asleep[0]?.wake();
  await due;
  expect(hashes()).toHaveLength(2);
  buffer.note('version', 'third');
  expect(buffer.due()).toBeInstanceOf(Promise);
});

test('a full message does not wait', async () => {
  const buffer = newBuffer();
  noteMany(buffer, 499);
  void buffer.due();
  noteMany(buffer, 1, 499);
  await buffer.due();
  expect(hashes()).toHaveLength(500);
  expect(buffer.due()).toBeUndefined();
});

test('a wait that was cancelled with its request is taken over after a minute', async () => {
  const buffer = newBuffer();
  buffer.note('version', 'client');
  void buffer.due();
  now += DOWNLOAD_BUFFER.lostAfterMs - 1;
  expect(buffer.due()).toBeUndefined();
  now += 1;
  const due = buffer.due();
  asleep[1]?.wake();
  await due;
  expect(hashes()).toHaveLength(1);
});

test('a queue that refuses gets the marks again, no request runs against it, and the log tells why', async () => {
  const buffer = newBuffer();
  room = 0;
  noteMany(buffer, 600);
  await buffer.due();
  expect(logs).toEqual([['downloads.kept', { marks: 600, cause: 'the queue is full' }]]);
  buffer.note('version', 'another');
  const due = buffer.due();
  expect(asleep).toHaveLength(1);
  room = Number.POSITIVE_INFINITY;
  asleep[0]?.wake();
  await due;
  expect(sent.map(({ marks }) => marks.length)).toEqual([500, 101]);
  expect(new Set(hashes()).size).toBe(601);
});

test('what the queue took before it refused is not sent again', async () => {
  const buffer = newBuffer();
  noteMany(buffer, 700);
  room = 1;
  await buffer.flush();
  expect(sent.map(({ marks }) => marks.length)).toEqual([500]);
  room = 1;
  await buffer.flush();
  expect(sent.map(({ marks }) => marks.length)).toEqual([500, 200]);
  expect(new Set(hashes()).size).toBe(700);
});

test('beyond the bound the oldest are dropped, and the log tells how many', async () => {
  const buffer = newBuffer();
  noteMany(buffer, 3);
  await buffer.flush();
  const oldest = hashes();
  sent = [];
  room = 0;
  noteMany(buffer, DOWNLOAD_BUFFER.maxMarks);
  await buffer.flush();
  noteMany(buffer, 3, DOWNLOAD_BUFFER.maxMarks);
  room = Number.POSITIVE_INFINITY;
  await buffer.flush();
  expect(logs.at(-1)).toEqual(['downloads.dropped', { marks: 3 }]);
  const kept = new Set(hashes());
  expect(kept.size).toBe(DOWNLOAD_BUFFER.maxMarks);
  expect(oldest.filter((hash) => kept.has(hash))).toEqual([]);
});
