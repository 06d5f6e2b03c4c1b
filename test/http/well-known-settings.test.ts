import { expect, inject, test } from 'vitest';
import { readConfig } from '../../src/env.ts';

const config = (curated?: string) =>
  readConfig({
    REGISTRY_KEY: inject('registryKey'),
    SESSION_KEY: 'ab'.repeat(32),
    ...(curated === undefined ? {} : { CURATED_SKILLS: curated }),
  });

test.each([
  [undefined, undefined],
  ['none', []],
  ['acme/pdf-tools', [{ namespace: 'acme', name: 'pdf-tools' }]],
  [
    ' acme/pdf-tools , other/csv ',
    [
      { namespace: 'acme', name: 'pdf-tools' },
      { namespace: 'other', name: 'csv' },
    ],
  ],
])('CURATED_SKILLS %j is %j', (text, expected) => {
  expect(config(text).settings.curatedSkills).toEqual(expected);
});

test.each(['acme', 'acme/pdf-tools,', 'acme/PDF', 'a/pdf', 'acme/pdf/1', '@acme/pdf', ''])(
  'CURATED_SKILLS %j is refused by name',
  (text) => {
    expect(() => config(text)).toThrow('CURATED_SKILLS: `none`, or skills as <namespace>/<name> with commas between');
  },
);
