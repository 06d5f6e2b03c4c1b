import { expect, inject, test } from 'vitest';
import { DEFAULT_RATE_LIMITS } from '../../src/core/deps.ts';
import { readConfig } from '../../src/env.ts';
import { bindingsFor } from '../support/serve-setup.ts';

const config = (variables: Record<string, string>) =>
  readConfig({ REGISTRY_KEY: inject('registryKey'), SESSION_KEY: 'ab'.repeat(32), ...variables });

test('the limits that hold where nobody sets any', () => {
  expect(config({}).rateLimits).toEqual({
    read: { address: 3000, key: 12_000 },
    search: { address: 600, key: 3000 },
    write: { address: 300, key: 3000 },
    download: { address: 1200, key: 6000 },
    account: { address: 30 },
  });
});

test('RATE_LIMITS=off turns all of them off', () => {
  const none = { read: {}, search: {}, write: {}, download: {}, account: {} };
  expect(config({ RATE_LIMITS: 'off' }).rateLimits).toEqual(none);
});

test.each([
  ['', {}],
  ['read=5/10', { read: { address: 5, key: 10 } }],
  [' read=5/10 , search=1/2,', { read: { address: 5, key: 10 }, search: { address: 1, key: 2 } }],
  ['download=off', { download: {} }],
  ['account=off', { account: {} }],
  ['account=7', { account: { address: 7 } }],
  ['write=off/9', { write: { key: 9 } }],
  ['write=9/off', { write: { address: 9 } }],
])('RATE_LIMITS %j changes %j', (text, changed) => {
  expect(config({ RATE_LIMITS: text }).rateLimits).toEqual({ ...DEFAULT_RATE_LIMITS, ...changed });
});

test.each(['on', 'read', 'read=5', 'read=0/5', 'read=5/-1', 'read=5/5/5', 'upload=5/5', 'account=5/5', 'read=1e3/5'])(
  'RATE_LIMITS %j is refused by name',
  (text) => {
    expect(() => config({ RATE_LIMITS: text })).toThrow('RATE_LIMITS: `off`, or <kind>=<a minute by address>');
  },
);

test('CLIENT_ADDRESS_HEADER names a header', () => {
  expect(config({}).settings.clientAddressHeader).toBeUndefined();
  expect(config({ CLIENT_ADDRESS_HEADER: 'X-Real-IP' }).settings.clientAddressHeader).toBe('X-Real-IP');
  const message = 'CLIENT_ADDRESS_HEADER: the name of a header';
  expect(() => config({ CLIENT_ADDRESS_HEADER: 'X Real IP' })).toThrow(message);
});

test('a self-hosted hub is told both', () => {
  const env = { RATE_LIMITS: 'off', CLIENT_ADDRESS_HEADER: 'X-Real-IP' };
  expect(bindingsFor(env)).toMatchObject(env);
});
