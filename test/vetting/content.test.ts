import { expect, test } from 'vitest';
import { vetContent } from '../../src/vetting/rules.ts';
import { bundleWith, SKILL_MD } from '../support/archives.ts';

const withDescription = (description: string) =>
  bundleWith({ 'SKILL.md': `---\nname: pdf\ndescription: ${description}\n---\n` });
// Put together at run time, so that no scanner takes this file for a leak.
const key = ['AKIA', 'QWERTZUI', 'OPLKJHGF'].join('').replace('QWERTZUI', 'Q7XRT2ZU');

test('a plain skill has no findings', () => {
  expect(
    vetContent(bundleWith({ 'references/a.md': 'text', 'references/b.MD': '', 'references/deep/c.markdown': '' })),
  ).toEqual([]);
});

test('a description has at least 20 characters', () => {
  expect(vetContent(withDescription('x'.repeat(20)))).toEqual([]);
  expect(vetContent(withDescription('😀'.repeat(19)))).toMatchObject([
    {
      rule: 'description-too-short',
      severity: 'error',
      stage: 'content',
      message: 'description is too short (minimum 20 characters)',
    },
  ]);
});

test('an invalid SKILL.md is left to the structure stage', () => {
  expect(vetContent(bundleWith({ 'SKILL.md': 'no frontmatter' }))).toEqual([]);
});

test('references/ holds Markdown only', () => {
  expect(vetContent(bundleWith({ 'references/data.json': '{}', 'assets/data.json': '{}' }))).toMatchObject([
    {
      rule: 'reference-not-markdown',
      severity: 'error',
      message: "non-markdown file in references/: 'references/data.json'",
    },
  ]);
});

test('a secret is found in any text file, with its line and without its value', () => {
  const findings = vetContent(bundleWith({ 'src/config.py': `a = 1\n\nkey = "${key}"\n` }));
  expect(findings).toMatchObject([
    { rule: 'secret-aws-access-key', severity: 'error', file: 'src/config.py', line: 3 },
  ]);
  expect(findings[0]?.message).toMatch(/^possible hardcoded secret found: 'AKIA… \(20 characters\)'/);
  expect(JSON.stringify(findings)).not.toContain(key);
});

test('a secret is found in UTF-16 and in broken UTF-8, not in a binary file', () => {
  const file = (bytes: Uint8Array) => ({ files: [...bundleWith().files, { path: 'x', bytes, executable: false }] });
  const utf16 = Buffer.from(`\ufeffkey ${key}`, 'utf16le');
  expect(vetContent(file(utf16))).toHaveLength(1);
  expect(vetContent(file(Buffer.concat([Buffer.from(`${key} `), Buffer.of(0xff)])))).toHaveLength(1);
  expect(vetContent(file(Buffer.concat([Buffer.of(0), Buffer.from(` ${key}`)])))).toEqual([]);
});

test('at most 50 secrets are reported', () => {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const keys = Array.from(
    { length: 60 },
    (_, n) => `${key.slice(0, 18)}${digits[n % 32]}${digits[Math.floor(n / 32)]}`,
  );
  expect(vetContent(bundleWith({ 'keys.txt': keys.join('\n'), 'SKILL.md': SKILL_MD }))).toHaveLength(50);
});
