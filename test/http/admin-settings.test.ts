import { expect, inject, test } from 'vitest';
import { PASSED_ON } from '../../cli/serve/miniflare-options.ts';
import { readConfig } from '../../src/env.ts';

const settings = (variables: Record<string, string>) =>
  readConfig({
    REGISTRY_KEY: inject('registryKey'),
    SESSION_KEY: 'ab'.repeat(32),
    ...variables,
  }).settings;

test.each([
  [{}, { malicious: 'quarantine', suspicious: 'warn' }],
  [{ VERDICT_POLICY: '' }, { malicious: 'quarantine', suspicious: 'warn' }],
  [{ VERDICT_POLICY: 'malicious=block' }, { malicious: 'block', suspicious: 'warn' }],
  [{ VERDICT_POLICY: ' suspicious=quarantine , malicious=warn' }, { malicious: 'warn', suspicious: 'quarantine' }],
])('%j is the policy %j', (variables, policy) => {
  expect(settings(variables).verdictPolicy).toEqual(policy);
});

test.each(['malicious', 'malicious=', 'malicious=allow', 'clean=block', 'malicious=block=warn', 'off'])(
  'VERDICT_POLICY %j is refused by name',
  (text) => {
    expect(() => settings({ VERDICT_POLICY: text })).toThrow('VERDICT_POLICY: malicious=<action>,suspicious=<action>');
  },
);

test('reports hide a skill from the fifth on, unless the operator says otherwise', () => {
  expect(settings({}).reportsToHide).toBe(5);
  expect(settings({ REPORTS_TO_HIDE: '0' }).reportsToHide).toBe(0);
  expect(settings({}).mailDomain).toBe('localhost');
  expect(settings({ MAIL_FROM: 'Hub <hub@mail.example.com>' }).mailDomain).toBe('mail.example.com');
  expect(settings({ MAIL_FROM: 'hub@example.com' }).mailDomain).toBe('example.com');
  expect(settings({ REPORTS_TO_HIDE: '4' }).reportsToHide).toBe(4);
  expect(() => settings({ REPORTS_TO_HIDE: '-1' })).toThrow('REPORTS_TO_HIDE');
});

test('a self-hosted hub passes both on', () => {
  expect(PASSED_ON).toEqual(expect.arrayContaining(['VERDICT_POLICY', 'REPORTS_TO_HIDE']));
});
