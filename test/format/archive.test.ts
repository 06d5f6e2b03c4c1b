import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { bundleOf } from '../../src/format/accept-files.ts';
import { readArchive, sniffArchive } from '../../src/format/archive.ts';
import { DEFAULT_LIMITS } from '../../src/format/limits.ts';
import { formatErrorFrom, paxRecord, SKILL_MD, tar, tarGz, textFile, utf8, zip } from '../support/archives.ts';

const skill = { name: 'SKILL.md', data: SKILL_MD };
type Named = { name: string; data?: string };
const kinds = [
  ['tar.gz', (...entries: Named[]) => tarGz(...entries)],
  ['zip', (...entries: Named[]) => zip(entries)],
] as const;

describe.each(kinds)('paths in a %s', (_, build) => {
  const hostile: [string, RegExp][] = [
    ['../evil', /'..\/evil' has a '..' segment/],
    ['a/../../evil', /has a '..' segment/],
    ['a/..', /has a '..' segment/],
    ['/etc/passwd', /has an absolute path/],
    ['a\\b', /has a backslash/],
    ['..\\evil', /has a backslash/],
    ['C:/evil', /has a drive letter/],
    ['c:evil', /has a drive letter/],
    ['a//b', /has an empty folder name/],
    ['a/./b', /has a '.' segment/],
    ['a\nb', /'a\\nb' has a control character/],
    ['a\u001b[2Jb', /has a control character/],
    ['gpj.\u202efdp', /has a control character/],
    ['con', /'con', which Windows reserves/],
    ['a/NUL.txt', /'NUL', which Windows reserves/],
    ['aux .md', /'aux', which Windows reserves/],
    ['COM1', /which Windows reserves/],
    ['a.', /ends in a dot or a space/],
    ['a /b', /ends in a dot or a space/],
    ['docs/a:b', /has one of the characters/],
    ['what?.md', /has one of the characters/],
  ];
  test.each(hostile)('refuses %j', async (name, message) => {
    const error = await formatErrorFrom(() => readArchive(build(skill, { name })));
    expect(error).toMatchObject({ code: 'hostile_archive', message: expect.stringMatching(message) });
    expect(error.fix).not.toBe('');
  });

  const collisions: [string[], RegExp][] = [
    [['a.md', 'a.md'], /entry 'a.md' is there twice/],
    [['./a.md', 'a.md'], /entry 'a.md' is there twice/],
    [['a.md', 'A.md'], /entry 'A.md' differs from 'a.md' only in letter case/],
    [['caf\u00e9.md', 'cafe\u0301.md'], /only in letter case or Unicode form/],
    [['straße', 'STRASSE'], /only in letter case or Unicode form/],
    [['a', 'a/b'], /entry 'a\/b' lies in 'a', which is also a file/],
    [['a/b', 'a'], /entry 'a' is a file and a folder/],
    [['docs/a', 'Docs/b'], /entry 'Docs\/b' lies in 'Docs', which differs from 'docs'/],
    [['x/y/z', 'X'], /entry 'X' is a file and a folder/],
  ];
  test.each(collisions)('refuses %j together', async (names, message) => {
    const error = await formatErrorFrom(() => readArchive(build(skill, ...names.map((name) => ({ name })))));
    expect(error).toMatchObject({ code: 'hostile_archive', message: expect.stringMatching(message) });
  });

  const layouts: [string, string[], string[]][] = [
    ['files at the root', ['SKILL.md', 'a/b.md'], ['SKILL.md', 'a/b.md']],
    ['one wrapper folder', ['pdf/SKILL.md', 'pdf/a/b.md'], ['SKILL.md', 'a/b.md']],
    ['./ before every path', ['./SKILL.md', './././a.md'], ['SKILL.md', 'a.md']],
    ['./ before a wrapper', ['./pdf/SKILL.md', './pdf/a.md'], ['SKILL.md', 'a.md']],
    [
      'what macOS adds',
      ['pdf/SKILL.md', 'pdf/.DS_Store', 'pdf/._SKILL.md', '__MACOSX/pdf/._SKILL.md', '._pdf'],
      ['SKILL.md'],
    ],
    ['hidden files', ['SKILL.md', '.skill/openai.json'], ['.skill/openai.json', 'SKILL.md']],
    ['a SKILL.md deeper down as well', ['SKILL.md', 'sub/SKILL.md'], ['SKILL.md', 'sub/SKILL.md']],
  ];
  test.each(layouts)('takes %s', async (_name, names, paths) => {
    const { files } = await readArchive(build(...names.map((name) => ({ name }))));
    expect(files.map((file) => file.path)).toEqual(paths);
  });

  const misplaced: [string, string[], RegExp][] = [
    ['two folders', ['a/SKILL.md', 'b/x.md'], /'b\/x.md' lies outside the folder 'a'/],
    ['two skills', ['a/SKILL.md', 'b/SKILL.md'], /'b\/SKILL.md' lies outside the folder 'a'/],
    ['a file beside the wrapper', ['a/SKILL.md', 'manifest.json'], /'manifest.json' lies outside the folder 'a'/],
    ['no SKILL.md', ['README.md'], /no SKILL.md at its root or in a single top folder; it holds 'README.md'/],
    ['a SKILL.md two folders down', ['a/b/SKILL.md'], /no SKILL.md at its root/],
    ['skill.md', ['skill.md'], /'skill.md' must be spelled SKILL.md/],
    ['Skill.md in a wrapper', ['a/Skill.md'], /'a\/Skill.md' must be spelled SKILL.md/],
    ['junk alone', ['.DS_Store'], /holds no files/],
  ];
  test.each(misplaced)('refuses %s', async (_name, names, message) => {
    const error = await formatErrorFrom(() => readArchive(build(...names.map((name) => ({ name })))));
    expect(error).toMatchObject({ code: 'malformed_archive', message: expect.stringMatching(message) });
  });

  test('junk cannot hide a hostile path', async () => {
    const error = await formatErrorFrom(() => readArchive(build(skill, { name: '__MACOSX/../../.DS_Store' })));
    expect(error.code).toBe('hostile_archive');
  });

  const limits = { maxFiles: 3, maxFileBytes: 400, maxUnpackedBytes: 800, maxArchiveBytes: 10_000 };
  const file = (name: string, size: number) => ({ name, data: 'x'.repeat(size) });
  const rest = 400 - SKILL_MD.length;
  const over: [string, Named[], RegExp][] = [
    ['files', [skill, file('a', 1), file('b', 1), file('c', 1)], /more than 3 files/],
    ['bytes a file', [skill, file('a', 401)], /entry 'a' has more than 400 bytes/],
    [
      'bytes in all',
      [skill, file('a', 400), file('b', rest + 1)],
      /entry 'b' brings the archive to more than 800 bytes/,
    ],
  ];
  test.each(over)('counts %s', async (_name, entries, message) => {
    const error = await formatErrorFrom(() => readArchive(build(...entries), limits));
    expect(error).toMatchObject({ code: 'limit_exceeded', message: expect.stringMatching(message) });
  });

  test('takes an archive that is exactly at every limit', async () => {
    const { files } = await readArchive(build(skill, file('a', 400), file('b', rest)), limits);
    expect(files).toHaveLength(3);
  });

  test('refuses an archive that is too large as sent', async () => {
    const error = await formatErrorFrom(() => readArchive(build(skill), { ...limits, maxArchiveBytes: 50 }));
    expect(error).toMatchObject({ code: 'limit_exceeded', message: expect.stringContaining('the limit is 50') });
  });
});

test.each([
  ['a path of 299 bytes', ['d', 'e', 'f'].map((letter) => letter.repeat(99)).join('/'), /more than 255 bytes/],
  ['a segment of 101 bytes', `docs/${'d'.repeat(101)}`, /more than 100 bytes/],
  ['a segment of 51 characters in 102 bytes', 'é'.repeat(51), /more than 100 bytes/],
  [
    'a path that cannot be split',
    `${'a'.repeat(100)}/${'b'.repeat(60)}/${'c'.repeat(60)}/${'d'.repeat(10)}`,
    /no tar header can hold/,
  ],
])('%s', async (_, name, message) => {
  const archives = [
    zip([skill, { name }]),
    tarGz(skill, { name: '@', type: 'x', data: paxRecord('path', name) }, { name: 'a' }),
  ];
  for (const archive of archives) {
    const error = await formatErrorFrom(() => readArchive(archive));
    expect(error).toMatchObject({ code: 'hostile_archive', message: expect.stringMatching(message) });
  }
});

describe('bombs', () => {
  const bomb = 'x'.repeat(200 * 1024 * 1024);

  test('a tar.gz of 200 MiB stops at the limit', async () => {
    const archive = gzipSync(tar(skill, { name: 'bomb', data: bomb }));
    const error = await formatErrorFrom(() => readArchive(archive));
    expect(error).toMatchObject({ code: 'limit_exceeded', message: expect.stringContaining('unpacks to more than') });
  });

  test('a zip that states 200 MiB is not unpacked', async () => {
    const error = await formatErrorFrom(() => readArchive(zip([skill, { name: 'bomb', data: bomb }])));
    expect(error).toMatchObject({ code: 'limit_exceeded', file: 'bomb' });
  });

  test('a zip that states 1 byte stops there', async () => {
    const error = await formatErrorFrom(() => readArchive(zip([skill, { name: 'bomb', data: bomb, size: 1 }])));
    expect(error).toMatchObject({ code: 'hostile_archive', file: 'bomb' });
  });

  test('many entries stop at a count', async () => {
    const folders = Array.from({ length: 3000 }, (_, index) => ({ name: `d${index}/`, type: '5' }));
    const error = await formatErrorFrom(() => readArchive(tarGz(skill, ...folders)));
    expect(error).toMatchObject({ code: 'malformed_archive', message: expect.stringContaining('entries') });
  });
});

test('other files are no archives', async () => {
  for (const bytes of [utf8(''), utf8('hello'), Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0), utf8('PK')]) {
    expect(sniffArchive(bytes)).toBeUndefined();
    expect(await formatErrorFrom(() => readArchive(bytes))).toMatchObject({ code: 'malformed_archive' });
  }
});

test('the kind is told from the first bytes', () => {
  expect(sniffArchive(tarGz(skill))).toBe('tar.gz');
  expect(sniffArchive(zip([skill]))).toBe('zip');
  expect(sniffArchive(zip([]))).toBe('zip');
});

test('files that come one by one follow the same rules', async () => {
  const files = [textFile('pdf/b.sh', 'echo', true), textFile('pdf/SKILL.md', SKILL_MD)];
  expect(bundleOf(files).files).toEqual([textFile('SKILL.md', SKILL_MD), textFile('b.sh', 'echo', true)]);
  expect(await formatErrorFrom(() => bundleOf([...files, textFile('pdf/../x', '')]))).toMatchObject({
    code: 'hostile_archive',
  });
  const error = await formatErrorFrom(() => bundleOf(files, { ...DEFAULT_LIMITS, maxFiles: 1 }));
  expect(error.code).toBe('limit_exceeded');
});
