import { expect, inject, test } from 'vitest';
import { PASSED_ON } from '../../cli/serve/miniflare-options.ts';
import { readConfig } from '../../src/env.ts';

const read = (variables: Record<string, string>) =>
  readConfig({ REGISTRY_KEY: inject('registryKey'), SESSION_KEY: 'ab'.repeat(32), ...variables }).scanners;

const one = (more: object = {}) =>
  JSON.stringify([{ name: 'acme-av', url: 'https://av.example.com/scan', on_failure: 'open', ...more }]);

test('without the setting there is no scanner', () => {
  expect(read({})).toEqual([]);
  expect(read({ SCANNERS: '[]', SCANNER_TOKENS: '' })).toEqual([]);
});

test('scanners are read, each with its token', () => {
  const judge = { name: 'judge', url: 'http://127.0.0.1:9000/', timeout_ms: 45_000, on_failure: 'closed' };
  const SCANNERS = JSON.stringify([...JSON.parse(one()), { ...judge, allow_private: true }]);
  expect(read({ SCANNERS, SCANNER_TOKENS: '{"judge":"t0ken"}' })).toEqual([
    { name: 'acme-av', url: 'https://av.example.com/scan', onFailure: 'open', timeoutMs: 10_000, token: undefined },
    { name: 'judge', url: 'http://127.0.0.1:9000/', onFailure: 'closed', timeoutMs: 45_000, token: 't0ken' },
  ]);
});

test.each([
  ['{', 'SCANNERS: a list in JSON'],
  ['{}', 'SCANNERS: a list in JSON'],
  [one({ name: 'Acme AV' }), 'SCANNERS.0.name: a name in kebab-case'],
  [one({ on_failure: 'maybe' }), 'SCANNERS.0.on_failure: '],
  [one({ timeout_ms: 60_000 }), 'SCANNERS.0.timeout_ms: '],
  [one({ secret: 'x' }), 'SCANNERS.0: Unrecognized key: "secret"'],
  [one({ url: 'ftp://av.example.com' }), 'SCANNERS.0.url: an http or https URL'],
  [one({ url: 'https://me:pass@av.example.com' }), 'SCANNERS.0.url: a token belongs into SCANNER_TOKENS'],
  [`[${one().slice(1, -1)},${one().slice(1, -1)}]`, 'SCANNERS: each name once'],
])('SCANNERS %s is refused', (SCANNERS, message) => {
  expect(() => read({ SCANNERS })).toThrow(message);
});

test.each([
  'http://av.example.com/',
  'https://10.0.0.7/',
  'https://127.0.0.1/',
  'https://[::1]/',
  'https://localhost/',
  'https://scanner/',
  'https://0x7f.1/',
])('the address %s has to be allowed', (url) => {
  expect(() => read({ SCANNERS: one({ url }) })).toThrow('SCANNERS.0.url: https on a public host name');
  expect(read({ SCANNERS: one({ url, allow_private: true }) })).toHaveLength(1);
});

test.each([
  ['t0ken', 'SCANNER_TOKENS: tokens by name of scanner, in JSON'],
  ['{"acme-av":"t0ken with spaces"}', 'SCANNER_TOKENS.acme-av: printable ASCII'],
  ['{"other":"t0ken"}', 'SCANNER_TOKENS.other: SCANNERS has no scanner of this name'],
])('SCANNER_TOKENS %s is refused without being repeated', (SCANNER_TOKENS, message) => {
  const attempt = () => read({ SCANNERS: one(), SCANNER_TOKENS });
  expect(attempt).toThrow(message);
  expect(attempt).not.toThrow('t0ken');
});

test('a self-hosted hub passes both on', () => {
  expect(PASSED_ON).toEqual(expect.arrayContaining(['SCANNERS', 'SCANNER_TOKENS']));
});
