import { describe, expect, test } from 'vitest';
import { readArchive } from '../../src/format/archive.ts';
import { formatErrorFrom, SKILL_MD, unicodePath, utf8, type ZipEntry, zip } from '../support/archives.ts';

const skill: ZipEntry = { name: 'SKILL.md', data: SKILL_MD };
const pathsOf = async (archive: Uint8Array) => (await readArchive(archive)).files.map((file) => file.path);

describe('what the zip reader takes', () => {
  const cases: [string, ZipEntry[], string[]][] = [
    ['deflated and stored entries', [skill, { name: 'a.txt', data: 'abc', stored: true }], ['SKILL.md', 'a.txt']],
    ['folders', [{ name: 'docs/', mode: 0o40755 }, { name: 'docs/a.md' }, skill], ['SKILL.md', 'docs/a.md']],
    ['a descriptor with a signature', [skill, { name: 'a', data: 'abc', descriptor: 'signed' }], ['SKILL.md', 'a']],
    ['a descriptor without one', [{ name: 'a', data: 'abc', descriptor: 'plain' }, skill], ['SKILL.md', 'a']],
    ['a descriptor with long sizes', [{ name: 'a', data: 'abc', descriptor: 'wide' }, skill], ['SKILL.md', 'a']],
    [
      'UTF-8 names, flagged or not',
      [skill, { name: '技.md', flags: 0x800 }, { name: 'é.md' }],
      ['SKILL.md', 'é.md', '技.md'],
    ],
    ['a Unicode path that agrees', [skill, { name: 'a', extra: unicodePath('a') }], ['SKILL.md', 'a']],
    [
      'empty files',
      [skill, { name: 'empty', data: '' }, { name: 'stored', stored: true }],
      ['SKILL.md', 'empty', 'stored'],
    ],
    [
      'names that objects treat specially',
      [skill, { name: '__proto__' }, { name: '1' }],
      ['1', 'SKILL.md', '__proto__'],
    ],
  ];
  test.each(cases)('%s', async (_, entries, paths) => {
    expect(await pathsOf(zip(entries))).toEqual(paths);
  });

  test('an archive comment', async () => {
    expect(await pathsOf(zip([skill], { comment: utf8('made by hand') }))).toEqual(['SKILL.md']);
  });

  test('the executable bit', async () => {
    const { files } = await readArchive(zip([skill, { name: 'run.sh', mode: 0o100755 }]));
    expect(files.map((file) => file.executable)).toEqual([false, true]);
  });
});

describe('what the zip reader refuses, by the name of the entry', () => {
  const hostile: [string, ZipEntry, RegExp][] = [
    ['encrypted data', { name: 'e', flags: 1 }, /entry 'e' is encrypted/],
    ['strong encryption', { name: 'e', flags: 0x40 }, /entry 'e' is encrypted/],
    ['a symbolic link', { name: 'l', mode: 0o120777, data: '/etc' }, /entry 'l' is a symbolic link/],
    ['a device', { name: 'd', mode: 0o020644 }, /entry 'd' is a device or pipe/],
    [
      'a folder by mode only',
      { name: 'f', mode: 0o040755 },
      /entry 'f' is a file by its name and a folder by its mode/,
    ],
    ['a folder by name only', { name: 'f/', mode: 0o100644 }, /entry 'f\/' is a file by its name/],
    ['a folder with data', { name: 'f/', data: 'x' }, /entry 'f\/' is a folder that holds data/],
    ['another local name', { name: 'a', localName: 'b' }, /entry 'a' has another name in its local header/],
    ['another local size', { name: 'a', data: 'abc', localSize: 2 }, /entry 'a' has another size or checksum/],
    ['other local flags', { name: 'a', localFlags: 0x800 }, /entry 'a' has other flags in its local header/],
    ['a second name', { name: 'a', extra: unicodePath('b') }, /entry 'a' has a second, different name/],
    ['a size too small', { name: 'a', data: 'x'.repeat(5000), size: 10 }, /entry 'a' is longer than the 10 bytes/],
    ['a size too large', { name: 'a', data: 'abc', size: 10 }, /entry 'a' is 3 bytes long but states 10/],
    ['a stored size that lies', { name: 'a', data: 'abc', size: 10, stored: true }, /entry 'a' is 3 bytes long/],
    ['a packed size too large', { name: 'a', data: 'abc', packedSize: 900 }, /entry 'a' overlaps the entry after it/],
    [
      'a descriptor that lies',
      { name: 'a', data: 'abc', descriptor: 'signed', descriptorCrc: 1 },
      /entry 'a' has another/,
    ],
    ['a name that is not UTF-8', { name: Uint8Array.of(0x61, 0xff) }, /entry 'a\?' has a name that is not valid UTF-8/],
  ];
  test.each(hostile)('%s', async (_, entry, message) => {
    const error = await formatErrorFrom(() => readArchive(zip([entry, skill])));
    expect(error).toMatchObject({ code: 'hostile_archive', message: expect.stringMatching(message) });
  });

  const good = zip([skill]);
  const malformed: [string, Uint8Array, RegExp][] = [
    ['a wrong checksum', zip([skill, { name: 'a', data: 'abc', crc: 1 }]), /entry 'a' does not match its checksum/],
    ['an unknown method', zip([skill, { name: 'a', method: 12 }]), /entry 'a' is packed with method 12/],
    ['data before the first entry', zip([skill], { prefix: utf8('PK\x03\x04stub') }), /unknown data lies before it/],
    ['data after the end', zip([skill], { suffix: utf8('x') }), /no end record at its end/],
    [
      'data between entries',
      zip([{ ...skill, gap: utf8('gap') }, { name: 'a' }]),
      /entry 'SKILL.md' is followed by unknown data/,
    ],
    [
      'two records of one entry',
      zip([skill, { ...skill, name: 'a', offset: 0 }]),
      /entry 'SKILL.md' has no local header where/,
    ],
    ['an archive cut short', good.subarray(0, -10), /no end record/],
    ['a directory that is elsewhere', zip([skill], { directoryOffset: 3 }), /not where its end record says/],
    ['a wrong number of entries', zip([skill], { count: 2 }), /another number of entries/],
    ['ZIP64', zip([skill], { count: 0xffff }), /ZIP64/],
    [
      'an end record inside the comment',
      zip([skill], { comment: good.subarray(-22) }),
      /not where its end record says/,
    ],
    [
      'corrupt compressed data',
      zip([skill, { name: 'a', data: 'abc', stored: true, method: 8 }]),
      /corrupt compressed data/,
    ],
    ['no entries', zip([]), /holds no files/],
  ];
  test.each(malformed)('%s', async (_, bytes, message) => {
    const error = await formatErrorFrom(() => readArchive(bytes));
    expect(error).toMatchObject({
      code: 'malformed_archive',
      message: expect.stringMatching(message),
    });
  });
});
