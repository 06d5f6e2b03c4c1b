import { describe, expect, test } from 'vitest';
import { examine, OWASP_RISKS, RULES } from '../../../src/vetting/heuristics/index.ts';
import { exampleBundle } from './bundles.ts';

/** A place that a reader should hear of; below it, the context has taken the weight away. */
const NOTABLE = 20;

describe.each(RULES.map((rule) => ({ rule, id: rule.id })))('$id', ({ rule, id }) => {
  test('says what it is about', () => {
    expect(rule.examples.match.length).toBeGreaterThan(0);
    expect(rule.examples.pass.length).toBeGreaterThan(0);
    expect(rule.why).toMatch(/^[A-Z].{30,}\.$/);
    expect(rule.fix).toMatch(/^[A-Z].{6,}\.$/);
    expect(rule.owasp.every((risk) => risk in OWASP_RISKS)).toBe(true);
  });

  test.each(rule.examples.match.map((example) => ({ example })))('matches $example', ({ example }) => {
    const found = examine(exampleBundle(example)).findings.find((finding) => finding.rule === id);
    expect(found?.points ?? 0).toBeGreaterThanOrEqual(Math.min(NOTABLE, rule.weight * 0.5));
  });

  test.each(rule.examples.pass.map((example) => ({ example })))('passes $example', ({ example }) => {
    const report = examine(exampleBundle(example));
    const found = report.findings.find((finding) => finding.rule === id);
    expect(found?.points ?? 0).toBeLessThan(NOTABLE);
    expect(report.verdict).toBe('clean');
  });
});

test('no two rules have one id', () => {
  expect(new Set(RULES.map((rule) => rule.id)).size).toBe(RULES.length);
});
