import { isVersion, maxSatisfying } from '../../src/format/semver.ts';
import { checkTag } from '../../src/format/version-tag.ts';
import type { PackageBody, SearchBody } from '../../src/http/v1/schemas.ts';
import { type Address, Client } from '../client.ts';
import { notCached, offlineError } from './offline.ts';
import type { SkillCache } from './skill-cache.ts';

/**
 * What the cache can answer in place of a registry: the versions in it are all that there are, and the newest of them is
 * `latest`. Whatever else is asked ends with `offline`.
 */
export class OfflineClient extends Client {
  readonly #cache: SkillCache;

  constructor(registry: string, cache: SkillCache) {
    const fetch = () => Promise.reject(offlineError(registry));
    super({ registry, token: undefined, fetch });
    this.#cache = cache;
  }

  override get isAsked(): boolean {
    return false;
  }

  /** @throws CodedError `not_cached` */
  override async package(address: Address, wanted: string): Promise<PackageBody> {
    const versions = (await this.#cache.versions(this.registry, address)).map(({ metadata }) => metadata);
    const numbers = versions.map(({ version }) => version);
    const number = chooseVersion(numbers, wanted);
    const found = versions.find(({ version }) => version === number);
    if (found) return found;
    throw notCached(this.registry, `@${address.namespace}/${address.name}@${wanted}`, numbers);
  }

  override async versions(address: Address) {
    const kept = await this.#cache.versions(this.registry, address);
    if (kept.length === 0) throw notCached(this.registry, `@${address.namespace}/${address.name}`);
    const versions = kept.map(({ metadata: { version, sha256, published_at } }) => ({
      version,
      sha256,
      published_at,
      yanked_at: null,
    }));
    return { versions, tags: {} };
  }

  /** Skills in the cache of exactly that name. @throws CodedError `not_cached` */
  override async search({ q }: { q: string }): Promise<SearchBody> {
    const newest = new Map<string, PackageBody>();
    for (const { registry, metadata } of (await this.#cache.allVersions()).values()) {
      if (registry !== this.registry || metadata.name !== q) continue;
      const [first] = await this.#cache.versions(registry, metadata);
      if (first) newest.set(metadata.namespace, first.metadata);
    }
    if (newest.size === 0) throw notCached(this.registry, `skill '${q}'`);
    const packages = [...newest.values()].map((metadata) => ({
      id: `${metadata.namespace}/${metadata.name}`,
      namespace: metadata.namespace,
      name: metadata.name,
      description: metadata.description,
      category: metadata.category,
      visibility: metadata.visibility,
      created_at: metadata.published_at,
      latest_version: metadata.version,
      verification: metadata.verification ?? ('self_signed' as const),
    }));
    return { packages, total: packages.length, page: 1, page_size: packages.length };
  }
}

/** @param numbers the newest first */
function chooseVersion(numbers: string[], wanted: string): string | undefined {
  if (isVersion(wanted)) return wanted;
  if (wanted === 'latest') return maxSatisfying(numbers, '*') ?? numbers[0];
  // What other tags stand for, only the registry knows.
  return checkTag(wanted) === undefined ? undefined : maxSatisfying(numbers, wanted);
}
