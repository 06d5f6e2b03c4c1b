import compare from 'semver/functions/compare.js';
import parse from 'semver/functions/parse.js';
import satisfies from 'semver/functions/satisfies.js';
import findMaxSatisfying from 'semver/ranges/max-satisfying.js';
import validRange from 'semver/ranges/valid.js';
import { FormatError } from './format-error.ts';

const MAX_VERSION_LENGTH = 64;
const MAX_RANGE_LENGTH = 256;

/** True for a strict semantic version: `1.2.3`, `1.2.3-rc.1`, `1.2.3+build`; no leading `v`, at most 64 characters. */
export function isVersion(v: string): boolean {
  return v.length <= MAX_VERSION_LENGTH && /^[0-9]\S*$/.test(v) && parse(v) !== null;
}

/** True for a range that `maxSatisfying` takes. */
export function isVersionRange(range: string): boolean {
  return range.length <= MAX_RANGE_LENGTH && validRange(range) !== null;
}

/**
 * The highest of `versions` inside a semver range, or undefined. A prerelease counts only when the range names one of
 * the same version. Tags such as `latest` are not known here.
 * @throws FormatError `invalid_version` when `range` is not a semver range
 */
export function maxSatisfying(versions: string[], range: string): string | undefined {
  requireRange(range);
  return findMaxSatisfying(versions, range) ?? undefined;
}

/**
 * A test for being inside a semver range, for sorting published versions: prereleases are inside like releases, so `<2`
 * holds `1.5.0-rc.1`.
 * @throws FormatError `invalid_version` when `range` is not a semver range
 */
export function versionMatcher(range: string): (version: string) => boolean {
  requireRange(range);
  return (version) => satisfies(version, range, { includePrerelease: true });
}

function requireRange(range: string): void {
  if (isVersionRange(range)) return;
  throw new FormatError('invalid_version', `'${range.slice(0, MAX_RANGE_LENGTH)}' is not a version or a range`, {
    fix: 'Use a version such as 1.2.3 or a range such as ^1.2.0, ~1.2, 1.x or >=1.0.0 <2.0.0.',
  });
}

/** Orders versions by precedence, oldest first; build metadata does not count. Both must pass `isVersion`. */
export function compareVersions(a: string, b: string): number {
  return compare(a, b);
}
