import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { documents } from '../../openapi/documents.ts';
import { bindingLimiter, limitBindings } from '../../src/adapters/limiter-binding.ts';
import { memoryLimiter } from '../../src/adapters/limiter-memory.ts';
import { DEFAULT_RATE_LIMITS } from '../../src/core/deps.ts';
import { readConfig } from '../../src/env.ts';
import { RATE_HEADERS } from '../../src/http/kit/rate-limit.ts';
import { refusalOf } from '../support/clawhub.ts';
import { from, setLimits, worldWithAddresses } from '../support/rate-limits.ts';
import { refusal } from '../support/skill-hub.ts';
import { bearer, newNamespace, problemOf } from '../support/skills.ts';
import { unplugDatabase } from '../support/statements.ts';
import type { World } from '../support/world.ts';

const A = '192.0.2.1';
const B = '192.0.2.2';
/** The clock of a world begins with a minute. */
const INTO_MINUTE = 12_300;

/** Every header of an answer that tells of limits. */
function told({ headers }: Response): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => name.includes('ratelimit') || name === 'retry-after'));
}

async function limitedWorld(): Promise<World> {
  const world = await worldWithAddresses();
  world.advance(INTO_MINUTE);
  setLimits(world, { read: { address: 2, key: 50 } });
  return world;
}

const resetOf = (world: World) => String((world.clock.now() - INTO_MINUTE) / 1000 + 60);

test('answers tell the limit, what is left of it, and when it begins anew', async () => {
  const world = await limitedWorld();
  const rest = { 'x-ratelimit-reset': resetOf(world), 'ratelimit-reset': '48' };
  const expected = (remaining: string) => ({
    'x-ratelimit-limit': '2',
    'x-ratelimit-remaining': remaining,
    'ratelimit-limit': '2',
    'ratelimit-remaining': remaining,
    ...rest,
  });
  expect(told(await world.fetch('/v1/keys/registry', { headers: from(A) }))).toEqual(expected('1'));
  const missing = await world.fetch('/v1/nowhere', { headers: from(A) });
  expect([missing.status, told(missing)]).toEqual([404, expected('0')]);
  const refused = await world.fetch('/v1/keys/registry', { headers: from(A) });
  expect([refused.status, told(refused)]).toEqual([429, { ...expected('0'), 'retry-after': '48' }]);
});

test('with a key, they tell of the key', async () => {
  const world = await limitedWorld();
  const { key } = await newNamespace(world);
  const good = await world.fetch('/v1/whoami', { headers: from(A, bearer(key)) });
  expect(told(good)).toMatchObject({ 'ratelimit-limit': '50', 'ratelimit-remaining': '49' });
  const bad = await world.fetch('/v1/whoami', { headers: from(A, bearer('skh_wrong')) });
  expect([bad.status, told(bad)['ratelimit-limit']]).toEqual([401, '2']);
});

test('each dialect refuses in its own words', async () => {
  const world = await limitedWorld();
  setLimits(world, { read: { address: 1 } });
  await world.fetch('/v1/keys/registry', { headers: from(A) });
  const ask = (path: string) => world.fetch(path, { headers: from(A) });
  const problem = {
    type: 'about:blank',
    title: 'Too Many Requests',
    status: 429,
    code: 'rate_limited',
    detail: 'Rate limit exceeded.',
    fix: 'Send fewer requests, or a key with them.',
  };
  expect(await problemOf(await ask('/v1/keys/registry'))).toEqual(problem);
  expect(await problemOf(await ask('/acme/.well-known/agent-skills/index.json'))).toEqual(problem);
  for (const path of ['/api/v1/skills', '/api/cli/whoami']) {
    expect(await refusalOf(await ask(path))).toEqual({ status: 429, text: 'Rate limit exceeded' });
  }
  for (const path of ['/api/v1/skill/detail/x', '/api/skill/detail/x']) {
    const message = 'Rate limit exceeded. Send fewer requests, or a key with them.';
    expect(await refusal(await ask(path))).toEqual({ status: 429, message });
  }
  for (const path of ['/', '/nowhere', '/.well-known/clawhub.json']) {
    expect(await refusalOf(await ask(path))).toEqual({ status: 429, text: 'Rate limit exceeded\n' });
  }
});

test('a refusal says how browsers have to take it, wherever it comes from', async () => {
  const world = await limitedWorld();
  setLimits(world, { read: { address: 1 } });
  await world.fetch('/v1/keys/registry', { headers: from(A) });
  for (const path of ['/v1/keys/registry', '/api/v1/skills', '/nowhere']) {
    const { status, headers } = await world.fetch(path, { headers: from(A) });
    expect([status, headers.get('x-content-type-options'), headers.get('referrer-policy')], path).toEqual([
      429,
      'nosniff',
      'no-referrer',
    ]);
  }
});

test.each(['/api/v1/skills', '/acme/.well-known/agent-skills/index.json', '/.well-known/clawhub.json'])(
  '%s: other origins may read the limits',
  async (path) => {
    const world = await limitedWorld();
    const { headers } = await world.fetch(path, { headers: from(A, { origin: 'https://app.example' }) });
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-expose-headers')?.split(',')).toEqual(expect.arrayContaining(RATE_HEADERS));
  },
);

test('other origins may read a refusal too', async () => {
  const world = await limitedWorld();
  const headers = from(A, { origin: 'https://app.example' });
  const answers = [];
  for (let i = 0; i < 3; i++) answers.push(await world.fetch('/api/v1/skills', { headers }));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  expect(answers.map((answer) => answer.headers.get('access-control-allow-origin'))).toEqual(['*', '*', '*']);
});

const documentSchema = z.object({
  servers: z.array(z.object({ url: z.string() })).default([{ url: '' }]),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
});

const TEXT = 'text/plain; charset=utf-8';
const PROBLEM = 'application/problem+json';
const TYPES: Record<string, string> = {
  'v1.json': PROBLEM,
  'clawhub.json': TEXT,
  'hub.json': 'application/json',
  'spm.json': 'application/json',
  'well-known.json': PROBLEM,
};

/** What a refusal of a described path comes as; those that two dialects share are ClawHub's. */
function typeOf(name: string, path: string): string {
  const isShared = /^\/api\/v1\/(skills|skills\/x|search)$/.test(path);
  return (isShared ? TEXT : TYPES[name]) ?? 'no type is expected of this document';
}

/** A path with something in the place of each parameter. */
const example = (path: string) => path.replace('{version}', '1.0.0').replace(/\{\w+\}/g, 'x');

describe.each(Object.entries(documents()))('%s', (name, document) => {
  const { servers, paths } = documentSchema.parse(document);
  const operations = servers.flatMap(({ url }) =>
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({
        method: method.toUpperCase(),
        path: url + example(path),
      })),
    ),
  );

  test('every endpoint refuses before it does anything, in the words of its dialect', async () => {
    const world = await worldWithAddresses();
    unplugDatabase(world);
    const none = { address: 0 };
    setLimits(world, { read: none, search: none, write: none, download: none, account: none });
    expect(operations.length).toBeGreaterThan(0);
    for (const { method, path } of operations) {
      const response = await world.fetch(path, { method, headers: from(A) });
      const place = `${method} ${path}`;
      expect(response.status, place).toBe(429);
      expect(response.headers.get('content-type'), place).toBe(typeOf(name, path));
      expect(response.headers.get('retry-after'), place).toBe('60');
    }
    expect(world.logs.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

test('where nothing is limited, nothing is told', async () => {
  const world = await worldWithAddresses();
  const { rateLimits } = readConfig({
    REGISTRY_KEY: '-----BEGIN PRIVATE KEY-----',
    SESSION_KEY: 'ab'.repeat(32),
    RATE_LIMITS: 'off',
  });
  world.deps.limiter = memoryLimiter({ clock: world.clock, limits: rateLimits });
  for (let i = 0; i < 3; i++) {
    const response = await world.fetch('/v1/keys/registry', { headers: from(A) });
    expect([response.status, told(response)]).toEqual([200, {}]);
  }
});

test('bindings of the platform are waited for, and tell no remainder until nothing is left', async () => {
  const world = await limitedWorld();
  const { key } = await newNamespace(world);
  const answers = [true, true, false, false];
  const limit = async () => ({ success: answers.shift() ?? false });
  const { clock, limiter: otherwise, log } = world.deps;
  const bindings = limitBindings({ LIMIT_READ_ADDRESS: { limit }, LIMIT_READ_KEY: { limit } });
  world.deps.limiter = bindingLimiter({ bindings, limits: DEFAULT_RATE_LIMITS, otherwise, clock, log });
  const ask = (headers: Record<string, string>) => world.fetch('/v1/whoami', { headers });
  const rest = { 'x-ratelimit-reset': resetOf(world), 'ratelimit-reset': '48' };
  const byAddress = { 'x-ratelimit-limit': '3000', 'ratelimit-limit': '3000', ...rest };
  const byKey = { 'x-ratelimit-limit': '12000', 'ratelimit-limit': '12000', ...rest };
  const used = { 'x-ratelimit-remaining': '0', 'ratelimit-remaining': '0', 'retry-after': '48' };
  const known = [
    await ask(from(A, bearer(key))),
    await ask(from(A)),
    await ask(from(B, bearer(key))),
    await ask(from(B)),
  ];
  expect(known.map((answer) => [answer.status, told(answer)])).toEqual([
    [200, byKey],
    [401, byAddress],
    [429, { ...byKey, ...used }],
    [429, { ...byAddress, ...used }],
  ]);
});
