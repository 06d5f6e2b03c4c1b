import { parseSkillRef } from '../../src/format/names.ts';
import type { Address } from '../client.ts';
import { usageError } from '../failure.ts';

/**
 * A skill named in full and without a version, as changes name it: a bare name could be anybody's.
 *
 * @throws FormatError `invalid_name`
 * @throws CodedError `usage`
 */
export function requireSkill(text: string): Address {
  const { namespace, name, range } = parseSkillRef(text);
  if (namespace === undefined || range !== undefined) {
    throw usageError(`'${text}' does not name a skill.`, 'Write it as @namespace/name, without a version.');
  }
  return { namespace, name };
}

/**
 * The same with the versions that are meant, if not all.
 *
 * @throws FormatError `invalid_name`
 * @throws CodedError `usage`
 */
export async function requireVersions(text: string): Promise<{ skill: Address; range: string | undefined }> {
  const { namespace, name, range } = parseSkillRef(text);
  const { isVersionRange } = await import('../../src/format/semver.ts');
  if (namespace === undefined || (range !== undefined && !isVersionRange(range))) {
    throw usageError(
      `'${text}' does not name a skill, or versions of it.`,
      'Write it as @namespace/name or @namespace/name@range, for example "@acme/pdf-tools@<2".',
    );
  }
  return { skill: { namespace, name }, range };
}
