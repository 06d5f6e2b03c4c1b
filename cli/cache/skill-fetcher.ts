import { FormatError } from '../../src/format/format-error.ts';
import { parseVerifierKey } from '../../src/format/tlog/verifier-key.ts';
import type { PackageBody } from '../../src/http/v1/schemas.ts';
import { readSeenLog } from '../checkpoints.ts';
import type { Client } from '../client.ts';
import type { CliContext } from '../context.ts';
import { CodedError } from '../failure.ts';
import { type FetchedSkill, fetchSkill, openArchive } from '../fetch-skill.ts';
import { checkKeptProof } from '../log-check.ts';
import { unasked } from '../moved-name.ts';
import type { Progress } from '../progress.ts';
import { labelOf } from '../project/record.ts';
import { PublisherWatch } from '../publisher-watch.ts';
import { keepKeys, keptKeys, loadKeys, type Trust } from '../registry-keys.ts';
import { claimOf } from '../registry-signature.ts';
import type { ResolvedRef } from '../resolve-name.ts';
import { keyOf } from '../trust.ts';
import { trustNote } from '../trust-note.ts';
import { verifySignature } from '../verify.ts';
import type { CachedVersion } from './cached-version.ts';
import { notCached } from './offline.ts';
import { OfflineClient } from './offline-client.ts';
import type { SkillCache } from './skill-cache.ts';

export interface FetcherOptions {
  cache: SkillCache;
  progress: Progress;
  /** Ids of keys of the registry that the user trusts. */
  trustKeys: readonly string[];
  /** Fingerprints of publishers' keys that the user trusts. */
  trustPublishers: readonly string[];
}

/**
 * Gets checked versions of one registry, out of the cache where that will do: an exact version that is there and whose
 * signatures hold by the keys that were kept touches no network, also when the registry withdrew it since. With an
 * `OfflineClient` everything comes from the cache.
 */
export class SkillFetcher {
  readonly #context: CliContext;
  readonly #client: Client;
  readonly #options: FetcherOptions;
  #trust: Promise<Trust> | undefined;
  #publishers: Promise<PublisherWatch> | undefined;
  /** Ids of keys whose signatures were found good. */
  readonly #used = new Set<string>();

  constructor(context: CliContext, client: Client, options: FetcherOptions) {
    this.#context = context;
    this.#client = client;
    this.#options = options;
  }

  /** What the registry is trusted by: asked for once, and not before it is needed. */
  trust(): Promise<Trust> {
    this.#trust ??= this.#loadTrust();
    return this.#trust;
  }

  /**
   * A version that was checked; it is in the cache then.
   *
   * @param shown what the registry showed of the version just now: where the cache has something else, the registry is asked
   * @throws CodedError or FormatError for whatever does not hold; `not_cached` and `offline` without the network
   */
  async fetch(ref: ResolvedRef, shown?: PackageBody): Promise<FetchedSkill> {
    const isOffline = this.#client instanceof OfflineClient;
    const version = isOffline ? (await this.#client.package(ref, ref.range)).version : ref.range;
    const { registry } = this.#client;
    const kept = await this.#options.cache.version(registry, ref, version);
    const cached = kept && agree(kept.metadata, shown) && (await this.#open(kept, isOffline));
    if (cached) return cached;
    if (isOffline) throw notCached(registry, labelOf({ ...ref, version }));
    const fetched = await fetchSkill({ ...this.#options, client: this.#client, trusted: await this.trust() }, ref);
    this.#used.add(fetched.metadata.key_id);
    await this.#keep(fetched);
    return fetched;
  }

  /**
   * Who told which versions there are has to stand by it also when none of them had to be sent. The last that the registry
   * is asked for.
   *
   * @throws CodedError for a log that does not go on from where it was
   */
  async checkProgress(): Promise<void> {
    if (this.#client.isAsked) await (await this.trust()).log.checkProgress();
  }

  /**
   * Remembers what was found good: keys of the registry and of publishers, and how far its log went. To be called after
   * `checkProgress`, when nothing else can stop the use of the skills any more. Asks the registry only where another process saw its log meanwhile.
   *
   * @returns lines for people
   */
  async keepTrust(): Promise<string[]> {
    const lines: string[] = [];
    const trust = await this.#trust;
    const warning = await trust?.log.keep();
    if (warning) lines.push(`warning: ${warning}`);
    lines.push(...((await (await this.#publishers)?.keep()) ?? []));
    if (trust)
      for (const kid of await keepKeys(this.#context, trust, [...this.#used])) lines.push(trustNote(kid, trust));
    return lines;
  }

  async #loadTrust(): Promise<Trust> {
    const { trustKeys, trustPublishers } = this.#options;
    const trust = await loadKeys(this.#context, this.#client, trustKeys, trustPublishers);
    return { ...trust, publishers: await this.#watch() };
  }

  #watch(): Promise<PublisherWatch> {
    this.#publishers ??= PublisherWatch.open(this.#context, this.#client, this.#options.trustPublishers);
    return this.#publishers;
  }

  /** The version as the cache has it; undefined when it has to be asked for again. */
  async #open(kept: CachedVersion, isOffline: boolean): Promise<FetchedSkill | undefined> {
    const archive = await this.#options.cache.archive(kept.metadata.sha256);
    if (archive === undefined) return undefined;
    try {
      return await this.#check(kept, archive);
    } catch (error) {
      if (isOffline || !(error instanceof CodedError || error instanceof FormatError)) throw error;
      // Whatever is wrong with it, the registry is asked now, and the error of that counts.
      await this.#options.cache.dropVersion(kept);
      return undefined;
    }
  }

  async #check(kept: CachedVersion, archive: Uint8Array): Promise<FetchedSkill> {
    const { metadata, registry, ...evidence } = kept;
    const label = labelOf(metadata);
    const trusted = await keptKeys(this.#context, registry);
    if (!trusted.pinned.has(metadata.key_id)) throw unvouched(registry, label);
    const signature = new Uint8Array(Buffer.from(evidence.signature, 'base64'));
    await verifySignature(label, archive, signature, keyOf(trusted, label, metadata.key_id));
    const { bundle, name, needs } = await openArchive(metadata, archive);
    if (name !== metadata.name && name !== metadata.published_as?.name)
      throw unasked(label, `its SKILL.md names it '${name}'`);
    const { key } = await readSeenLog(this.#context, registry);
    const logKey = key === undefined ? undefined : await parseVerifierKey(key);
    if ((logKey === undefined) !== (evidence.log === undefined)) throw unvouched(registry, label);
    const claim = claimOf(metadata, metadata.sha256, metadata.tree_digest);
    if (logKey && evidence.log) await checkKeptProof(registry, logKey, evidence.log, claim);
    if (metadata.publisher_signature && !evidence.publisher) throw unvouched(registry, label);
    await (await this.#watch()).check(metadata, label, archive, evidence.publisher);
    return { metadata, archive, bundle, needs, evidence };
  }

  async #keep({ metadata, archive, evidence }: FetchedSkill): Promise<void> {
    await this.#options.cache.keepArchive(metadata.sha256, archive);
    await this.#options.cache.keepVersion({ registry: this.#client.registry, metadata, ...evidence });
  }
}

function agree(kept: PackageBody, shown: PackageBody | undefined): boolean {
  if (!shown) return true;
  return kept.sha256 === shown.sha256 && kept.tree_digest === shown.tree_digest && kept.key_id === shown.key_id;
}

function unvouched(registry: string, label: string): CodedError {
  const message = `Nothing that was kept of ${registry} vouches for ${label} in the cache.`;
  return new CodedError('not_trusted', message, 'Install it once without --offline, so that its registry is asked.');
}
