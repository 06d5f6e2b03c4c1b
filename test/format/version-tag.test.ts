import { expect, test } from 'vitest';
import { checkTag } from '../../src/format/version-tag.ts';

test.each(['latest', 'beta', 'lts-2024', 'a.b_c', 'v', 'next', `a${'b'.repeat(63)}`])('%s can be a tag', (tag) => {
  expect(checkTag(tag)).toBeUndefined();
});

test.each([
  ['', 'must be 1 to 64'],
  ['Beta', 'must be 1 to 64'],
  ['1st', 'must be 1 to 64'],
  ['-rc', 'must be 1 to 64'],
  ['a b', 'must be 1 to 64'],
  ['bêta', 'must be 1 to 64'],
  [`a${'b'.repeat(64)}`, 'must be 1 to 64'],
  ['x', 'would be read as a version or a range'],
  ['v1', 'would be read as a version or a range'],
  ['v1.2.3', 'would be read as a version or a range'],
  ['versions', 'is a word of the API'],
])('%j cannot be a tag', (tag, reason) => {
  expect(checkTag(tag)).toContain(reason);
});
