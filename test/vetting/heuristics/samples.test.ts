import { describe, expect, test } from 'vitest';
import { examine } from '../../../src/vetting/heuristics/index.ts';
import { FAMILIES } from '../samples/index.ts';
import { skillOf } from '../samples/sample.ts';
import { bundleFrom, sampleBundle } from './bundles.ts';

/** Known to be missed: the order to obey stands in another block than the command that fetches what is obeyed. */
const MISSED = ['curl-into-context'];

const all = FAMILIES.flatMap(({ family, first, paraphrase }) =>
  [...first, ...paraphrase].map((sample, index) => ({ id: `${family}: ${sample.name}`, sample, index })),
);

test('there are enough samples, half of them paraphrases', () => {
  const paraphrases = FAMILIES.reduce((sum, { paraphrase }) => sum + paraphrase.length, 0);
  expect(all.length).toBeGreaterThanOrEqual(150);
  expect(paraphrases).toBeGreaterThanOrEqual(all.length / 2);
  expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
});

describe('harmful skills are not clean', () => {
  test.each(all.filter(({ sample }) => !MISSED.includes(sample.name)))('$id', ({ sample, index }) => {
    expect(examine(sampleBundle(sample, index)).verdict).not.toBe('clean');
  });
});

test('the skill around the samples is clean', () => {
  for (let index = 0; index < 5; index++) {
    const report = examine(bundleFrom({ 'SKILL.md': skillOf({ name: 'none' }, index) }));
    expect(report).toMatchObject({ verdict: 'clean', score: 0, findings: [] });
  }
});

test('what is known to be missed is a sample, and is still missed', () => {
  const missed = all.filter(({ sample }) => MISSED.includes(sample.name));
  expect(missed.map(({ sample, index }) => examine(sampleBundle(sample, index)).verdict)).toEqual(['clean']);
});
