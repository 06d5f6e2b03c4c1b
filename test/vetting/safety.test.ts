import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/format/limits.ts';
import { type VettingContext, vetSafety } from '../../src/vetting/rules.ts';

const context = (more: Partial<VettingContext> = {}): VettingContext => ({
  namespace: 'acme',
  name: 'color-analysis',
  version: '1.0.0',
  limits: DEFAULT_LIMITS,
  similarNames: [],
  maxNameDistance: 2,
  ...more,
});
const similar = (name: string, other: string, more: Partial<VettingContext> = {}) =>
  vetSafety(context({ name, similarNames: [{ namespace: 'other', name: other }], ...more }));

test.each([
  ['color-analysis', 'colour-analysis', 1],
  ['color-analysis', 'color-analysys', 1],
  ['color-analysis', 'colour-analysys', 2],
  ['react', 'reakt', 1],
])('%s is too close to %s', (name, other, distance) => {
  expect(similar(name, other)).toMatchObject([
    {
      rule: 'similar-name',
      severity: 'error',
      stage: 'safety',
      message: `name '${name}' is too similar to existing package '${other}' (Levenshtein distance ${distance})`,
    },
  ]);
});

test.each([
  ['the same name', 'color-analysis', 'color-analysis', {}],
  ['three edits', 'color-analysis', 'colours-analysys', {}],
  ['a short name', 'pdfs', 'pdf', {}],
  ['two edits where one is allowed', 'color-analysis', 'colour-analysys', { maxNameDistance: 1 }],
  ['the rule turned off', 'color-analysis', 'colour-analysis', { maxNameDistance: 0 }],
  ['a name of its own namespace', 'color-analysis', 'colour-analysis', { namespace: 'other' }],
])('%s is fine', (_, name, other, more) => {
  expect(similar(name, other, more)).toEqual([]);
});

test('one finding a name, however many namespaces have it', () => {
  const similarNames = ['one', 'two'].map((namespace) => ({ namespace, name: 'colour-analysis' }));
  expect(vetSafety(context({ similarNames }))).toHaveLength(1);
});

test('the files of a yanked version are refused under another number', () => {
  expect(vetSafety(context({ version: '1.0.1', yankedAs: '1.0.0' }))).toMatchObject([
    {
      rule: 'yanked-content',
      severity: 'error',
      message: 'acme/color-analysis@1.0.1 holds exactly the files of version 1.0.0, which was yanked',
    },
  ]);
  expect(vetSafety(context())).toEqual([]);
});
