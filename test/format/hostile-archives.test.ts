import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { bundleOf } from '../../src/format/accept-files.ts';
import { readArchive } from '../../src/format/archive.ts';
import { DEFAULT_LIMITS } from '../../src/format/limits.ts';
import { readTar } from '../../src/format/tar-read.ts';
import {
  formatErrorFrom,
  paxRecord,
  SKILL_MD,
  tar,
  tarGz,
  textFile,
  unicodePath,
  utf8,
  type ZipEntry,
  zip,
} from '../support/archives.ts';

const skill = { name: 'SKILL.md', data: SKILL_MD };

/** Sets bytes of a zip, counted from the last central record of the file `a`. */
function withRecord(entry: ZipEntry, at: number, value: number): Uint8Array {
  const bytes = Buffer.from(zip([skill, entry]));
  bytes[bytes.lastIndexOf('PK\x01\x02', undefined, 'latin1') + at] = value;
  return bytes;
}

/** Puts an extra field behind the local name of the last entry, and moves what follows. */
function withLocalExtra(name: string, extra: Uint8Array): Uint8Array {
  const bytes = Buffer.from(zip([skill, { name, stored: true, data: 'abc' }]));
  const local = bytes.lastIndexOf('PK\x03\x04', undefined, 'latin1');
  const end = bytes.length - 22;
  bytes.writeUInt16LE(extra.length, local + 28);
  bytes.writeUInt32LE(bytes.readUInt32LE(end + 16) + extra.length, end + 16);
  const data = local + 30 + name.length;
  return Buffer.concat([bytes.subarray(0, data), extra, bytes.subarray(data)]);
}

describe('zips that readers see in different ways', () => {
  const cases: [string, Uint8Array, string, string, RegExp][] = [
    [
      'another name in a local Unicode Path',
      withLocalExtra('a', unicodePath('b')),
      'hostile_archive',
      'a',
      /second, different name/,
    ],
    [
      'a folder by its DOS attributes',
      withRecord({ name: 'a' }, 38, 0x10),
      'hostile_archive',
      'a',
      /folder by its DOS attributes/,
    ],
    [
      'a later version of the format',
      withRecord({ name: 'a' }, 6, 63),
      'malformed_archive',
      'a',
      /later version of the format/,
    ],
    [
      'an entry whose data runs over the next local header',
      zip([{ name: 'a', data: 'abc', stored: true, packedSize: 40, size: 40 }, skill]),
      'hostile_archive',
      'a',
      /overlaps the entry after it/,
    ],
    [
      'two records that share the data of one entry',
      zip([skill, { name: 'SKILL.md', data: SKILL_MD, offset: 0 }]),
      'malformed_archive',
      'SKILL.md',
      /has no local header where|overlaps another entry/,
    ],
    ['the same name twice', zip([skill, { name: 'a' }, { name: 'a' }]), 'hostile_archive', 'a', /is there twice/],
  ];
  test.each(cases)('%s', async (_, bytes, code, file, message) => {
    const error = await formatErrorFrom(() => readArchive(bytes));
    expect(error).toMatchObject({ code, file, message: expect.stringMatching(message) });
    expect(error.message).toContain(`'${file}'`);
  });

  test('a local Unicode Path that agrees is taken', async () => {
    const { files } = await readArchive(withLocalExtra('a', unicodePath('a')));
    expect(files.map(({ path }) => path)).toEqual(['SKILL.md', 'a']);
  });
});

describe('names that meet on some file system', () => {
  const cases: [string, string[], RegExp][] = [
    ['a joiner that HFS+ passes over', ['a.md', 'a\u200d.md'], /entry 'a\\u200d.md' differs from 'a.md' only/],
    ['a variation selector', ['a\ufe0f', 'a'], /entry 'a' differs from 'a/],
    ['a folder beside a file of another Unicode form', ['caf\u00e9', 'cafe\u0301/b'], /which is also a file/],
    ['folders of two Unicode forms', ['\u00e9/a', 'e\u0301/b'], /only in letter case or Unicode form/],
    ['the Kelvin sign', ['k', '\u212a'], /only in letter case/],
    ['a dotless i', ['i', '\u0131'], /only in letter case/],
  ];
  test.each(cases)('%s', async (_, names, message) => {
    for (const archive of [
      zip([skill, ...names.map((name) => ({ name }))]),
      tarGz(skill, ...names.map((name) => ({ name }))),
    ]) {
      const error = await formatErrorFrom(() => readArchive(archive));
      expect(error).toMatchObject({ code: 'hostile_archive', message: expect.stringMatching(message) });
    }
  });
});

test.each([
  ['a zero-width space', 'a\u200bb', '\\u200b'],
  ['a byte order mark', '\ufeffa', '\\ufeff'],
  ['a direction mark', 'a\u200f', '\\u200f'],
  ['the Arabic letter mark', 'a\u061c', '\\u061c'],
  ['an isolate', 'a\u2066', '\\u2066'],
  ['C1 controls', 'a\u009b2J', '\\u009b'],
])('%s in a name is refused and shown escaped', async (_, name, shown) => {
  const error = await formatErrorFrom(() => readArchive(tarGz(skill, { name })));
  expect(error).toMatchObject({ code: 'hostile_archive', file: expect.stringContaining(shown) });
  expect(error.message).toContain(shown);
});

test('an emoji with a joiner and a selector is a name', async () => {
  const { files } = await readArchive(tarGz(skill, { name: '👩\u200d💻❤\ufe0f.md' }));
  expect(files).toHaveLength(2);
});

describe('what a message quotes cannot reach the terminal', () => {
  const name = '\u001b[2J\u202e';
  const cases: [string, Uint8Array][] = [
    ['a malformed tar entry', gzipSync(tar({ name, size: 5000 }))],
    ['a malformed zip entry', zip([{ name, method: 12 }])],
    ['a zip entry over the limit', zip([{ name, size: 0xfffffff }])],
    [
      'the other of two names',
      tarGz(
        { name: '@', type: 'L', data: `${name}\0` },
        { name: '@', type: 'x', data: paxRecord('path', 'b') },
        { name: 'c' },
      ),
    ],
    ['a PAX key', tarGz({ name: '@', type: 'x', data: paxRecord(`${name}k`, 'b') }, { name: 'c' })],
  ];
  test.each(cases)('%s', async (_, bytes) => {
    const { message, file } = await formatErrorFrom(() => readArchive(bytes));
    expect(`${message}${file}`).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(message).toContain('\\u001b[2J');
  });

  test('a name of 60,000 bytes is cut', async () => {
    const { message, file } = await formatErrorFrom(() => readArchive(zip([{ name: 'x'.repeat(60_000), method: 12 }])));
    expect(message.length).toBeLessThan(500);
    expect(file?.length).toBeLessThan(310);
  });
});

describe('sizes', () => {
  test('100,000 entries of a tar stop at the limit of bytes', async () => {
    const entries = Buffer.concat([
      tar(skill).subarray(0, -1024),
      ...Array(100_000).fill(tar({ name: 'a' }).subarray(0, 512)),
      Buffer.alloc(1024),
    ]);
    expect(await formatErrorFrom(() => readArchive(gzipSync(entries)))).toMatchObject({ code: 'limit_exceeded' });
    const error = await formatErrorFrom(() => readTar(entries, DEFAULT_LIMITS));
    expect(error).toMatchObject({ code: 'malformed_archive', message: 'the archive has more than 2112 entries' });
  });

  test('65,000 entries of a zip stop at a count that is stated', async () => {
    const entries = Array.from({ length: 65_000 }, (_, index) => ({ name: `f${index}`, stored: true }));
    const error = await formatErrorFrom(() => readArchive(zip(entries)));
    expect(error).toMatchObject({ code: 'malformed_archive', message: 'the archive has more than 2112 entries' });
  });

  test('a zip that states 0 entries and holds thousands', async () => {
    const entries = Array.from({ length: 3000 }, (_, index) => ({ name: `f${index}`, stored: true }));
    const error = await formatErrorFrom(() => readArchive(zip(entries, { count: 0 })));
    expect(error).toMatchObject({ code: 'malformed_archive', message: expect.stringContaining('number of entries') });
  });

  test('a path of 128 folders is no harder than any other', async () => {
    const path = `${'a/'.repeat(127)}a`;
    const { files } = await readArchive(
      tarGz(skill, { name: '@', type: 'x', data: paxRecord('path', path) }, { name: 'a' }),
    );
    expect(files.map((file) => file.path)).toEqual(['SKILL.md', path]);
  });
});

test('an archive inside an archive is a file, however deep it goes', async () => {
  let inner = tarGz(skill);
  for (let depth = 0; depth < 20; depth++) inner = tarGz(skill, { name: 'again.skill', data: inner });
  const { files } = await readArchive(inner);
  expect(files.map(({ path }) => path)).toEqual(['SKILL.md', 'again.skill']);
});

test('data behind either kind of archive is refused', async () => {
  for (const bytes of [tarGz(skill), zip([skill])]) {
    for (const tail of [utf8('x'), Buffer.alloc(1), bytes, gzipSync('')]) {
      expect(await formatErrorFrom(() => readArchive(Buffer.concat([bytes, tail])))).toMatchObject({
        code: 'malformed_archive',
      });
    }
  }
});

test('a lone surrogate in a name that came without an archive', async () => {
  const error = await formatErrorFrom(() => bundleOf([textFile('SKILL.md', SKILL_MD), textFile('a\ud800', '')]));
  expect(error).toMatchObject({ code: 'hostile_archive', file: 'a\\ud800' });
});
