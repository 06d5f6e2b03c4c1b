import { expect, inject, test } from 'vitest';
import { DEFAULT_FETCH_HOSTS } from '../../src/core/deps.ts';
import { readConfig } from '../../src/env.ts';

const config = (hosts?: string) =>
  readConfig({
    REGISTRY_KEY: inject('registryKey'),
    SESSION_KEY: 'ab'.repeat(32),
    ...(hosts === undefined ? {} : { FETCH_HOSTS: hosts }),
  });

test.each([
  [undefined, DEFAULT_FETCH_HOSTS],
  ['none', []],
  ['Git.Example.com', ['git.example.com']],
  [' raw.githubusercontent.com , git.example.com', ['raw.githubusercontent.com', 'git.example.com']],
])('FETCH_HOSTS %j is %j', (text, expected) => {
  expect(config(text).fetchHosts).toEqual(expected);
});

test.each([
  '',
  'localhost',
  '127.0.0.1',
  '[::1]',
  '0x7f.1',
  'https://git.example.com',
  'git.example.com:8443',
  'a.b,',
  '*.example.com',
  'git.example.com.',
])('FETCH_HOSTS %j is refused by name', (text) => {
  expect(() => config(text)).toThrow('FETCH_HOSTS: `none`, or names of hosts with commas between');
});
