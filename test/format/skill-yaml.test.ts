import { describe, expect, test } from 'vitest';
import { parseSkillYaml } from '../../src/format/skill-yaml.ts';
import { formatErrorFrom } from '../support/archives.ts';

const EMPTY = { keywords: [], capabilities: [], frameworks: [], dependencies: [] };

describe('frameworks in all their forms', () => {
  const openai = { name: 'openai', adapter: '.skill/openai.json' };
  test.each([
    ['names', 'frameworks: [claude, openai]', [{ name: 'claude' }, { name: 'openai' }]],
    [
      'a map to paths',
      'frameworks: { openai: .skill/openai.json, claude: true, other: false, bare: }',
      [openai, { name: 'claude' }, { name: 'bare' }],
    ],
    ['a map to maps', 'frameworks: { openai: { adapter: .skill/openai.json } }', [openai]],
    [
      'a list of maps',
      'frameworks:\n  - name: openai\n    adapter: .skill/openai.json\n  - name: claude',
      [openai, { name: 'claude' }],
    ],
    [
      'a map to ranges',
      'frameworks: { roundtable: ">=1.0.0", claude-api: 2, openai: .skill/openai.json }',
      [{ name: 'roundtable', range: '>=1.0.0' }, { name: 'claude-api', range: '2' }, openai],
    ],
    [
      'a list of maps with one name each',
      'frameworks:\n  - roundtable: ">=1.0.0"\n  - openai: { adapter: .skill/openai.json, range: ^2 }\n  - claude',
      [{ name: 'roundtable', range: '>=1.0.0' }, { ...openai, range: '^2' }, { name: 'claude' }],
    ],
    [
      'a list with compatibility and a file of instructions',
      'frameworks:\n  - name: openai\n    compatibility: ">=1.0.0"\n    instructions-file: .skill/openai.json\n    extra: [1]',
      [{ ...openai, range: '>=1.0.0' }],
    ],
    [
      'what is said of a framework in another form is passed over',
      'frameworks:\n  - { name: openai, compatibility: [1, 2] }',
      [{ name: 'openai' }],
    ],
  ])('%s', (_, text, frameworks) => {
    expect(parseSkillYaml(text)).toEqual({ ...EMPTY, frameworks });
  });
});

describe('dependencies in their three forms', () => {
  const dependency = (name: string, range: string, optional = false) => ({ name, range, optional });
  test.each([
    [
      'references',
      'dependencies: [pdf@^1.0.0, "@acme/docx@latest", xlsx]',
      [dependency('pdf', '^1.0.0'), dependency('@acme/docx', 'latest'), dependency('xlsx', '*')],
    ],
    [
      'a map',
      'dependencies: { pdf: ^1.0.0, "@acme/docx": 2, acme/xlsx: }',
      [dependency('pdf', '^1.0.0'), dependency('@acme/docx', '2'), dependency('@acme/xlsx', '*')],
    ],
    [
      'maps',
      'dependencies:\n  - { name: pdf, version: ^1.0.0 }\n  - { name: docx, range: ~2.1, optional: true }\n  - name: xlsx',
      [dependency('pdf', '^1.0.0'), dependency('docx', '~2.1', true), dependency('xlsx', '*')],
    ],
    [
      'packages of another ecosystem, passed over',
      'dependencies: { pdf: ^1.0.0, python: { pandas: ">=2" } }',
      [dependency('pdf', '^1.0.0')],
    ],
  ])('%s', (_, text, dependencies) => {
    expect(parseSkillYaml(text)).toEqual({ ...EMPTY, dependencies });
  });
});

test('every plain field', () => {
  const text =
    'name: pdf\nversion: 1.2.3\ndescription: d\nlicense: MIT\nauthor: { name: Ann, email: a@b.c }\nkeywords: [a, 2]\nextra: 1';
  expect(parseSkillYaml(text)).toEqual({
    ...EMPTY,
    name: 'pdf',
    version: '1.2.3',
    description: 'd',
    license: 'MIT',
    author: { name: 'Ann', email: 'a@b.c' },
    keywords: ['a', '2'],
  });
});

test('where a skill is from, and what it can do', () => {
  const stated = {
    homepage: 'https://example.com',
    repository: 'https://github.com/acme/pdf',
    npmPackage: '@acme/pdf',
    npmVersion: '2.0.0',
    capabilities: ['read-pdf', 'ocr'],
  };
  const text = `author: { name: Ann, url: "https://ann.example" }
homepage: https://example.com
repository: { type: git, url: "https://github.com/acme/pdf" }
npm-package: "@acme/pdf"
npm-version: 2.0.0
capabilities: read-pdf, ocr`;
  expect(parseSkillYaml(text)).toEqual({
    ...EMPTY,
    ...stated,
    author: { name: 'Ann', url: 'https://ann.example' },
  });
  expect(parseSkillYaml('npmPackage: "@acme/pdf"\nnpmVersion: 2.0.0')).toMatchObject({
    npmPackage: '@acme/pdf',
    npmVersion: '2.0.0',
  });
  const odd =
    'homepage: [a]\nrepository: 5\nnpm-package: {}\ncapabilities: { network: true }\nauthor: { name: Ann, email: 5 }';
  expect(parseSkillYaml(odd)).toEqual({ ...EMPTY, author: { name: 'Ann' } });
});

test('an empty file, keywords in one text, and tags', () => {
  expect(parseSkillYaml('')).toEqual(EMPTY);
  expect(parseSkillYaml('keywords: a, b ,').keywords).toEqual(['a', 'b']);
  expect(parseSkillYaml('tags: [a]\nauthor: Ann')).toEqual({ ...EMPTY, keywords: ['a'], author: { name: 'Ann' } });
});

test.each([
  ['YAML that does not parse', 'description: a: b', /skill.yaml line 1: the YAML is not valid/],
  ['a list', '- a', /the document does not have the expected form/],
  ['a bad name', 'name: PDF', /name is wrong: .*lower case/],
  ['a bad version', 'version: "1.0"', /version '1.0' is not a semantic version/],
  ['a bad range', 'dependencies: [pdf@nonsense]', /asks for 'pdf' in 'nonsense'/],
  ['a bad dependency', 'dependencies: ["../pdf"]', /does not name a skill/],
  ['frameworks that are a number', 'frameworks: 3', /frameworks does not have the expected form/],
])('%s is refused', async (_, text, message) => {
  const error = await formatErrorFrom(() => parseSkillYaml(text));
  expect(error).toMatchObject({
    code: 'invalid_skill_yaml',
    file: 'skill.yaml',
    message: expect.stringMatching(message),
  });
});

const list = (count: number) => `[${Array.from({ length: count }, (_, n) => `k${n}`).join(', ')}]`;

test.each([
  ['a license', `license: ${'l'.repeat(200)}`],
  ['an author', `author: ${'a'.repeat(200)}`],
  ['keywords', `keywords: ${list(50)}`],
  ['a keyword', `tags: [${'k'.repeat(64)}]`],
  ['frameworks', `frameworks: ${list(50)}`],
  ['a framework', `frameworks: [${'f'.repeat(64)}]`],
  ['dependencies', `dependencies: ${list(100)}`],
  ['capabilities', `capabilities: ${list(50)}`],
  ['a homepage', `homepage: ${'h'.repeat(500)}`],
  ['a range', `dependencies: { pdf: "${'1.0.0 || '.repeat(11)}2" }`],
])('%s may be exactly at its limit', (_, text) => {
  expect(parseSkillYaml(text)).toMatchObject({ keywords: expect.any(Array) });
});

test.each([
  ['license is 201 characters long; the maximum is 200', `license: ${'l'.repeat(201)}`],
  ['author is 201 characters long; the maximum is 200', `author: { name: ${'a'.repeat(201)} }`],
  ['keywords has 51 entries; the maximum is 50', `keywords: ${list(51)}`],
  ['a keyword is 65 characters long; the maximum is 64', `tags: [${'k'.repeat(65)}]`],
  ['frameworks has 51 entries; the maximum is 50', `frameworks: ${list(51)}`],
  ['the name of a framework is 65 characters long; the maximum is 64', `frameworks: { ${'f'.repeat(65)}: true }`],
  ['capabilities has 51 entries; the maximum is 50', `capabilities: ${list(51)}`],
  ['a capability is 65 characters long; the maximum is 64', `capabilities: [${'c'.repeat(65)}]`],
  ['homepage is 501 characters long; the maximum is 500', `homepage: ${'h'.repeat(501)}`],
  ["the author's email is 201 characters long; the maximum is 200", `author: { name: A, email: ${'e'.repeat(201)} }`],
  ['dependencies has 101 entries; the maximum is 100', `dependencies: ${list(101)}`],
  ['the name of a dependency is 131 characters long; the maximum is 130', `dependencies: [${'d'.repeat(131)}]`],
  [
    'the range of a dependency is 101 characters long; the maximum is 100',
    `dependencies: { pdf: "${'1.0.0 || '.repeat(11)}22" }`,
  ],
])('%s', async (message, text) => {
  expect(await formatErrorFrom(() => parseSkillYaml(text))).toMatchObject({
    code: 'invalid_skill_yaml',
    file: 'skill.yaml',
    message: `skill.yaml: ${message}`,
  });
});
