import { describe, expect, test } from 'vitest';
import { parseManifest } from '../../src/format/manifest.ts';
import { parseSkillMd } from '../../src/format/skill-md.ts';
import { readMetadata } from '../../src/format/skill-metadata.ts';
import { parseSkillYaml } from '../../src/format/skill-yaml.ts';
import { bundleWith, formatErrorFrom, utf8 } from '../support/archives.ts';

const skillMd = (...lines: string[]) =>
  ['---', 'name: pdf', 'description: Reads PDF files.', ...lines, '---', '# Body', ''].join('\n');
const manifest = (...lines: string[]) => ['{', '"name": "pdf",', '"version": "1.0.0"', ...lines, '}'].join('\n');

const readers: [string, string, (line: string) => unknown][] = [
  ['SKILL.md', 'invalid_skill_md', (line) => parseSkillMd(skillMd(line))],
  ['skill.yaml', 'invalid_skill_yaml', (line) => parseSkillYaml(['name: pdf', 'version: 1.0.0', '#', line].join('\n'))],
];

describe.each(readers)('the YAML of %s', (file, code, read) => {
  const cases: [string, string, RegExp][] = [
    ['an ANSI escape', 'license: \u001b[31mMIT', /line 4: the YAML holds the character U\+001B/],
    [
      'an ANSI escape that is written as one',
      'license: "\\x1b[31mMIT"',
      /line 4: the YAML holds the character U\+001B/,
    ],
    ['one in a key', '"\\e[2J": 1', /line 4: .* U\+001B/],
    ['one in a comment', 'license: MIT # \u001b[2J', /line 4: .* U\+001B/],
    ['a bell', 'license: "\\a"', /line 4: .* U\+0007/],
    ['NUL', 'license: "\\0"', /line 4: .* U\+0000/],
    ['the C1 introducer', 'license: "\\x9b31m"', /line 4: .* U\+009B/],
    ['a direction override', 'license: "\\u202eTIM"', /line 4: .* U\+202E/],
    ['an isolate', 'license: \u2066MIT', /line 4: .* U\+2066/],
    ['a line separator', 'license: "a\\Lb"', /line 4: .* U\+2028/],
    ['half of a surrogate pair', 'license: "\\ud800"', /line 4: .* U\+D800/],
    ['one deep inside', 'x: { y: [1, { z: "\\x1b" }] }', /line 4: .* U\+001B/],
    ['an alias bomb', 'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]', /line 6: .* uses the YAML alias \*b/],
    ['a merge of itself', 'a: &a\n  <<: *a', /line 5: .* uses the YAML alias \*a/],
    ['thousands of maps in one line', `x:\n  ${': '.repeat(20_000)}`, /line 5: .* nested deeper than 20 levels/],
    ['thousands of keys of keys', `x:\n  ${'? '.repeat(20_000)}`, /line 5: .* nested deeper than 20 levels/],
    ['thousands of commas', `x: [${','.repeat(20_000)}]`, /has more than 8000 keys and values/],
    ['thousands of closed brackets', `x: ${'}'.repeat(20_000)}`, /line 4: the YAML is not valid/],
    ['a key twice, once escaped', 'a: 1\n"\\x61": 2', /line 5: .* a key is there twice/],
    ['a tag that makes an object', 'a: !!js/function x', /line 4: .* unknown tag/],
  ];
  test.each(cases)('%s', async (_, line, message) => {
    const error = await formatErrorFrom(() => read(line));
    expect(error).toMatchObject({ code, file, line: expect.any(Number), message: expect.stringMatching(message) });
    expect(error.message).toContain(file);
    expect(error.message).not.toMatch(/\p{Cc}/u);
    expect(error.fix).not.toBe('');
  });
});

test('joiners, direction marks and line ends are text', () => {
  const { description } = parseSkillMd(
    '---\r\nname: pdf\r\ndescription: |\r\n  می\u200cخواهم\r\n  \u200f👩\u200d💻\r\n---\r\n',
  );
  expect(description).toContain('\u200c');
  expect(description).toContain('👩\u200d💻');
});

describe('manifest.json', () => {
  const cases: [string, string, number, RegExp][] = [
    ['an ANSI escape', ', "category": "\\u001b[2J"', 4, /holds the character U\+001B/],
    ['an override in a key', ', "\\u202ea": 1', 4, /holds the character U\+202E/],
    ['one deep inside an unknown key', ', "x":\n[{ "y": "\\u0007" }]', 5, /holds the character U\+0007/],
    ['half of a surrogate pair', ', "x": "\\ud800"', 4, /holds the character U\+D800/],
    ['a key twice', ', "name": "other"', 4, /has the key 'name' twice/],
    ['a key twice, once escaped', ', "\\u006eame": "other"', 4, /has the key 'name' twice/],
    ['a key twice inside another', ', "x": { "a": 1,\n"a" : 2 }', 5, /has the key 'a' twice/],
    ['21 levels', `, "x": ${'['.repeat(20)}${']'.repeat(20)}`, 4, /nested deeper than 20 levels/],
    ['thousands of levels', `, "x": ${'['.repeat(20_000)}${']'.repeat(20_000)}`, 4, /nested deeper than 20 levels/],
  ];
  test.each(cases)('%s', async (_, more, line, message) => {
    const error = await formatErrorFrom(() => parseManifest(manifest(more)));
    expect(error).toMatchObject({
      code: 'invalid_manifest',
      file: 'manifest.json',
      line,
      message: expect.stringMatching(message),
    });
    expect(error.message).toContain(`manifest.json line ${line}: `);
  });

  test('the same key in two objects, 20 levels, quotes and colons in texts', () => {
    const more = `, "x": [{ "a": "\\"a\\":" }, { "a": "{[\\\\" }], "y": ${'['.repeat(19)}${']'.repeat(19)}`;
    expect(parseManifest(manifest(more)).x).toEqual([{ a: '"a":' }, { a: '{[\\' }]);
  });

  test('a syntax error does not repeat control characters', async () => {
    const { message } = await formatErrorFrom(() => parseManifest('\u001b[2J'));
    expect(message).toMatch(/^manifest.json is not valid JSON: /);
    expect(message).not.toMatch(/\p{Cc}/u);
  });
});

test.each([
  ['SKILL.md', 'invalid_skill_md', '---\nname: pdf\nlicense: '],
  ['manifest.json', 'invalid_manifest', '{\n"name":\n"'],
  ['skill.yaml', 'invalid_skill_yaml', 'a: b\n\nlicense: '],
])('bytes of %s that are not UTF-8 are refused with their line', async (path, code, text) => {
  const bad = bundleWith({ 'SKILL.md': skillMd() });
  const bytes = Buffer.concat([utf8(text), Uint8Array.of(0xc3, 0x28), utf8('\n---\n')]);
  const files = [...bad.files.filter((file) => file.path !== path), { path, bytes, executable: false }];
  expect(await formatErrorFrom(() => readMetadata({ files }))).toMatchObject({ code, file: path, line: 3 });
});

test('a name with a line break is refused without one in the message', async () => {
  const { message } = await formatErrorFrom(() => parseSkillMd('---\nname: "a\\nb"\ndescription: x\n---\n'));
  expect(message).toContain("'a\\nb'");
});
