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

test('what skill.yaml says of capabilities, versions of frameworks and the author is kept, if it says anything', () => {
  const yaml = `author: { name: Ann, email: ann@example.com, url: "https://ann.example" }
capabilities: [ocr]
frameworks: { roundtable: ">=1.0.0", claude: true }
homepage: https://example.com
npm-package: "@acme/pdf"`;
  expect(read(['homepage: ignored', 'repository: https://git.example'], { 'skill.yaml': yaml }).metadata).toMatchObject(
    {
      author: 'Ann',
      authorEmail: 'ann@example.com',
      authorUrl: 'https://ann.example',
      capabilities: ['ocr'],
      frameworks: ['roundtable', 'claude'],
      frameworkRanges: { roundtable: '>=1.0.0' },
      homepage: 'https://example.com',
      repository: 'https://git.example',
      npmPackage: '@acme/pdf',
    },
  );
  const { metadata } = read([], { 'skill.yaml': 'frameworks: [claude]' });
  for (const key of ['authorEmail', 'capabilities', 'frameworkRanges', 'homepage', 'npmPackage']) {
    expect(metadata).not.toHaveProperty(key);
  }
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

describe('limits', () => {
  const list = (count: number) => `[${Array.from({ length: count }, (_, n) => `k${n}`).join(', ')}]`;
  const within: [string, string[], Record<string, string>][] = [
    ['a category', [], { 'manifest.json': manifest({ category: 'c'.repeat(64) }) }],
    ['a license', [`license: ${'l'.repeat(200)}`], {}],
    ['a license of characters in two units', [`license: ${'😀'.repeat(200)}`], {}],
    ['an author', [`author: ${'a'.repeat(200)}`], {}],
    ['keywords', [`keywords: ${list(50)}`], {}],
    ['a keyword', [`tags: [${'k'.repeat(64)}]`], {}],
  ];
  test.each(within)('%s may be exactly at its limit', (_, lines, files) => {
    expect(read(lines, files).metadata.name).toBe('pdf');
  });

  const over: [string, string[], Record<string, string>, string, string][] = [
    [
      'a category',
      [],
      { 'manifest.json': manifest({ category: 'c'.repeat(65) }) },
      'invalid_manifest',
      'manifest.json: category: must have at most 64 characters',
    ],
    [
      'a license',
      [`license: ${'l'.repeat(201)}`],
      {},
      'invalid_skill_md',
      'SKILL.md line 4: license is 201 characters long; the maximum is 200',
    ],
    [
      'an author',
      [`author: { name: ${'a'.repeat(201)} }`],
      {},
      'invalid_skill_md',
      'SKILL.md: author is 201 characters long; the maximum is 200',
    ],
    [
      'an author in metadata',
      [`metadata: { author: ${'a'.repeat(201)} }`],
      {},
      'invalid_skill_md',
      'SKILL.md: author is 201 characters long; the maximum is 200',
    ],
    [
      'a keyword',
      [`tags: [${'k'.repeat(65)}]`],
      {},
      'invalid_skill_md',
      'SKILL.md: a keyword is 65 characters long; the maximum is 64',
    ],
    [
      'keywords of two files together',
      [`keywords: ${list(50)}`],
      { 'skill.yaml': 'keywords: [one more]' },
      'invalid_skill_md',
      'SKILL.md: keywords has 51 entries; the maximum is 50',
    ],
  ];
  test.each(over)('%s over its limit is refused', async (_, lines, files, code, message) => {
    expect(await formatErrorFrom(() => read(lines, files))).toMatchObject({ code, message });
  });

  test('many tags in one text are separated by spaces', () => {
    const tags = 'nvidia blueprint operational deployment video-analytics-api rest-api more';
    expect(read([`tags: ${tags}`]).metadata.keywords).toEqual(tags.split(' '));
    expect(read(['tags: machine learning']).metadata.keywords).toEqual(['machine learning']);
  });

  const KIB = 1024;
  test.each([
    ['SKILL.md', 1024 * KIB],
    ['manifest.json', 128 * KIB],
    ['skill.yaml', 64 * KIB],
  ])('%s over %d bytes is refused before it is decoded', async (path, max) => {
    const sized = (size: number) => ({
      files: [
        ...bundleWith({ 'SKILL.md': skillMd() }).files.filter((file) => file.path !== path),
        { path, bytes: new Uint8Array(size).fill(0xff), executable: false },
      ],
    });
    expect(await formatErrorFrom(() => readMetadata(sized(max + 1)))).toMatchObject({
      code: 'limit_exceeded',
      file: path,
      message: `${path} has ${max + 1} bytes; the limit is ${max}`,
    });
    expect((await formatErrorFrom(() => readMetadata(sized(max)))).message).toBe(`${path} is not valid UTF-8`);
  });
});
