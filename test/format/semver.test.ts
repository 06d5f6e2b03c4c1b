import { describe, expect, test } from 'vitest';
import { compareVersions, isVersion, isVersionRange, maxSatisfying, versionMatcher } from '../../src/format/semver.ts';
import { formatErrorFrom } from '../support/archives.ts';

test.each(['0.0.0', '1.2.3', '1.2.3-rc.1', '1.2.3+build.5', '10.20.30-a-b'])('%s is a version', (version) => {
  expect(isVersion(version)).toBe(true);
});

test.each([
  '',
  '1',
  '1.2',
  'v1.2.3',
  '=1.2.3',
  ' 1.2.3',
  '1.2.3 ',
  '1.2.3\n',
  '01.2.3',
  '1.2.x',
  'latest',
  `1.2.3-${'a'.repeat(60)}`,
])('%j is not', (version) => {
  expect(isVersion(version)).toBe(false);
});

describe('maxSatisfying', () => {
  const versions = ['1.0.0', '1.10.0', '1.9.0', '2.0.0-rc.1', '2.0.0', '3.0.0-beta.1'];
  test.each([
    ['*', '2.0.0'],
    ['^1.0.0', '1.10.0'],
    ['1.0.0', '1.0.0'],
    ['~1.9', '1.9.0'],
    ['>=3.0.0-alpha', '3.0.0-beta.1'],
    ['>2.0.0', undefined],
    ['^2.0.0-rc.0', '2.0.0'],
  ])('%s is %s', (range, expected) => {
    expect(maxSatisfying(versions, range)).toBe(expected);
  });

  test.each(['latest', 'not a range', `1.0.0 ${'|| 1.0.0 '.repeat(100)}`])('%j is refused', async (range) => {
    expect(isVersionRange(range)).toBe(false);
    expect(await formatErrorFrom(() => maxSatisfying(versions, range))).toMatchObject({ code: 'invalid_version' });
  });
});

test('versions are ordered by precedence', () => {
  const sorted = ['1.0.0-rc.1', '1.0.0', '1.2.0', '1.10.0', '2.0.0'];
  expect([...sorted].reverse().sort(compareVersions)).toEqual(sorted);
});

describe('versionMatcher', () => {
  const versions = ['1.0.0', '1.5.0-rc.1', '2.0.0-rc.1', '2.0.0', '2.1.0'];
  test.each([
    ['<2', ['1.0.0', '1.5.0-rc.1']],
    ['^1', ['1.0.0', '1.5.0-rc.1']],
    ['2.0.0-rc.1', ['2.0.0-rc.1']],
    ['2.0.0', ['2.0.0']],
    ['2.x', ['2.0.0-rc.1', '2.0.0', '2.1.0']],
    ['*', versions],
    ['>9', []],
  ])('%s holds %j', (range, expected) => {
    expect(versions.filter(versionMatcher(range))).toEqual(expected);
  });

  test('a tag is refused', async () => {
    expect(await formatErrorFrom(() => versionMatcher('latest'))).toMatchObject({ code: 'invalid_version' });
  });
});
