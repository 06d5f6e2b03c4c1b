import { expect, test } from 'vitest';
import { unstable_readConfig } from 'wrangler';
import * as z from 'zod';
import { bindingLimiter, limitBindings } from '../../src/adapters/limiter-binding.ts';
import { DEFAULT_RATE_LIMITS, type LogFields, RATE_KINDS, type RateLimits } from '../../src/core/deps.ts';

/** What the test needs of the file, whose type wrangler does not ship. */
const wranglerConfig = z.object({
  ratelimits: z.array(
    z.object({
      name: z.string(),
      namespace_id: z.string(),
      simple: z.object({ limit: z.number(), period: z.number() }),
    }),
  ),
  vars: z.record(z.string(), z.unknown()),
});

const START = Date.UTC(2026, 0, 1, 10, 30, 12);
const RESET = Date.UTC(2026, 0, 1, 10, 31);
const A = { by: 'address' as const, id: '192.0.2.1' };

function binding(answer: () => boolean) {
  const keys: string[] = [];
  const limit = async ({ key }: RateLimitOptions) => {
    keys.push(key);
    return { success: answer() };
  };
  return { keys, limit };
}

function limiter(env: Record<string, unknown>, limits: RateLimits = DEFAULT_RATE_LIMITS) {
  const logs: [string, LogFields | undefined][] = [];
  const elsewhere: string[] = [];
  const { take } = bindingLimiter({
    bindings: limitBindings(env),
    limits,
    otherwise: {
      take(kind, { by }) {
        elsewhere.push(`${kind} ${by}`);
        return { allowed: false, resetAt: 0 };
      },
    },
    clock: { now: () => START },
    log: { info: () => undefined, error: (event, fields) => void logs.push([event, fields]) },
  });
  return { take, logs, elsewhere };
}

test('asks the binding of the kind and the subject, and tells no more than it knows', async () => {
  const reads = binding(() => true);
  const writes = binding(() => false);
  const { take, elsewhere } = limiter({ LIMIT_READ_ADDRESS: reads, LIMIT_WRITE_KEY: writes });
  expect(await take('read', A)).toEqual({ allowed: true, limit: 3000, resetAt: RESET });
  expect(await take('write', { by: 'key', id: 'k' })).toEqual({ allowed: false, limit: 3000, resetAt: RESET });
  expect([reads.keys, writes.keys, elsewhere]).toEqual([['192.0.2.1'], ['k'], []]);
});

test('a kind without a binding is counted elsewhere', async () => {
  const { take, elsewhere } = limiter({ LIMIT_READ_ADDRESS: binding(() => true), LIMIT_SEARCH_ADDRESS: 'no binding' });
  expect(await take('search', A)).toEqual({ allowed: false, resetAt: 0 });
  expect(elsewhere).toEqual(['search address']);
});

test('what has no limit asks nobody', async () => {
  const accounts = binding(() => false);
  const { take } = limiter({ LIMIT_ACCOUNT_KEY: accounts });
  expect(await take('account', { by: 'key', id: 'k' })).toEqual({ allowed: true, resetAt: 0 });
  expect(accounts.keys).toEqual([]);
});

test('a binding that fails lets the request pass, and the log says so without the address', async () => {
  const reads = binding(() => {
    throw new Error('rate limiter unreachable');
  });
  const { take, logs } = limiter({ LIMIT_READ_ADDRESS: reads });
  expect(await take('read', A)).toEqual({ allowed: true, limit: 3000, resetAt: RESET });
  const fields = { kind: 'read', by: 'address', cause: 'rate limiter unreachable' };
  expect(logs).toEqual([['limiter.failed', fields]]);
});

test('wrangler.toml has a binding for every limit, with the same number', () => {
  const { ratelimits, vars } = wranglerConfig.parse(unstable_readConfig({ config: 'wrangler.toml' }));
  const configured = ratelimits.map(({ name, simple }) => [name, simple.limit, simple.period]);
  const expected = RATE_KINDS.flatMap((kind) =>
    (['address', 'key'] as const).flatMap((by) => {
      const limit = DEFAULT_RATE_LIMITS[kind][by];
      return limit === undefined ? [] : [[`LIMIT_${kind}_${by}`.toUpperCase(), limit, 60]];
    }),
  );
  expect(configured).toEqual(expected);
  expect(new Set(ratelimits.map(({ namespace_id }) => namespace_id)).size).toBe(ratelimits.length);
  expect(vars).toMatchObject({ CLIENT_ADDRESS_HEADER: 'CF-Connecting-IP' });
});
