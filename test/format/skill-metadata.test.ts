import { describe, expect, test } from 'vitest';
import { readMetadata } from '../../src/format/skill-metadata.ts';
import { bundleWith, formatErrorFrom } from '../support/archives.ts';

const skillMd = (...lines: string[]) =>
  ['---', 'name: pdf', 'description: Reads PDF files.', ...lines, '---', ''].join('\n');
const read = (lines: string[], more: Record<string, string> = {}) =>
  readMetadata(bundleWith({ 'SKILL.md': skillMd(...lines), ...more }));
const manifest = (more: object = {}) => JSON.stringify({ name: 'pdf', version: '4.0.0', ...more });

test('SKILL.md alone', () => {
  expect(read([])).toEqual({
    metadata: {
      name: 'pdf',
      description: 'Reads PDF files.',
      keywords: [],
      frameworks: [],
      dependencies: [],
      frontmatter: { name: 'pdf', description: 'Reads PDF files.' },
    },
    findings: [],
  });
});

describe('the version', () => {
  const frontmatter = ['version: 2.0.0', 'metadata: { version: "3.0.0" }'];
  const yaml = { 'skill.yaml': 'version: 1.0.0' };
  test.each([
    ['manifest.json', frontmatter, { ...yaml, 'manifest.json': manifest() }, '4.0.0'],
    ['metadata.version', frontmatter, yaml, '3.0.0'],
    ['version', ['version: 2.0.0'], yaml, '2.0.0'],
    ['skill.yaml', [], yaml, '1.0.0'],
    ['nothing', [], {}, undefined],
  ])('comes from %s', (_, lines, files, version) => {
    expect(read(lines, files).metadata.version).toBe(version);
  });

  test('in SKILL.md is skipped with a warning when it is not semver', () => {
    const { metadata, findings } = read(['version: 1.0', 'metadata: { version: two }'], yaml);
    expect(metadata.version).toBe('1.0.0');
    expect(findings.map((finding) => [finding.rule, finding.severity])).toEqual([
      ['version-not-semver', 'warning'],
      ['version-not-semver', 'warning'],
    ]);
  });
});

test('the other fields by strength', () => {
  const files = {
    'manifest.json': manifest({ namespace: 'acme', category: 'documents', description: 'ignored' }),
    'skill.yaml': 'license: GPL\nauthor: Yaml\nkeywords: [b, a]\nframeworks: [claude]\ndependencies: [docx@^1.0.0]',
  };
  const lines = [
    'license: MIT',
    'author: Front',
    'tags: [a, c]',
    'compatibility: any',
    'allowed-tools: Read',
    'metadata: { author: Meta, tags: "d, e" }',
  ];
  expect(read(lines, files).metadata).toMatchObject({
    namespace: 'acme',
    category: 'documents',
    version: '4.0.0',
    description: 'Reads PDF files.',
    license: 'MIT',
    author: 'Yaml',
    compatibility: 'any',
    allowedTools: 'Read',
    keywords: ['b', 'a', 'c', 'd', 'e'],
    frameworks: ['claude'],
    dependencies: [{ name: 'docx', range: '^1.0.0', optional: false }],
  });
  expect(read([], files).metadata.license).toBe('GPL');
  expect(read(['author: Front', 'metadata: { author: Meta }']).metadata.author).toBe('Meta');
  expect(read(['author: { name: Front }']).metadata.author).toBe('Front');
});

test('another description in skill.yaml is reported', () => {
  const { metadata, findings } = read([], { 'skill.yaml': 'description: other' });
  expect(metadata.description).toBe('Reads PDF files.');
  expect(findings.map((finding) => finding.rule)).toEqual(['description-differs']);
  expect(read([], { 'skill.yaml': 'description: Reads PDF files.' }).findings).toEqual([]);
});

test.each([
  [
    'invalid_manifest',
    { 'manifest.json': manifest({ name: 'doc' }) },
    "manifest.json names the skill 'doc', but SKILL.md names it 'pdf'",
  ],
  [
    'invalid_skill_yaml',
    { 'skill.yaml': 'name: doc' },
    "skill.yaml names the skill 'doc', but SKILL.md names it 'pdf'",
  ],
  [
    'invalid_skill_yaml',
    { 'skill.yaml': 'version: x' },
    "skill.yaml: version 'x' is not a semantic version such as 1.0.0",
  ],
])('%s', async (code, files, message) => {
  expect(await formatErrorFrom(() => read([], files))).toMatchObject({ code, message });
});

test('files that are not UTF-8 or missing', async () => {
  const bytes = Uint8Array.of(0xff, 0xfe, 0xff);
  const latin = { files: [{ path: 'SKILL.md', bytes, executable: false }] };
  expect(await formatErrorFrom(() => readMetadata(latin))).toMatchObject({
    code: 'invalid_skill_md',
    message: 'SKILL.md is not valid UTF-8',
  });
  expect(await formatErrorFrom(() => readMetadata({ files: [] }))).toMatchObject({ code: 'invalid_skill_md' });
});
