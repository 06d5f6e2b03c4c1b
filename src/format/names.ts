import { FormatError } from './format-error.ts';

const SKILL_NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const NAMESPACE = /^[a-z0-9-]{3,32}$/;
const isAscii = (text: string) => [...text].every((char) => char.charCodeAt(0) < 128);

/** A skill's address as people type it. `range` is whatever follows the last `@`: a semver range, a version or a tag. */
export interface SkillRef {
  namespace?: string;
  name: string;
  range?: string;
}

/**
 * Says in a sentence what is wrong with a skill name, or returns undefined when it is good.
 *
 * The rule is that of the Agent Skills specification, read as ASCII: `^[a-z0-9]+(-[a-z0-9]+)*$`, 1 to 64 characters.
 * The specification's validator also takes other alphabets, but common clients cannot install such a skill.
 */
export function checkSkillName(name: string): string | undefined {
  if (name.length === 0) return 'a skill name must not be empty';
  if (!isAscii(name)) return `skill name '${name}' must be ASCII: only the letters a-z, the digits 0-9 and hyphens`;
  if (name.length > 64) return `skill name '${name}' is ${name.length} characters long; the maximum is 64`;
  if (SKILL_NAME.test(name)) return undefined;
  if (/[A-Z]/.test(name)) return `skill name '${name}' must be lower case`;
  if (/[^a-z0-9-]/.test(name)) return `skill name '${name}' may only hold the letters a-z, the digits 0-9 and hyphens`;
  if (name.includes('--')) return `skill name '${name}' must not hold two hyphens in a row`;
  return `skill name '${name}' must not start or end with a hyphen`;
}

/** Says in a sentence what is wrong with a namespace slug, or returns undefined. The rule: `^[a-z0-9-]{3,32}$`. */
export function checkNamespace(slug: string): string | undefined {
  if (NAMESPACE.test(slug)) return undefined;
  if (!isAscii(slug)) return `namespace '${slug}' must be ASCII: only the letters a-z, the digits 0-9 and hyphens`;
  if (slug.length < 3 || slug.length > 32) {
    return `namespace '${slug}' is ${slug.length} characters long; it must be 3 to 32`;
  }
  return `namespace '${slug}' may only hold the letters a-z, the digits 0-9 and hyphens`;
}

/**
 * Reads `[@namespace/]name[@range]`, also `namespace/name[@range]`.
 *
 * The range is not checked here: it may be a semver range, an exact version or a tag such as `latest`.
 * @throws FormatError `invalid_name`
 */
export function parseSkillRef(text: string): SkillRef {
  const slash = text.indexOf('/');
  const rangeAt = text.indexOf('@', Math.max(1, slash + 1));
  const address = rangeAt === -1 ? text : text.slice(0, rangeAt);
  const range = rangeAt === -1 ? undefined : text.slice(rangeAt + 1).trim();
  if (range === '') throw invalidRef(text, 'nothing follows the last @');

  const name = slash === -1 ? address : address.slice(slash + 1);
  const namespace = slash === -1 ? undefined : address.slice(address.startsWith('@') ? 1 : 0, slash);
  const problem = checkSkillName(name) ?? (namespace === undefined ? undefined : checkNamespace(namespace));
  if (problem !== undefined) throw invalidRef(text, problem);
  return {
    ...(namespace === undefined ? {} : { namespace }),
    name,
    ...(range === undefined ? {} : { range }),
  };
}

function invalidRef(text: string, problem: string): FormatError {
  return new FormatError('invalid_name', `'${text}' does not name a skill: ${problem}`, {
    fix: 'Write it as name, @namespace/name or @namespace/name@range, for example @acme/pdf-tools@^1.2.0.',
  });
}
