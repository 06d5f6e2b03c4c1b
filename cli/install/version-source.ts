import { isVersion } from '../../src/format/semver.ts';
import type { SkillDependency } from '../../src/format/skill-yaml.ts';
import type { PackageBody } from '../../src/http/v1/schemas.ts';
import { CodedError } from '../failure.ts';
import { type InstallRecord, isFromRegistry } from '../project/record.ts';
import { unlessMissing } from '../resolve/demand.ts';
import { addressText, type SkillAddress, type VersionSource } from '../resolve/plan.ts';
import { resolveRef } from '../resolve-name.ts';
import type { RegistryPool } from './registry-pool.ts';

interface Listed {
  version: string;
  yanked: boolean;
  /** Why its publisher advises against it. */
  deprecated?: string | undefined;
}

/**
 * What registries, the cache and the lock file say of versions. What is locked is taken from there: nobody is asked for it,
 * and it counts also where the registry has withdrawn it since.
 */
export class LockedSource implements VersionSource {
  readonly #pool: RegistryPool;
  readonly #records: ReadonlyMap<string, InstallRecord>;
  readonly #locked: ReadonlyMap<string, InstallRecord>;
  readonly #shown = new Map<string, Promise<PackageBody>>();
  /** What registries list, by address. */
  readonly #lists = new Map<string, Promise<readonly Listed[]>>();
  /** Exact versions that were asked for, by address. */
  readonly #exact = new Map<string, string>();
  /** Addresses that the user named. */
  readonly #asked = new Set<string>();
  /** True while locked skills have their locked version and no other. */
  onlyLocked = false;

  /**
   * @param records what is installed
   * @param locked those of it that are not looked for anew
   */
  constructor(
    pool: RegistryPool,
    records: ReadonlyMap<string, InstallRecord>,
    locked: ReadonlyMap<string, InstallRecord>,
  ) {
    this.#pool = pool;
    this.#records = records;
    this.#locked = locked;
  }

  /** From now on `--registry` is about this skill. */
  noteAsked(address: SkillAddress): void {
    this.#asked.add(addressText(address));
  }

  registryOf(address: SkillAddress): string {
    const key = addressText(address);
    const neighbours = this.#registriesOf(address.namespace);
    return this.#pool.registryOf(address, this.#records.get(key), this.#asked.has(key), neighbours);
  }

  /** Where the installed skills of a namespace came from, and those that the user names now come from. */
  #registriesOf(namespace: string): Set<string> {
    const records = [...this.#records.values()].filter((record) => record.namespace === namespace);
    const found = new Set(records.map(({ registry }) => registry).filter((registry) => registry !== undefined));
    const isNew = (key: string) => key.startsWith(`@${namespace}/`) && !this.#records.has(key);
    if ([...this.#asked].some(isNew)) found.add(this.#pool.registries.fallback);
    return found;
  }

  /** The version is the only one that will do, and the registry has shown it. */
  noteExact(shown: PackageBody): void {
    this.#exact.set(addressText(shown), shown.version);
    this.#shown.set(`${addressText(shown)}@${shown.version}`, Promise.resolve(shown));
  }

  /** What the registry showed of a version during this command; nothing when it was not asked. */
  async shown(address: SkillAddress, version: string): Promise<PackageBody | undefined> {
    return this.#shown.get(`${addressText(address)}@${version}`);
  }

  async versions(address: SkillAddress): Promise<readonly Listed[]> {
    const key = addressText(address);
    const locked = this.#locked.get(key)?.version;
    const only = this.#exact.get(key) ?? (this.onlyLocked ? locked : undefined);
    if (only !== undefined) return [{ version: only, yanked: false }];
    const asked = this.#listed(address);
    const listed = await (locked === undefined ? asked : unlessMissing(asked, []));
    const isListed = locked === undefined || listed.some(({ version }) => version === locked);
    return isListed ? listed : [...listed, { version: locked, yanked: true }];
  }

  /** Whether the registry has a version to install; `isFit` says which ones will do. */
  async offers(address: SkillAddress, isFit: (version: string) => boolean): Promise<boolean> {
    const listed = await unlessMissing(this.#listed(address), []);
    return listed.some(({ version, yanked }) => !yanked && isFit(version));
  }

  /** Why its publisher advises against a version, if so, and if a registry lists it. */
  async deprecation(address: SkillAddress, version: string): Promise<string | undefined> {
    const listed = await unlessMissing(this.#listed(address), []);
    return listed.find((one) => one.version === version)?.deprecated;
  }

  async dependencies(address: SkillAddress, version: string): Promise<readonly SkillDependency[]> {
    const record = this.#locked.get(addressText(address));
    if (record?.version === version && isFromRegistry(record)) return dependenciesOf(record);
    return (await this.#metadata(address, version)).dependencies;
  }

  #listed(address: SkillAddress): Promise<readonly Listed[]> {
    const key = addressText(address);
    const asked = this.#lists.get(key) ?? this.#list(address);
    this.#lists.set(key, asked);
    return asked;
  }

  async #list(address: SkillAddress): Promise<readonly Listed[]> {
    const { client } = await this.#pool.at(this.registryOf(address));
    const { versions } = await client.versions(address);
    return versions.map(({ version, yanked_at, deprecated }) => ({ version, yanked: yanked_at !== null, deprecated }));
  }

  async tag(address: SkillAddress, tag: string): Promise<string | undefined> {
    const { client } = await this.#pool.at(this.registryOf(address));
    try {
      const shown = await client.package(address, tag);
      this.#shown.set(`${addressText(address)}@${shown.version}`, Promise.resolve(shown));
      return shown.version;
    } catch (error) {
      if (error instanceof CodedError && ['not_found', 'not_cached', 'invalid_request'].includes(error.code))
        return undefined;
      throw error;
    }
  }

  /**
   * A bare name means a skill of the same namespace, or else one of the registry that is used without further word; never
   * one of a namespace that belongs to another registry.
   */
  async namespaceOf(name: string, askedBy: SkillAddress): Promise<string | undefined> {
    if (askedBy.namespace !== '' && (await this.#has({ namespace: askedBy.namespace, name }))) return askedBy.namespace;
    const { registries } = this.#pool;
    const { client } = await this.#pool.at(registries.fallback);
    try {
      const { namespace } = await resolveRef(client, name);
      return registries.isAnsweredByFallback(namespace) ? namespace : undefined;
    } catch (error) {
      if (error instanceof CodedError && ['not_found', 'not_cached'].includes(error.code)) return undefined;
      throw error;
    }
  }

  async #has(address: SkillAddress): Promise<boolean> {
    if (this.#locked.has(addressText(address))) return true;
    try {
      return (await this.versions(address)).length > 0;
    } catch (error) {
      if (error instanceof CodedError && ['not_found', 'not_cached'].includes(error.code)) return false;
      throw error;
    }
  }

  /** A version that the cache has says the same for ever. */
  #metadata(address: SkillAddress, version: string): Promise<PackageBody> {
    const label = `${addressText(address)}@${version}`;
    const asked = this.#shown.get(label) ?? this.#ask(address, version, label);
    return asked;
  }

  async #ask(address: SkillAddress, version: string, label: string): Promise<PackageBody> {
    const registry = this.registryOf(address);
    const kept = isVersion(version) ? await this.#pool.cache.version(registry, address, version) : undefined;
    if (kept) return kept.metadata;
    const { client } = await this.#pool.at(registry);
    const asked = client.package(address, version);
    this.#shown.set(label, asked);
    return asked;
  }
}

function dependenciesOf({ dependencies = {}, optional = [] }: InstallRecord): SkillDependency[] {
  return Object.entries(dependencies).map(([name, range]) => ({ name, range, optional: optional.includes(name) }));
}
