import { expect, test } from 'vitest';
import { memoryLimiter } from '../../src/adapters/limiter-memory.ts';
import type { RateLimits } from '../../src/core/deps.ts';

const NONE: RateLimits = { read: {}, search: {}, write: {}, download: {}, account: {} };
const SECOND = 1000;
/** Twelve seconds into a minute. */
const START = Date.UTC(2026, 0, 1, 10, 30, 12);

function limiter(limits: Partial<RateLimits>, maxSubjects?: number) {
  let now = START;
  const memory = memoryLimiter({ clock: { now: () => now }, limits: { ...NONE, ...limits } }, maxSubjects);
  return {
    take: memory.take,
    at(milliseconds: number) {
      now = START + milliseconds;
    },
  };
}

const address = (id: string) => ({ by: 'address' as const, id });

test('counts down to the limit, then refuses until the minute ends', () => {
  const { take, at } = limiter({ read: { address: 2 } });
  const resetAt = Date.UTC(2026, 0, 1, 10, 31);
  expect(take('read', address('a'))).toEqual({ allowed: true, limit: 2, remaining: 1, resetAt });
  expect(take('read', address('a'))).toEqual({ allowed: true, limit: 2, remaining: 0, resetAt });
  at(48 * SECOND - 1);
  expect(take('read', address('a'))).toEqual({ allowed: false, limit: 2, remaining: 0, resetAt });
  at(48 * SECOND);
  const next = { allowed: true, limit: 2, remaining: 1, resetAt: resetAt + 60 * SECOND };
  expect(take('read', address('a'))).toEqual(next);
});

test('kinds, subjects and ids count for themselves', () => {
  const { take } = limiter({ read: { address: 1, key: 1 }, write: { address: 1 } });
  const subjects = [
    () => take('read', address('a')),
    () => take('read', address('b')),
    () => take('read', { by: 'key', id: 'a' }),
    () => take('write', address('a')),
  ];
  for (const subject of subjects) expect(subject()).toMatchObject({ allowed: true });
  for (const subject of subjects) expect(subject()).toMatchObject({ allowed: false });
});

test('what has no limit is not counted', () => {
  const { take } = limiter({ write: { address: 1 } }, 1);
  expect(take('write', address('a'))).toMatchObject({ remaining: 0 });
  expect(take('write', { by: 'key', id: 'a' })).toEqual({ allowed: true, resetAt: 0 });
  expect(take('read', address('a'))).toEqual({ allowed: true, resetAt: 0 });
  expect(take('write', address('a'))).toMatchObject({ allowed: false });
});

test('with too many subjects, the one seen first begins anew', () => {
  const { take } = limiter({ read: { address: 1 } }, 2);
  for (const id of ['a', 'b']) expect(take('read', address(id))).toMatchObject({ allowed: true });
  expect(take('read', address('a'))).toMatchObject({ allowed: false });
  expect(take('read', address('c'))).toMatchObject({ allowed: true });
  expect(take('read', address('b'))).toMatchObject({ allowed: false });
  expect(take('read', address('a'))).toMatchObject({ allowed: true });
  expect(take('read', address('c'))).toMatchObject({ allowed: false });
});
