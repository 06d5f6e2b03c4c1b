import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCampaign } from './campaign.ts';
import { randomOf } from './random.ts';
import { runCase } from './target.ts';
import { openTarget, TARGET_NAMES } from './targets.ts';

const CASES: Record<string, number> = { archive: 600, frontmatter: 1000, manifest: 3000, 'skill-yaml': 600 };

test.each(TARGET_NAMES)('no case breaks the reader: %s', async (name) => {
  const target = await openTarget(name, []);
  const counts = { accepted: 0, refused: 0 };
  for (let index = 0; index < (CASES[name] ?? 0); index++) {
    const outcome = await runCase(target, target.generate(randomOf(20_261, index)));
    if (typeof outcome === 'object') throw new Error(`case ${index}: ${outcome.kind}, ${outcome.message}`);
    counts[outcome]++;
  }
  // Input that is always refused, or never, tests little.
  expect(counts.accepted).toBeGreaterThan(20);
  expect(counts.refused).toBeGreaterThan(20);
});

test('equal seeds give equal cases, others do not', async () => {
  const target = await openTarget('archive', []);
  const bytes = (seed: number, index: number) => Buffer.from(target.generate(randomOf(seed, index))).toString('hex');
  expect(bytes(1, 5)).toBe(bytes(1, 5));
  expect(bytes(1, 5)).not.toBe(bytes(2, 5));
  expect(bytes(1, 5)).not.toBe(bytes(1, 6));
});

test.each([
  ['crash', 'crash', 'TypeError: broken'],
  ['slow', 'hang', 'took more than 1000 ms'],
  ['endless', 'hang', 'did not end within 6000 ms'],
  ['heap', 'memory', 'needs more than 256 MiB of heap'],
])(
  'a reader with the fault "%s" is found and its input made smaller',
  { timeout: 120_000 },
  async (target, kind, message) => {
    const module = join(import.meta.dirname, 'faulty-targets.ts');
    const limits = { seconds: 60, maxCases: 6, stuckMs: 6000, minimiseTries: target === 'crash' ? 200 : 2 };
    const { findings } = await runCampaign({ module, target, withCorpus: false, seed: 1, ...limits });
    expect(findings.map(({ trouble }) => trouble)).toEqual([{ kind, message }]);
    expect(findings[0]?.input).toHaveLength(40);
    expect(findings[0]?.smallest.includes(0x21)).toBe(true);
    expect(findings[0]?.smallest.length).toBeLessThanOrEqual(target === 'crash' ? 1 : 20);
  },
);
