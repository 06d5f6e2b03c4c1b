import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { findNestedArchives } from '../../src/vetting/nested-archive.ts';
import { SKILL_MD, tar, tarGz, utf8, zip } from '../support/archives.ts';

const latin1 = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
const rulesFor = (path: string, bytes: Uint8Array) =>
  findNestedArchives([{ path, bytes, executable: false }]).map(({ rule, severity, file, message }) => [
    rule,
    severity,
    file,
    message.includes(path),
  ]);

const entry = { name: 'SKILL.md', data: SKILL_MD };
const sevenZip = (header: string) => {
  const start = Buffer.alloc(32);
  start.write('7z\xbc\xaf\x27\x1c', 'latin1');
  start.writeUInt32LE(4, 12);
  return Buffer.concat([start, Buffer.from(`data${header}`, 'latin1')]);
};

test.each([
  ['a zip', 'a.zip', zip([entry])],
  ['a zip of another name', 'notes.md', zip([entry])],
  ['an empty zip', 'a', zip([])],
  ['a skill', 'b/again.skill', tarGz(entry)],
  ['gzip', 'data.csv.gz', gzipSync('a')],
  ['a tar', 'a.bin', tar(entry)],
  ['bzip2', 'a', latin1('BZh91AY')],
  ['xz', 'a', latin1('\xfd7zXZ\0')],
  ['zstd', 'a', latin1('\x28\xb5\x2f\xfd')],
  ['7z', 'a', sevenZip('\x01\x04')],
  ['RAR 4', 'a', latin1('Rar!\x1a\x07\0\0\0\x73\0\0\x0d\0\0\0\0\0\0\0\0\0\x74\0')],
  ['RAR 5', 'a', latin1('Rar!\x1a\x07\x01\0crc!\x0a\x01')],
  ['an archive by its name alone', 'lib.JAR', utf8('text')],
  ['an empty one', 'a.tar.zst', new Uint8Array(0)],
])('%s is a warning', (_, path, bytes) => {
  expect(rulesFor(path, bytes)).toEqual([['nested-archive', 'warning', path, true]]);
});

test.each([
  ['a zip', 'a.zip', zip([entry, { ...entry, name: 'b', flags: 1 }])],
  ['a zip by a local header alone', 'a.zip', zip([{ ...entry, localFlags: 1 }])],
  ['a strongly encrypted zip', 'a', zip([{ ...entry, flags: 0x41 }])],
  ['an office document', 'a.docx', zip([{ ...entry, flags: 1 }])],
  ['a stored zip in a zip', 'a.zip', zip([{ name: 'b.zip', data: zip([{ ...entry, flags: 1 }]), stored: true }])],
  ['7z', 'a.7z', sevenZip('\x01\x04\x06\x0b\x01\x24\x06\xf1\x07\x01')],
  ['RAR 4 with hidden names', 'a.rar', latin1('Rar!\x1a\x07\0\0\0\x73\x80\0\x0d\0')],
  ['RAR 4', 'a.rar', latin1('Rar!\x1a\x07\0\0\0\x73\0\0\x0d\0\0\0\0\0\0\0\0\0\x74\x04')],
  ['RAR 5 with hidden names', 'a.rar', latin1('Rar!\x1a\x07\x01\0crc!\x0a\x04')],
])('%s that needs a password blocks', (_, path, bytes) => {
  expect(rulesFor(path, bytes)).toEqual([['nested-archive-encrypted', 'error', path, true]]);
});

test.each([
  ['a document', 'a.docx', zip([entry])],
  ['text', 'a.md', utf8('PK is a signature')],
  ['a 7z cut short', 'a.txt', utf8('7z')],
  ['nothing', 'a', new Uint8Array(0)],
])('%s is no finding', (_, path, bytes) => {
  expect(rulesFor(path, bytes)).toEqual([]);
});
