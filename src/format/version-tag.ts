import { isVersion, isVersionRange } from './semver.ts';

const TAG = /^[a-z][a-z0-9._-]{0,63}$/;
/** What follows a skill's name in paths and is no version. */
const WORDS = ['diff', 'downloads', 'tags', 'versions'];

/**
 * Says in a sentence why a text cannot be the tag of a version, or returns undefined when it can. Tags stand where
 * versions and ranges stand, so none may read as either: `x` and `v1` are ranges. `latest` is a tag.
 */
export function checkTag(tag: string): string | undefined {
  const named = `tag '${tag.slice(0, 64)}'`;
  if (!TAG.test(tag)) {
    return `${named} must be 1 to 64 of a-z, 0-9, dots, hyphens and underscores, and begin with a letter`;
  }
  if (isVersion(tag) || isVersionRange(tag)) return `${named} would be read as a version or a range`;
  if (WORDS.includes(tag)) return `${named} is a word of the API`;
  return undefined;
}
