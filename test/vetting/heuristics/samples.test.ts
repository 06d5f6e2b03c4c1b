import { describe, expect, test } from 'vitest';
import { examine } from '../../../src/vetting/heuristics/index.ts';
import { FURTHER_VARIATIONS } from '../samples/further-variations.ts';
import { FAMILIES } from '../samples/index.ts';
import { skillOf } from '../samples/sample.ts';
import { LOOK_ALIKES } from '../samples/unseen/look-alikes.ts';
import { UNSEEN_PROGRAMS } from '../samples/unseen/programs.ts';
import { UNSEEN_TEXTS } from '../samples/unseen/texts.ts';
import { VARIATIONS } from '../samples/variations.ts';
import { bundleFrom, sampleBundle } from './bundles.ts';

/**
 * Known to be missed: the order to obey stands in another block than the command that fetches what is obeyed; the rest looks like
 * the work of every day, or is packed in a way that nothing here unpacks.
 */
const MISSED = [
  'curl-into-context',
  'sh-git-remote-push',
  'js-worm-publish',
  'p-license-check',
  'p-helper-daemon',
  'sh-xor-run',
  'prose2-review-pass',
  'prose4-share-link',
  'prose4-invoice',
];

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

const further = [VARIATIONS, FURTHER_VARIATIONS, UNSEEN_PROGRAMS, UNSEEN_TEXTS].flatMap((samples) =>
  samples.map((sample, index) => ({ name: sample.name, sample, index })),
);

describe('harm in other words is not clean', () => {
  test.each(further.filter(({ sample }) => !MISSED.includes(sample.name)))('$name', ({ sample, index }) => {
    expect(examine(sampleBundle(sample, index)).verdict).not.toBe('clean');
  });
});

describe('what only looks like harm is clean', () => {
  test.each(LOOK_ALIKES.map((sample, index) => ({ name: sample.name, sample, index })))(
    '$name',
    ({ sample, index }) => {
      expect(examine(sampleBundle(sample, index))).toMatchObject({ verdict: 'clean' });
    },
  );
});

test('the skill around the samples is clean', () => {
  for (let index = 0; index < 5; index++) {
    const report = examine(bundleFrom({ 'SKILL.md': skillOf({ name: 'none' }, index) }));
    expect(report).toMatchObject({ verdict: 'clean', score: 0, findings: [] });
  }
});

test('what is known to be missed is a sample, and is still missed', () => {
  const missed = [...all, ...further].filter(({ sample }) => MISSED.includes(sample.name));
  expect(missed.map(({ sample, index }) => examine(sampleBundle(sample, index)).verdict)).toEqual(
    MISSED.map(() => 'clean'),
  );
});
