import { expect, test } from 'vitest';
import { hasBlockingFinding } from '../../src/format/finding.ts';
import { DEFAULT_LIMITS } from '../../src/format/limits.ts';
import { vetStructure } from '../../src/vetting/rules.ts';
import { bundleWith, SKILL_MD, textFile } from '../support/archives.ts';

const vet = (files: Record<string, string> = {}, limits = DEFAULT_LIMITS) =>
  vetStructure(bundleWith(files), { limits, name: 'pdf-tools' });
const rules = (...args: Parameters<typeof vet>) =>
  vet(...args).map((finding) => [finding.rule, finding.severity, finding.file]);

test('a rich skill has no findings', () => {
  expect(vet({ 'src/a.ts': '', 'docs/b.md': '', 'fonts/c.ttf': '\0', 'package.json': '{}', LICENSE: '' })).toEqual([]);
  const executable = { files: [textFile('SKILL.md', SKILL_MD), textFile('run', '#!/bin/sh', true)] };
  expect(vetStructure(executable, { limits: DEFAULT_LIMITS, name: 'pdf-tools' })).toEqual([]);
});

test('a missing or invalid SKILL.md blocks, with its line', () => {
  expect(vetStructure({ files: [] }, { limits: DEFAULT_LIMITS, name: 'a' })).toMatchObject([
    { rule: 'invalid-skill-md', severity: 'error' },
  ]);
  const findings = vet({ 'SKILL.md': '---\nname: pdf-tools\ndescription: a: b\n---\n' });
  expect(findings).toMatchObject([
    { rule: 'invalid-skill-md', severity: 'error', stage: 'structure', file: 'SKILL.md', line: 3 },
  ]);
  expect(hasBlockingFinding(findings)).toBe(true);
});

test('an invalid manifest.json or skill.yaml blocks', () => {
  expect(rules({ 'manifest.json': '{}' })).toEqual([['invalid-manifest', 'error', 'manifest.json']]);
  expect(rules({ 'skill.yaml': 'name: other' })).toEqual([['invalid-skill-yaml', 'error', 'skill.yaml']]);
});

test('another name than the one it is published under blocks', () => {
  expect(vetStructure(bundleWith(), { limits: DEFAULT_LIMITS, name: 'other' })).toMatchObject([
    { rule: 'name-differs', severity: 'error' },
  ]);
});

test('warnings of the metadata are passed on', () => {
  const findings = vet({ 'SKILL.md': SKILL_MD.replace('\n---\n', '\ncolour: red\n---\n') });
  expect(findings).toMatchObject([{ rule: 'unknown-frontmatter-key', severity: 'warning' }]);
  expect(hasBlockingFinding(findings)).toBe(false);
});

test('SKILL.md may have 1,000 lines', () => {
  const ofLines = (lines: number) => SKILL_MD + '\n'.repeat(lines - SKILL_MD.split('\n').length + 1);
  expect(rules({ 'SKILL.md': ofLines(1000) })).toEqual([]);
  expect(rules({ 'SKILL.md': ofLines(1001) })).toEqual([['skill-md-too-long', 'warning', 'SKILL.md']]);
});

test('a file of the format that is too long is a finding, not a crash', () => {
  const long = `${SKILL_MD}${'\n'.repeat(1024 * 1024)}`;
  expect(rules({ 'SKILL.md': long })).toEqual([
    ['limit-exceeded', 'error', 'SKILL.md'],
    ['skill-md-too-long', 'warning', 'SKILL.md'],
  ]);
  expect(rules({ 'manifest.json': ' '.repeat(128 * 1024 + 1) })).toEqual([
    ['limit-exceeded', 'error', 'manifest.json'],
  ]);
});

test('a script may have 128 KiB', () => {
  const kib128 = 'x'.repeat(128 * 1024);
  expect(rules({ 'scripts/a.py': kib128, 'assets/b.txt': `${kib128}x` })).toEqual([]);
  expect(rules({ 'scripts/a.py': `${kib128}x` })).toEqual([['script-too-large', 'warning', 'scripts/a.py']]);
});

test('limits are checked again', () => {
  const files = { 'a.txt': 'x'.repeat(200), 'b.txt': 'x' };
  const size = SKILL_MD.length + 201;
  const exact = { ...DEFAULT_LIMITS, maxFiles: 3, maxFileBytes: 200, maxUnpackedBytes: size };
  expect(rules(files, exact)).toEqual([]);
  expect(rules(files, { ...exact, maxFiles: 2 })).toEqual([['too-many-files', 'error', undefined]]);
  expect(rules(files, { ...exact, maxFileBytes: 199 })).toEqual([['file-too-large', 'error', 'a.txt']]);
  expect(rules(files, { ...exact, maxUnpackedBytes: size - 1 })).toEqual([['too-large', 'error', undefined]]);
});
