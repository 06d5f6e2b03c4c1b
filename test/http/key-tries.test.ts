import { expect, test } from 'vitest';
import { KeyTries, MAX_BAD_KEYS, MAX_GOOD_KEYS, STRANGER_EVERY_MS } from '../../src/http/kit/key-tries.ts';

const MINUTE = 60_000;
/** What a limiter says of an address that may send two requests a minute, when it is used up. */
const USED_UP = { allowed: false, limit: 2, resetAt: MINUTE };

function triesAt() {
  const clock = { at: 0, now: () => clock.at };
  const tries = new KeyTries(clock);
  const bad = async (times: number, place = 'read a', verdict = { ...USED_UP }) => {
    for (let i = 0; i < times; i++) await tries.wasBad(place, `bad-${i}`, verdict);
  };
  const passes = async (key: string | undefined, place = 'read a') => (await tries.refusal(place, key)) === undefined;
  return { clock, tries, bad, passes };
}

test('a place is closed to keys that nobody knows once more bad ones came than the limit, until its minute ends', async () => {
  const { clock, tries, bad, passes } = triesAt();
  await bad(2);
  expect(await passes('stranger')).toBe(true);
  await bad(1);
  expect(await tries.refusal('read a', 'stranger')).toEqual(USED_UP);
  expect([await passes('stranger', 'read b'), await passes('stranger', 'write a')]).toEqual([true, true]);
  clock.at = MINUTE;
  expect(await passes('stranger')).toBe(true);
  await bad(2, 'read a', { ...USED_UP, resetAt: 2 * MINUTE });
  expect(await passes('stranger')).toBe(true);
});

test('where an address may send much, a hundred bad keys are enough; where nothing is limited, none are counted', async () => {
  const { bad, passes } = triesAt();
  const much = { allowed: true, limit: 3000, resetAt: MINUTE };
  await bad(MAX_BAD_KEYS, 'read a', much);
  expect(await passes('stranger')).toBe(true);
  await bad(1, 'read a', much);
  expect(await passes('stranger')).toBe(false);
  await bad(MAX_BAD_KEYS + 1, 'read b', { allowed: true, resetAt: 0 } as typeof much);
  expect(await passes('stranger', 'read b')).toBe(true);
});

test('a stranger a second is looked up from a closed place, at no cost for others', async () => {
  const { clock, tries, bad, passes } = triesAt();
  await bad(3);
  clock.at = STRANGER_EVERY_MS - 1;
  expect(await passes('stranger')).toBe(false);
  clock.at = STRANGER_EVERY_MS;
  const several = await Promise.all(['one', 'two', undefined].map((key) => passes(key)));
  expect(several.filter(Boolean)).toHaveLength(1);
  await tries.wasBad('read a', 'one', USED_UP);
  clock.at = 2 * STRANGER_EVERY_MS;
  expect([await passes('stranger'), await passes('another')]).toEqual([true, false]);
  await tries.wasGood('stranger');
  expect([await passes('stranger'), await passes('another')]).toEqual([true, false]);
});

test('of good keys the ones used last are remembered, and none that was bad since', async () => {
  const { tries, bad, passes } = triesAt();
  await bad(3);
  for (let i = 0; i < MAX_GOOD_KEYS; i++) await tries.wasGood(`key-${i}`);
  await tries.wasGood('key-0');
  expect([await passes('key-0'), await passes('key-1')]).toEqual([true, true]);
  await tries.wasGood('one more');
  expect([await passes('key-0'), await passes('key-1'), await passes('one more')]).toEqual([true, false, true]);
  await tries.wasBad('read b', 'key-0', { allowed: true, limit: 2, resetAt: MINUTE });
  expect(await passes('key-0')).toBe(false);
});
