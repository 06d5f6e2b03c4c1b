import { describe, expect, test } from 'vitest';
import { parseSkillYaml } from '../../src/format/skill-yaml.ts';
import { formatErrorFrom } from '../support/archives.ts';

const EMPTY = { keywords: [], frameworks: [], dependencies: [] };

describe('frameworks in their three forms', () => {
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
    author: 'Ann',
    keywords: ['a', '2'],
  });
});

test('an empty file, keywords in one text, and tags', () => {
  expect(parseSkillYaml('')).toEqual(EMPTY);
  expect(parseSkillYaml('keywords: a, b ,').keywords).toEqual(['a', 'b']);
  expect(parseSkillYaml('tags: [a]\nauthor: Ann')).toEqual({ ...EMPTY, keywords: ['a'], author: 'Ann' });
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
