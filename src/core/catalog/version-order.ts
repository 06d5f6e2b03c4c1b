/**
 * A text that sorts (by code unit) the way semver precedence orders versions, so that the database can find the
 * newest one by index. Numbers are padded to 16 digits; a release ends in `~`, which sorts after every prerelease.
 * Build metadata plays no part (semver 2.0.0, section 10).
 *
 * @param version a valid semver
 */
export function versionSortKey(version: string): string {
  const [withoutBuild = ''] = version.split('+', 1);
  const dash = withoutBuild.indexOf('-');
  const core = dash === -1 ? withoutBuild : withoutBuild.slice(0, dash);
  const numbers = core.split('.').map((part) => part.padStart(16, '0'));
  if (dash === -1) return `${numbers.join('.')}~`;
  const identifiers = withoutBuild.slice(dash + 1).split('.');
  return `${numbers.join('.')}-${identifiers.map(identifierKey).join(' ')}`;
}

/** Whether the version has a prerelease part; such a version is `latest` only while there is no release. */
export function isPrerelease(version: string): boolean {
  return (version.split('+', 1)[0] ?? '').includes('-');
}

function identifierKey(identifier: string): string {
  return /^\d+$/.test(identifier) ? `0${identifier.padStart(16, '0')}` : `1${identifier}`;
}
