import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/format/limits.ts';
import { lookOf, skeletonsOf, stemOf } from '../../src/vetting/name-skeleton.ts';
import { vetSafety } from '../../src/vetting/rules.ts';

const found = (name: string, others: string[], maxNameDistance = 2) =>
  vetSafety({
    namespace: 'acme',
    name,
    version: '1.0.0',
    limits: DEFAULT_LIMITS,
    similarNames: others.map((other) => ({ namespace: 'other', name: other })),
    maxNameDistance,
  }).map(({ rule, severity, message }) => ({ rule, severity, message }));

test.each([
  ['no separators', 'home-assistant-kit', 'homeassistantkit'],
  ['separators elsewhere', 'a-b-c-d-e-f', 'ab-cd-ef'],
  ['digits for letters', 'google-analytics', 'g00g1e-ana1yt1cs'],
  ['letters that are one to the eye', 'modern-vvebhook', 'modem-webhook'],
  ['i, l and 1', 'billing-lists', 'bi11lng-1ists'],
])('two names look alike: %s', (_, name, other) => {
  expect(lookOf(name)).toBe(lookOf(other));
});

test.each([
  ['pdf-reader', 'pdf-writer'],
  ['tools-pdf', 'pdf-tools'],
  ['mail', 'nail'],
])('%s does not look like %s', (name, other) => {
  expect(lookOf(name)).not.toBe(lookOf(other));
});

test.each([
  ['pdf-reader-official', 'pdfreader'],
  ['the-pdf-readers', 'pdfreader'],
  ['pdf-reader-cli-v2', 'pdfreader'],
  ['my-new-pdf-reader', 'pdfreader'],
  ['pdf-reader-2026', 'pdfreader'],
])('%s has the stem %s', (name, stem) => {
  expect(stemOf(name)).toBe(lookOf(stem));
});

test.each(['pdf-tools', 'my-cli', 'glass', 'news', 'agent-skills', 'v2'])('%s keeps what says something', (name) => {
  expect(stemOf(name).length).toBeGreaterThanOrEqual(Math.min(4, lookOf(name).length));
});

test('the two keys of a name are never those of another kind', () => {
  expect(skeletonsOf('pdf-readers')).toEqual({ look: 'look:pdfreaders', stem: 'stem:pdfreader' });
});

test('a name that looks like another one is refused, whatever the edit distance', () => {
  expect(found('g00g1e-ana1ytics', ['google-analytics'])).toEqual([
    {
      rule: 'look-alike-name',
      severity: 'error',
      message: "name 'g00g1e-ana1ytics' looks like existing package 'google-analytics'",
    },
  ]);
  expect(found('p-d-f', ['pdf']).map(({ rule }) => rule)).toEqual(['look-alike-name']);
});

test('a name with affixes beside the plain one is a warning; the plain one beside it is none', () => {
  expect(found('web-search-plus', ['web-search'])).toEqual([
    {
      rule: 'affix-name',
      severity: 'warning',
      message: "name 'web-search-plus' differs from existing package 'web-search' by common words alone",
    },
  ]);
  expect(found('web-search', ['web-search-plus'])).toEqual([]);
});

test('one finding a name, by the strictest rule', () => {
  expect(found('pdf-reader5', ['pdf-readers', 'pdf-readers']).map(({ rule }) => rule)).toEqual(['similar-name']);
});

test.each([
  ['the rules turned off', 'p-d-f-reader', 'pdfreader', 0],
  ['two letters', 'a-l', 'ai', 2],
  ['the same name', 'pdf-reader', 'pdf-reader', 2],
])('%s: nothing is found', (_, name, other, maxNameDistance) => {
  expect(found(name, [other], maxNameDistance)).toEqual([]);
});
