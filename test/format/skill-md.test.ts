import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { parseSkillMd } from '../../src/format/skill-md.ts';
import { formatErrorFrom } from '../support/archives.ts';

const skill = (...lines: string[]) => ['---', ...lines, '---', '# Body', ''].join('\n');
const good = (...more: string[]) => skill('name: pdf', 'description: Reads PDF files.', ...more);
const keys = (count: number, indent = '') => Array.from({ length: count }, (_, n) => `${indent}k${n}: 1`);
const rulesOf = (text: string) => parseSkillMd(text).findings.map((finding) => [finding.rule, finding.line]);

describe('valid files', () => {
  test('the two required fields', () => {
    expect(parseSkillMd(good())).toEqual({
      frontmatter: { name: 'pdf', description: 'Reads PDF files.' },
      name: 'pdf',
      description: 'Reads PDF files.',
      metadata: {},
      body: '# Body\n',
      bodyLine: 5,
      findings: [],
    });
  });

  test('every field of the specification', () => {
    const text = good(
      'license: Apache-2.0',
      'compatibility: Needs Python 3.12',
      'allowed-tools: Bash(git:*) Read',
      'metadata:',
      '  author: acme',
      '  version: "1.0.0"',
    );
    expect(parseSkillMd(text)).toMatchObject({
      license: 'Apache-2.0',
      compatibility: 'Needs Python 3.12',
      allowedTools: 'Bash(git:*) Read',
      metadata: { author: 'acme', version: '1.0.0' },
      version: '1.0.0',
      findings: [],
    });
  });

  test('CRLF after a last value in quotes', () => {
    const parsed = parseSkillMd(good('metadata:\n  version: "1.0.0"').replaceAll('\n', '\r\n'));
    expect(parsed.version).toBe('1.0.0');
  });

  test('a byte order mark and CRLF', () => {
    const parsed = parseSkillMd(`\ufeff${good('license: MIT').replaceAll('\n', '\r\n')}`);
    expect(parsed).toMatchObject({
      name: 'pdf',
      description: 'Reads PDF files.',
      license: 'MIT',
      body: '# Body\r\n',
      bodyLine: 6,
    });
  });

  test('a description of several lines', () => {
    const text = skill('name: pdf', 'description: >-', '  Reads files.', '  Use when: a PDF is there.');
    expect(parseSkillMd(text).description).toBe('Reads files. Use when: a PDF is there.');
  });

  test('dashes inside a value and in the body', () => {
    const text = `${skill('name: pdf', 'description: a --- b')}\n---\nmore`;
    expect(parseSkillMd(text)).toMatchObject({ description: 'a --- b', body: '# Body\n\n---\nmore' });
  });

  test('no body, and no line end after the fence', () => {
    expect(parseSkillMd('---\nname: a\ndescription: b\n---').body).toBe('');
  });

  test('a description of 1,024 characters, each counted once', () => {
    expect(parseSkillMd(skill('name: pdf', `description: ${'😀'.repeat(1024)}`)).description).toHaveLength(2048);
  });

  test('a compatibility of 500 characters', () => {
    expect(parseSkillMd(good(`compatibility: ${'x'.repeat(500)}`)).compatibility).toHaveLength(500);
  });

  test('numbers where text belongs keep their spelling', () => {
    const parsed = parseSkillMd(skill('name: 2048', 'description: 1.10', 'version: 1.10', 'license: 2.0'));
    expect(parsed).toMatchObject({ name: '2048', description: '1.10', version: '1.10', license: '2.0' });
  });

  test('metadata.version wins over version', () => {
    expect(parseSkillMd(good('version: 1.0.0', 'metadata: { version: "2.0.0" }')).version).toBe('2.0.0');
    expect(parseSkillMd(good('version: 1.0.0')).version).toBe('1.0.0');
  });

  test('20 levels are not too deep', () => {
    expect(parseSkillMd(good(`x: ${'['.repeat(18)}1${']'.repeat(18)}`)).name).toBe('pdf');
  });
});

describe('what is only reported', () => {
  test.each([
    'version: 1.0.0',
    'tags: [a]',
    'author: me',
    'user-invocable: true',
    'argument-hint: x',
    'homepage: x',
    'triggers: [x]',
  ])('not the common key %s', (line) => {
    expect(rulesOf(good(line))).toEqual([]);
  });

  test.each([
    ['an unknown key', ['colour: red'], 'unknown-frontmatter-key'],
    ['a number in metadata', ['metadata: { port: 80 }'], 'metadata-not-text'],
    ['a list of tools', ['allowed-tools: [Read, Write]'], 'allowed-tools-list'],
    ['a license that is a list', ['license: [MIT]'], 'license-not-text'],
  ])('%s', (_, lines, rule) => {
    expect(rulesOf(good(...lines))).toEqual([[rule, 4]]);
  });

  test('coerced values', () => {
    const parsed = parseSkillMd(
      good('allowed-tools: [Read, "Bash(ls:*)"]', 'metadata: { a: 1.50, b: true, c: { d: [1] }, e: }'),
    );
    expect(parsed.allowedTools).toBe('Read Bash(ls:*)');
    expect(parsed.metadata).toEqual({ a: '1.50', b: 'true', c: '{"d":[1]}', e: '' });
  });

  test('empty metadata', () => {
    expect(parseSkillMd(good('metadata:'))).toMatchObject({ metadata: {}, findings: [] });
  });
});

describe('invalid files', () => {
  const cases: [string, string, number, RegExp][] = [
    ['no frontmatter', '# PDF', 1, /must begin with a line '---'/],
    ['an empty file', '', 1, /must begin with a line '---'/],
    ['text before the fence', '\n---\nname: a\n---\n', 1, /must begin with a line '---'/],
    ['no end', '---\nname: a\ndescription: b\n', 1, /without an end/],
    ['an end that is longer', '---\nname: a\ndescription: b\n----\n', 1, /without an end/],
    ['empty frontmatter', skill(), 2, /must be a map/],
    ['a list', skill('- name'), 2, /must be a map/],
    ['plain text', skill('just text'), 2, /must be a map/],
    ['no name', skill('description: b'), 1, /name is missing/],
    ['an empty name', skill('name: ""', 'description: b'), 2, /name must be text and not empty/],
    ['a name of null', skill('name:', 'description: b'), 2, /name must be text and not empty/],
    ['a name that is a list', skill('name: [a]', 'description: b'), 2, /name must be text/],
    ['an upper-case name', skill('description: b', 'name: PDF'), 3, /must be lower case/],
    ['a name with two hyphens', skill('name: a--b', 'description: b'), 2, /two hyphens/],
    ['a name of 65 characters', skill(`name: ${'a'.repeat(65)}`, 'description: b'), 2, /the maximum is 64/],
    ['a name in another alphabet', skill('name: 技能', 'description: b'), 2, /must be ASCII/],
    ['no description', skill('name: a'), 1, /description is missing/],
    ['a blank description', skill('name: a', 'description: "  "'), 3, /description must be text and not empty/],
    ['a description that is a map', skill('name: a', 'description: { a: b }'), 3, /description must be text/],
    [
      'a description of 1,025',
      skill('name: a', `description: ${'d'.repeat(1025)}`),
      3,
      /is 1025 characters long; the maximum is 1024/,
    ],
    ['a compatibility of 501', good(`compatibility: ${'c'.repeat(501)}`), 4, /compatibility is 501 characters long/],
    ['an empty compatibility', good('compatibility: ""'), 4, /compatibility is 0 characters long/],
    ['a compatibility that is a list', good('compatibility: [a]'), 4, /compatibility must be text/],
    ['metadata that is text', good('metadata: text'), 4, /metadata must be a map/],
    [
      'an unquoted colon',
      skill('name: a', 'description: Use when: a PDF is there'),
      3,
      /a value without quotes holds ': '/,
    ],
    ['a key twice', good('license: a', 'license: b'), 5, /a key is there twice/],
    ['an alias', good('a: &x 1', 'b: *x'), 5, /uses the YAML alias \*x/],
    ['emphasis that reads as an alias', skill('name: a', 'description: *very* good'), 3, /YAML alias \*very\*/],
    ['a tag', good('a: !!binary aGk='), 4, /unknown tag/],
    ['an indent of a tab', good('a:', '\tb: 1'), 5, /not valid/],
    ['an open bracket', good('a: [1, 2'), 4, /not valid/],
    ['brackets 21 levels deep', good(`a: ${'['.repeat(21)}${']'.repeat(21)}`), 4, /nested deeper than 20 levels/],
    ['thousands of open brackets', good('b: 1', `a: ${'[{'.repeat(20_000)}`), 5, /nested deeper than 20 levels/],
    ['thousands of nested lists', good('a:', ` ${'- '.repeat(15_000)}`), 5, /nested deeper than 20 levels/],
    ['more than 64 KiB', good(`a: ${'x'.repeat(65_536)}`), 2, /the maximum is 65536/],
    ['201 keys', good(...keys(199)), 2, /the frontmatter has 201 entries; the maximum is 200/],
    ['201 keys of metadata', good('metadata:', ...keys(201, '  ')), 4, /metadata has 201 entries; the maximum is 200/],
    [
      'more than 64 KiB as JSON',
      good(`a: '${'\\'.repeat(45_000)}'`),
      2,
      /the frontmatter as JSON is 900\d\d bytes long; the maximum is 65536/,
    ],
    ['thousands of values', good(`a: [${'~,'.repeat(9000)}]`), 2, /has more than 8000 keys and values/],
    ['a key twice inside another', good('a:', '  b: 1', '  c: { d: 1, e: 2, d: 3 }'), 6, /a key is there twice/],
    ['a key as a number and as text', good('a:', '  1: a', '  "1": b'), 6, /a key is there twice/],
    ['two documents', good('a: 1', '...', 'b: 2'), 2, /single YAML document/],
  ];
  test.each(cases)('%s', async (_, text, line, message) => {
    const error = await formatErrorFrom(() => parseSkillMd(text));
    expect(error).toMatchObject({
      code: 'invalid_skill_md',
      file: 'SKILL.md',
      line,
      message: expect.stringMatching(message),
    });
    expect(error.message).toContain(`SKILL.md line ${line}: `);
  });

  test('the advice on an unquoted colon is to quote the value', async () => {
    const error = await formatErrorFrom(() => parseSkillMd(skill('name: a', 'description: Use when: now')));
    expect(error.fix).toContain('Put the value in quotes');
  });
});

test('200 keys are taken, at the top and in metadata', () => {
  const parsed = parseSkillMd(good('metadata:', ...keys(200, '  '), ...keys(197)));
  expect(Object.keys(parsed.frontmatter)).toHaveLength(200);
  expect(Object.keys(parsed.metadata)).toHaveLength(200);
});

test('unknown keys make one finding that names the first 20', () => {
  const named = (count: number) => Array.from({ length: count }, (_, n) => `'k${n}'`).join(', ');
  const [one, ...none] = parseSkillMd(good('license: MIT', ...keys(23))).findings;
  expect(one).toMatchObject({
    rule: 'unknown-frontmatter-key',
    line: 5,
    message: `SKILL.md line 5: the frontmatter keys ${named(20)} and 3 more are not part of the specification`,
  });
  expect(none).toEqual([]);
  expect(parseSkillMd(good(...keys(20))).findings.map(({ message }) => message)).toEqual([
    `SKILL.md line 4: the frontmatter keys ${named(20)} are not part of the specification`,
  ]);
  expect(parseSkillMd(good(`${'x'.repeat(500)}: 1`)).findings[0]?.message.length).toBeLessThan(200);
});

test('thousands of keys inside one are read without comparing each with each', () => {
  const read = vi.spyOn(Array.prototype, 'some');
  onTestFinished(() => read.mockRestore());
  expect(parseSkillMd(good('a:', ...keys(3000, '  '))).frontmatter.a).toMatchObject({ k2999: 1 });
  expect(read.mock.calls.length).toBeLessThan(1000);
});

test('keys that objects treat specially are plain data', () => {
  const { frontmatter, metadata } = parseSkillMd(good('__proto__: { polluted: 1 }', 'metadata: { __proto__: x }'));
  expect(Object.getPrototypeOf(frontmatter)).toBe(Object.prototype);
  expect(Object.keys(metadata)).toEqual(['__proto__']);
  expect('polluted' in {}).toBe(false);
});
