import { expect, test } from 'vitest';
import { checkNotice, MAX_NOTICE } from '../../src/format/notice.ts';

test.each(['x', 'Use @acme/pdf-kit.', ' blanks around it ', 'ünïcödé 😀', '😀'.repeat(MAX_NOTICE)])(
  '%j is a notice',
  (text) => {
    expect(checkNotice(text)).toBeUndefined();
  },
);

test.each([
  ['', 'the message must not be empty'],
  [' \n', 'the message must not be empty'],
  ['😀'.repeat(MAX_NOTICE + 1), 'the message is 501 characters long; the maximum is 500'],
  ['a\nb', 'the message must be one line'],
  ['a\tb', 'the message must be one line'],
  ['a\u001b[2Jb', 'the message holds U+001B, which cannot be shown'],
  ['a\u202eb', 'the message holds U+202E, which cannot be shown'],
])('%j is none', (text, reason) => {
  expect(checkNotice(text)).toBe(reason);
});
