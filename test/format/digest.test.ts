import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { sha256Hex, treeDigest } from '../../src/format/digest.ts';
import { textFile, utf8 } from '../support/archives.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

test('SHA-256 in lower-case hex', async () => {
  expect(await sha256Hex(utf8('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('the tree digest is that of the listing', async () => {
  const files = [textFile('run.sh', 'echo', true), textFile('SKILL.md', 'hi')];
  const listing = `${sha256('hi')} 100644 SKILL.md\n${sha256('echo')} 100755 run.sh\n`;
  expect(await treeDigest({ files })).toBe(sha256(listing));
});

test('path, content and the executable bit all count', async () => {
  const trees = [textFile('a', 'x'), textFile('b', 'x'), textFile('a', 'y'), textFile('a', 'x', true)];
  const digests = await Promise.all(trees.map((file) => treeDigest({ files: [file] })));
  expect(new Set(digests).size).toBe(4);
});
