import type { SkillRef } from '../../src/format/names.ts';
import { isVersion, isVersionRange } from '../../src/format/semver.ts';
import { CodedError } from '../failure.ts';
import { isSame, requireMoved, requireVersion } from '../moved-name.ts';
import type { InstallRecord } from '../project/record.ts';
import { addressText, type SkillAddress } from '../resolve/plan.ts';
import { findPackage, resolveRef } from '../resolve-name.ts';
import type { RegistryPool } from './registry-pool.ts';
import type { LockedSource } from './version-source.ts';

/** A skill of a registry that the user named, under the name that it has now. */
export interface NamedSkill extends SkillAddress {
  /** What has to be chosen: a range, or the version that a tag leads to. */
  range: string;
  /** What is noted as wanted. */
  saved: string;
  /** `@namespace/name` that it was asked for by, where it is called otherwise now. */
  formerName?: string;
}

/**
 * Finds out which skill the user means, and which version of it, when that is not for the resolver to choose.
 *
 * @param records what is installed: a bare name may mean that
 * @throws FormatError, CodedError as `resolveRef` and `findPackage`; `registry_conflict`
 */
export async function nameSkill(
  pool: RegistryPool,
  source: LockedSource,
  records: ReadonlyMap<string, InstallRecord>,
  ref: SkillRef,
): Promise<NamedSkill> {
  const address = { namespace: ref.namespace ?? (await namespaceOf(pool, records, ref.name)), name: ref.name };
  source.noteAsked(address);
  const range = ref.range ?? 'latest';
  const registry = source.registryOf(address);
  const { client } = await pool.at(registry);
  const kept = isVersion(range) ? await pool.cache.version(registry, address, range) : undefined;
  const isKnown = async () =>
    records.has(addressText(address)) || (await pool.cache.versions(registry, address)).length > 0;
  const shown = kept?.metadata ?? (await findPackage(client, { ...address, range }, isKnown));
  await requireMoved(client, address, shown);
  requireVersion({ ...address, range }, shown);
  pool.registries.requireOwn(registry, address, shown);
  source.noteAsked(shown);
  const isOpen = isVersionRange(range) && !isVersion(range);
  if (!isOpen) source.noteExact(shown);
  return {
    namespace: shown.namespace,
    name: shown.name,
    range: isOpen ? range : shown.version,
    saved: ref.range ?? `^${shown.version}`,
    ...(isSame(address, shown) ? {} : { formerName: addressText(address) }),
  };
}

async function namespaceOf(
  pool: RegistryPool,
  records: ReadonlyMap<string, InstallRecord>,
  name: string,
): Promise<string> {
  const installed = [...records.values()].find((record) => record.name === name)?.namespace;
  if (installed !== undefined) return installed;
  const { registries } = pool;
  const { client } = await pool.at(registries.fallback);
  const { namespace } = await resolveRef(client, name);
  if (registries.isAnsweredByFallback(namespace)) return namespace;
  const message = `${registries.fallback} has @${namespace}/${name}, but @${namespace} belongs to another registry.`;
  throw new CodedError('registry_conflict', message, `Name it in full: skills install @${namespace}/${name}`);
}
