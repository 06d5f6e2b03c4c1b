import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readArchive } from '../../src/format/archive.ts';
import {
  formatErrorFrom,
  paxRecord,
  SKILL_MD,
  type TarEntry,
  tar,
  tarEntry,
  tarGz,
  utf8,
} from '../support/archives.ts';

const skill: TarEntry = { name: 'SKILL.md', data: SKILL_MD };
const pathsOf = async (archive: Uint8Array) => (await readArchive(archive)).files.map((file) => file.path);
const longName = `references/${'a'.repeat(90)}/${'b'.repeat(90)}.md`;
const GNU = 'ustar  \0';
const pax = (...records: [string, string][]): TarEntry => ({
  name: '@',
  type: 'x',
  data: records.map((record) => paxRecord(...record)).join(''),
});
const base256 = (value: number) => `\x80${'\0'.repeat(9)}${String.fromCharCode(value >> 8, value & 0xff)}`;

describe('what the tar reader takes', () => {
  const cases: [string, TarEntry[], string[]][] = [
    [
      'ustar files and folders',
      [{ name: 'docs/', type: '5' }, { name: 'docs/a.md' }, skill],
      ['SKILL.md', 'docs/a.md'],
    ],
    ['type flag NUL', [skill, { name: 'manifest.json', type: '\0', data: '{}' }], ['SKILL.md', 'manifest.json']],
    ['type flag 7', [skill, { name: 'a.bin', type: '7' }], ['SKILL.md', 'a.bin']],
    ['headers without a magic', [skill, { name: 'old.md', magic: '' }], ['SKILL.md', 'old.md']],
    ['the GNU magic', [skill, { name: 'gnu.md', magic: GNU }], ['SKILL.md', 'gnu.md']],
    [
      'a manifest of type NUL with the GNU magic first',
      [
        { name: 'manifest.json', type: '\0', magic: GNU, data: '{}' },
        { ...skill, magic: GNU },
      ],
      ['SKILL.md', 'manifest.json'],
    ],
    [
      'an old header with device numbers of zero',
      [skill, { name: 'old.md', magic: '', devices: '0000000\x000000000\0' }],
      ['SKILL.md', 'old.md'],
    ],
    ['an old folder', [skill, { name: 'docs/', magic: '', type: '5' }], ['SKILL.md']],
    ['the ustar prefix', [skill, { name: 'b.md', prefix: 'docs/a' }], ['SKILL.md', 'docs/a/b.md']],
    [
      'GNU long names',
      [skill, { name: '@', type: 'L', data: `${longName}\0` }, { name: 'cut' }],
      ['SKILL.md', longName],
    ],
    [
      'PAX paths',
      [skill, { name: '@', type: 'x', data: paxRecord('path', longName) }, { name: 'cut' }],
      ['SKILL.md', longName],
    ],
    [
      'PAX sizes that repeat the header',
      [{ name: '@', type: 'x', data: paxRecord('size', String(SKILL_MD.length)) + paxRecord('mtime', '1.5') }, skill],
      ['SKILL.md'],
    ],
    ['global PAX comments', [{ name: '@', type: 'g', data: paxRecord('comment', 'abc') }, skill], ['SKILL.md']],
    [
      'PAX records that say nothing about the name',
      [
        pax(
          ...['mtime', 'atime', 'ctime', 'uid', 'gid', 'uname', 'gname', 'comment'].map((key): [string, string] => [
            key,
            '1',
          ]),
          ['hdrcharset', 'BINARY'],
          ['SCHILY.dev', '1'],
          ['LIBARCHIVE.creationtime', '1.5'],
          ['SCHILY.xattr.user.mark', '\x01\x00\x7f'],
        ),
        skill,
      ],
      ['SKILL.md'],
    ],
    ['base-256 sizes', [skill, { name: 'a.txt', data: 'x'.repeat(300), size: base256(300) }], ['SKILL.md', 'a.txt']],
    [
      'a ./ prefix',
      [{ name: './', type: '5' }, { ...skill, name: './SKILL.md' }, { name: './a/b' }],
      ['SKILL.md', 'a/b'],
    ],
    ['names in UTF-8', [skill, { name: 'docs/技能.md' }], ['SKILL.md', 'docs/技能.md']],
    ['an old folder: a file name that ends in a slash', [skill, { name: 'docs/', type: '\0' }], ['SKILL.md']],
  ];
  test.each(cases)('%s', async (_, entries, paths) => {
    expect(await pathsOf(tarGz(...entries))).toEqual(paths);
  });

  test('content and the executable bit', async () => {
    const { files } = await readArchive(tarGz(skill, { name: 'run.sh', data: 'echo hi', mode: 0o755 }));
    expect(files.map((file) => [file.path, new TextDecoder().decode(file.bytes), file.executable])).toEqual([
      ['SKILL.md', SKILL_MD, false],
      ['run.sh', 'echo hi', true],
    ]);
  });

  test('an end mark of a single block', async () => {
    expect(await pathsOf(gzipSync(Buffer.concat([tarEntry(skill), Buffer.alloc(512)])))).toEqual(['SKILL.md']);
  });
});

test.each(['ustar', 'pax', 'v7'])('an archive that tar --format=%s writes', async (format) => {
  const folder = mkdtempSync(join(tmpdir(), 'tar-read-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'docs'));
  writeFileSync(join(folder, 'SKILL.md'), SKILL_MD);
  writeFileSync(join(folder, 'docs', 'run.sh'), 'echo hi', { mode: 0o755 });
  const archive = execFileSync('tar', [`--format=${format}`, '-czf', '-', '-C', folder, 'SKILL.md', 'docs']);
  expect((await readArchive(archive)).files.map((file) => [file.path, file.executable])).toEqual([
    ['SKILL.md', false],
    ['docs/run.sh', true],
  ]);
});

describe('what the tar reader refuses, by the name of the entry', () => {
  const hostile: [string, TarEntry[], RegExp][] = [
    ['a hard link', [{ name: 'l', type: '1', linkName: 'SKILL.md' }], /entry 'l' is a hard link/],
    ['a symbolic link', [{ name: 'l', type: '2', linkName: '/etc' }], /entry 'l' is a symbolic link/],
    ['a character device', [{ name: 'd', type: '3' }], /entry 'd' is a character device/],
    ['a block device', [{ name: 'd', type: '4' }], /entry 'd' is a block device/],
    ['a pipe', [{ name: 'p', type: '6' }], /entry 'p' is a named pipe/],
    ['a sparse file', [{ name: 's', type: 'S' }], /entry 's' is a sparse file/],
    ['an unknown type', [{ name: 'u', type: 'Z' }], /entry 'u' has the unknown type 'Z'/],
    ['a folder with data', [{ name: 'f/', type: '5', data: 'x' }], /entry 'f\/' is a folder that holds data/],
    [
      'a name that is not UTF-8',
      [{ name: Uint8Array.of(0x61, 0xff) }],
      /entry 'a\?' has a name that is not valid UTF-8/,
    ],
    [
      'a long name with NUL',
      [{ name: '@', type: 'L', data: 'a\0b\0' }, { name: 'a' }],
      /entry 'a\\u0000b' has a control/,
    ],
    [
      'a PAX path that climbs',
      [{ name: '@', type: 'x', data: paxRecord('path', '../x') }, { name: 'a' }],
      /'..\/x' has a '..'/,
    ],
    [
      'a PAX size that differs',
      [{ name: '@', type: 'x', data: paxRecord('size', '7') }, { name: 'a' }],
      /'a' states two sizes/,
    ],
    [
      'a PAX sparse file',
      [{ name: '@', type: 'x', data: paxRecord('GNU.sparse.major', '1') }, { name: 'a' }],
      /sparse/,
    ],
    [
      'a global path',
      [{ name: '@', type: 'g', data: paxRecord('path', 'x') }],
      /entry '@' sets a path or size for all/,
    ],
    [
      'a key twice in one PAX header',
      [pax(['path', 'a'], ['path', 'b']), { name: 'c' }],
      /entry '@' states 'path' twice/,
    ],
    [
      'a line break in a PAX value',
      [pax(['comment', 'a\n17 path=SKILL.md']), { name: 'a' }],
      /entry '@' has a control character in the record 'comment'/,
    ],
    ['a line break in a PAX key', [pax(['a\n9 path', 'b']), { name: 'a' }], /entry '@' has a control character/],
    ['a line break in an attribute', [pax(['SCHILY.xattr.a', 'b\n9 path=c']), { name: 'a' }], /'@' has a control/],
    ['another PAX charset', [pax(['hdrcharset', 'latin1']), { name: 'a' }], /entry '@' uses the charset 'latin1'/],
    ['a PAX file that states another size', [pax(['SCHILY.realsize', '9']), { name: 'a' }], /'@' uses the extension/],
    ['a GNU volume label', [pax(['GNU.volume.label', 'x']), { name: 'a' }], /'@' uses the extension/],
    ['a PAX link target on a file', [pax(['linkpath', 'b']), { name: 'a' }], /entry 'a' has the target of a link/],
    [
      'a long link target on a file',
      [{ name: '@', type: 'K', data: 'b\0' }, { name: 'a' }],
      /entry 'a' has the target/,
    ],
    [
      'a global header between a long name and its file',
      [{ name: '@', type: 'L', data: 'a\0' }, { name: 'g', type: 'g', data: paxRecord('comment', 'c') }, { name: 'b' }],
      /entry 'g' stands between a long name/,
    ],
    [
      'another ustar version',
      [{ name: 'a', magic: 'ustar\x0011', prefix: 'docs' }],
      /entry 'a' has a header that is neither/,
    ],
    ['a magic of another kind', [{ name: 'a', magic: 'ustar' }], /entry 'a' has a header that is neither/],
    ['a prefix in a GNU header', [{ name: 'a', magic: GNU, prefix: '..' }], /entry 'a' has GNU extensions/],
    ['a prefix without a magic', [{ name: 'a', magic: '', prefix: 'docs' }], /entry 'a' has a header that is neither/],
    [
      'an owner without a magic',
      [{ name: 'a', magic: '\0\0\0\0\0\0\0\0root' }],
      /entry 'a' has a header that is neither/,
    ],
    ['data behind the ustar prefix', [{ name: 'a', tail: 'tar\0' }], /entry 'a' has data in the padding/],
    ...['L', 'K', 'x', 'g', '7'].map((type): [string, TarEntry[], RegExp] => [
      `type ${type} without a magic`,
      [{ name: '@', type, magic: '', data: 'a\0' }, { name: 'b' }],
      /entry '@' has the type '.', which a header without a magic cannot have/,
    ]),
    [
      'two long names that differ',
      [{ name: '@', type: 'L', data: 'a\0' }, { name: '@', type: 'x', data: paxRecord('path', 'b') }, { name: 'c' }],
      /entry 'b' has two names/,
    ],
  ];
  test.each(hostile)('%s', async (_, entries, message) => {
    const error = await formatErrorFrom(() => readArchive(tarGz(skill, ...entries)));
    expect(error).toMatchObject({ code: 'hostile_archive', message: expect.stringMatching(message) });
  });

  const malformed: [string, Uint8Array, RegExp][] = [
    ['a wrong checksum', tar(skill, { name: 'a', checksum: 1 }), /header at byte 1024 has a wrong checksum/],
    ['data cut short', tar(skill, { name: 'a', size: 5000 }), /entry 'a' is cut short/],
    ['no end mark', tarEntry(skill), /no end mark/],
    ['half a header', Buffer.concat([tarEntry(skill), Buffer.alloc(100)]), /no end mark/],
    ['data after the end mark', Buffer.concat([tar(skill), tarEntry({ name: 'late' })]), /goes on after its end mark/],
    ['a number that is not octal', tar(skill, { name: 'a', size: '99999999999' }), /has a bad number/],
    ['a huge base-256 number', tar(skill, { name: 'a', size: `\xff${'\xff'.repeat(11)}` }), /number out of range/],
    ['a broken PAX record', tar(skill, { name: '@', type: 'x', data: '99 path=a\n' }, { name: 'a' }), /cannot be read/],
    [
      'a PAX size that is no number',
      tar({ name: '@', type: 'x', data: paxRecord('size', '-1') }, skill),
      /the size '-1'/,
    ],
    ['a long link target of nothing', tar(skill, { name: '@', type: 'K', data: 'a\0' }), /ends after a long name/],
    ['a long name of nothing', tar(skill, { name: '@', type: 'L', data: 'a\0' }), /ends after a long name/],
    [
      'two long names',
      tar({ name: '@', type: 'L', data: 'a' }, { name: '@', type: 'L', data: 'b' }, skill),
      /two long names/,
    ],
    ['an endless long name', tar({ name: '@', type: 'L', data: 'a'.repeat(20_000) }, skill), /too long/],
  ];
  test.each(malformed)('%s', async (_, bytes, message) => {
    const error = await formatErrorFrom(() => readArchive(gzipSync(bytes)));
    expect(error).toMatchObject({ code: 'malformed_archive', message: expect.stringMatching(message) });
  });
});

describe('gzip', () => {
  const good = tarGz(skill);
  const withHeaderFields = () => {
    const header = Uint8Array.of(0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3);
    const fields = Buffer.concat([
      Uint8Array.of(3, 0),
      utf8('abc'),
      utf8('name\0'),
      utf8('comment\0'),
      Uint8Array.of(0, 0),
    ]);
    return Buffer.concat([header, fields, good.subarray(10)]);
  };

  test('takes a header with all optional fields', async () => {
    expect(await pathsOf(withHeaderFields())).toEqual(['SKILL.md']);
  });

  test('takes data that is stored, not compressed', async () => {
    expect(await pathsOf(gzipSync(tar(skill), { level: 0 }))).toEqual(['SKILL.md']);
  });

  const changed = (at: number, value: number) => {
    const copy = Uint8Array.from(good);
    copy[at < 0 ? copy.length + at : at] = value;
    return copy;
  };
  const broken: [string, Uint8Array][] = [
    ['one byte after the end', Buffer.concat([good, Buffer.from('x')])],
    ['zeros after the end', Buffer.concat([good, Buffer.alloc(512)])],
    ['a second member', Buffer.concat([good, good])],
    ['a member header after the end', Buffer.concat([good, good.subarray(0, 10)])],
    [
      'bytes between the data and the trailer',
      Buffer.concat([good.subarray(0, -8), Buffer.alloc(3), good.subarray(-8)]),
    ],
    ['data cut short', good.subarray(0, 60)],
    ['a trailer cut short', good.subarray(0, -1)],
    ['a header cut short', good.subarray(0, 9)],
    ['a wrong checksum', changed(-8, (good.at(-8) ?? 0) ^ 1)],
    ['a wrong length', changed(-4, (good.at(-4) ?? 0) ^ 1)],
    ['an unknown method', changed(2, 7)],
    ['a reserved flag', changed(3, 0x80)],
  ];
  test.each(broken)('refuses %s', async (_, bytes) => {
    expect(await formatErrorFrom(() => readArchive(bytes))).toMatchObject({ code: 'malformed_archive' });
  });
});
