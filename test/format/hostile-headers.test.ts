import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readArchive } from '../../src/format/archive.ts';
import { tarChecksum } from '../../src/format/tar-header.ts';
import { END_OF_TAR, formatErrorFrom, SKILL_MD, tarEntry } from '../support/archives.ts';

/** A tar whose second header has these bytes at an offset, and a right checksum. */
function tarWith(at: number, bytes: string): Uint8Array {
  const header = tarEntry({ name: 'a' });
  header.write(bytes, at, 'latin1');
  header.write(`${tarChecksum(header).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return gzipSync(Buffer.concat([tarEntry({ name: 'SKILL.md', data: SKILL_MD }), header, END_OF_TAR]));
}

// Python's tarfile ends at such a header without an error, so files behind it would be hidden from a scanner.
test.each([
  ['the owner', 108],
  ['the group', 116],
  ['the time', 136],
  ['the major number', 329],
  ['the minor number', 337],
])('%s that is no number is refused', async (_, at) => {
  const error = await formatErrorFrom(() => readArchive(tarWith(at, '000z000\0')));
  expect(error).toMatchObject({ code: 'malformed_archive', message: 'the tar header at byte 1024 has a bad number' });
});

test('a time before 1970 and an owner beyond octal are taken', async () => {
  const before1970 = await readArchive(tarWith(136, '\xff'.repeat(12)));
  const largeOwner = await readArchive(tarWith(108, '\x80\0\0\0\x7f\xff\xff\xff'));
  expect([before1970, largeOwner].map(({ files }) => files.length)).toEqual([2, 2]);
});
