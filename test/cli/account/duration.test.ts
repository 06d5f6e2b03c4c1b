import { expect, it } from 'vitest';
import { parseDuration } from '../../../cli/account/duration.ts';

it.each([
  ['1m', 60],
  ['12h', 43_200],
  ['30d', 2_592_000],
  ['8w', 4_838_400],
  ['1y', 31_536_000],
  ['10y', 315_360_000],
])('%s is %d seconds', (text, seconds) => {
  expect(parseDuration('--expires', text)).toBe(seconds);
});

it.each(['', 'd', '30', '0d', '01d', '30 d', '30D', '30s', '1e3d', '9999999999m', '11y', '3651d'])(
  '%j is none',
  (text) => {
    expect(() => parseDuration('--expires', text)).toThrow(/^--expires /);
  },
);
