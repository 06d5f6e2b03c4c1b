import { expect, inject, test } from 'vitest';
import { readConfig } from '../../src/env.ts';

const config = (reserved?: string) =>
  readConfig({
    REGISTRY_KEY: inject('registryKey'),
    SESSION_KEY: 'ab'.repeat(32),
    ...(reserved === undefined ? {} : { RESERVED_NAMES: reserved }),
  });

test.each([
  [undefined, []],
  ['', []],
  ['initech', ['initech']],
  [' initech , hooli-labs,', ['initech', 'hooli-labs']],
])('RESERVED_NAMES %j is %j', (text, expected) => {
  expect(config(text).settings.reservedNames).toEqual(expected);
});

test.each(['Initech', 'initech/reports', 'initech hooli', '@initech'])(
  'RESERVED_NAMES %j is refused by name',
  (text) => {
    expect(() => config(text)).toThrow('RESERVED_NAMES: names of skills or namespaces with commas between');
  },
);
