import { checkNamespace, checkSkillName } from '../src/format/names.ts';
import { isVersion, isVersionRange, maxSatisfying } from '../src/format/semver.ts';
import type { PackageBody } from '../src/http/v1/schemas.ts';
import type { Address, Client } from './client.ts';
import { CodedError } from './failure.ts';
import { labelOf } from './project/record.ts';

/** Whether two addresses name the same skill. */
export function isSame(a: Address, b: Address): boolean {
  return a.namespace === b.namespace && a.name === b.name;
}

/**
 * What a registry answers for a skill that was renamed, given away or merged since: metadata that name another one. It
 * has to stand by that when it is asked for the other one by its own name.
 *
 * @throws CodedError `not_what_was_asked`
 */
export async function requireMoved(client: Client, asked: Address, answered: PackageBody): Promise<void> {
  if (isSame(asked, answered)) return;
  const isName = checkNamespace(answered.namespace) === undefined && checkSkillName(answered.name) === undefined;
  if (isName && (await leadsTo(client, answered, answered))) return;
  throw unasked(`@${asked.namespace}/${asked.name}`, `the registry answers with ${labelOf(answered)}`);
}

/**
 * A registry answers with the version that was asked for, or one inside the range. What a tag leads to is its own to say.
 *
 * @throws CodedError `not_what_was_asked`
 */
export function requireVersion({ namespace, name, range }: Address & { range: string }, answered: PackageBody): void {
  const { version } = answered;
  const isAsked = isVersion(range)
    ? version === range
    : !isVersionRange(range) || maxSatisfying([version], range) !== undefined;
  if (!isAsked) throw unasked(`@${namespace}/${name}@${range}`, `the registry answers with ${labelOf(answered)}`);
}

/**
 * The name inside an archive is the skill's name, or the one that it had when the version was published: then the
 * registry leads from that to the skill.
 *
 * @throws CodedError `not_what_was_asked`
 */
export async function requireNamed(client: Client, metadata: PackageBody, name: string): Promise<void> {
  if (name === metadata.name) return;
  const { published_as: former } = metadata;
  if (former?.name === name && (await leadsTo(client, former, metadata))) return;
  throw unasked(labelOf(metadata), `its SKILL.md names it '${name}'`);
}

/** A cache on the way may hold what the version's own address answered before the skill was renamed. */
async function leadsTo(client: Client, from: Address, to: PackageBody): Promise<boolean> {
  return (await answersAs(client, from, to.version, to)) || (await answersAs(client, from, 'latest', to));
}

async function answersAs(client: Client, from: Address, version: string, to: PackageBody): Promise<boolean> {
  try {
    const there = await client.package(from, version);
    return isSame(there, to) && (there.version !== to.version || there.sha256 === to.sha256);
  } catch (error) {
    if (error instanceof CodedError && error.code === 'not_found') return false;
    throw error;
  }
}

/** The error for a skill that is another one than was asked for. */
export function unasked(label: string, how: string): CodedError {
  return new CodedError(
    'not_what_was_asked',
    `${label} is not what was asked for: ${how}.`,
    'Nothing was installed. Tell the operator of the registry.',
  );
}
