import { FormatError } from '../src/format/format-error.ts';
import type { PackageBody, PgpKeyBody } from '../src/http/v1/schemas.ts';
import type { Client } from './client.ts';
import type { CliContext } from './context.ts';
import { CodedError } from './failure.ts';
import { readRegistry, updateRegistry } from './home.ts';
import { verifyDigest } from './verify.ts';

/** What a registry shows of a publisher's signature. */
export interface PublisherEvidence {
  /** In ASCII armour; none when its key was revoked. */
  signature?: string | undefined;
  /** Of the namespace. */
  keys: PgpKeyBody[];
}

/** What `PublisherWatch.check` finds of a version. */
export const PUBLISHER_CODES = ['bad_publisher_signature', 'publisher_changed'];

/**
 * Checks the OpenPGP signatures of publishers. The key of a namespace's first version that is met is kept; later on only those
 * that were kept will do, or that the user named.
 */
export class PublisherWatch {
  readonly #context: CliContext;
  readonly #client: Client;
  readonly #named: readonly string[];
  /** Fingerprints by namespace. */
  readonly #pinned: ReadonlyMap<string, string[]>;
  readonly #used = new Map<string, Set<string>>();
  readonly #warnings: string[] = [];
  readonly #keys = new Map<string, Promise<{ keys: PgpKeyBody[] }>>();

  private constructor(
    context: CliContext,
    client: Client,
    { pinned, named }: { pinned: ReadonlyMap<string, string[]>; named: readonly string[] },
  ) {
    this.#context = context;
    this.#client = client;
    this.#pinned = pinned;
    this.#named = named.map((fingerprint) => fingerprint.toUpperCase());
  }

  /** @param named fingerprints of keys that the user trusts, whether met before or not */
  static async open(context: CliContext, client: Client, named: readonly string[]): Promise<PublisherWatch> {
    const { publishers = {} } = await readRegistry(context, client.registry);
    return new PublisherWatch(context, client, { pinned: new Map(Object.entries(publishers)), named });
  }

  /**
   * @param archive what `/v1/download` serves, if it is here already
   * @param kept what the registry showed earlier; with it and the archive nobody is asked
   * @returns what the registry shows; undefined for a version that its publisher did not sign
   * @throws CodedError with one of `PUBLISHER_CODES`
   */
  async check(
    metadata: PackageBody,
    label: string,
    archive?: Uint8Array,
    kept?: PublisherEvidence,
  ): Promise<PublisherEvidence | undefined> {
    const signed = metadata.publisher_signature;
    if (!signed) return undefined;
    const { key, namespace } = signed;
    if (namespace !== (metadata.published_as ?? metadata).namespace) {
      throw bad(label, `is said to be of '${namespace}', which did not publish it`);
    }
    const { keys } = kept ?? (await this.#keysOf(namespace));
    if (keys.some(({ fingerprint, revoked_at }) => fingerprint === key && revoked_at !== null)) {
      this.#warnings.push(`warning: ${label} is signed with the key ${key}, which ${namespace} has revoked since.`);
      return { keys };
    }
    const signature = kept?.signature ?? (await this.#client.publisherSignature(metadata, metadata.version));
    const given = archive ?? (await this.#client.download(metadata, metadata.version));
    await verifyDigest(label, given, metadata.sha256);
    const signer = await this.#verify(given, { signature, keys }, namespace, label);
    if (signer !== key) throw bad(label, `was made with the key ${signer}, not with ${key}`);
    const pinned = this.#pinned.get(namespace) ?? [];
    if (pinned.length > 0 && !pinned.includes(signer) && !this.#named.includes(signer)) {
      throw new CodedError(
        'publisher_changed',
        `${label} is signed with the key ${signer}, which was not a key of ${namespace} before.`,
        `Ask the publisher whether this is meant. If so, add: --trust-publisher ${signer}`,
      );
    }
    this.#used.set(namespace, (this.#used.get(namespace) ?? new Set()).add(signer));
    return { signature, keys };
  }

  /**
   * Keeps the keys that good signatures were made with.
   *
   * @returns lines for people: about those that were not kept before, and about signatures of revoked keys
   */
  async keep(): Promise<string[]> {
    const fresh = new Map<string, string[]>();
    const notes: string[] = [];
    for (const [namespace, used] of this.#used) {
      const pinned = this.#pinned.get(namespace) ?? [];
      const added = [...used].filter((fingerprint) => !pinned.includes(fingerprint));
      if (added.length > 0) fresh.set(namespace, added);
      for (const fingerprint of added) notes.push(`note: trusting the key ${fingerprint} of ${namespace} from now on.`);
    }
    const { registry } = this.#client;
    if (notes.length > 0)
      await updateRegistry(this.#context, registry, ({ publishers = {} }) => ({
        publishers: joined(publishers, fresh),
      }));
    return [...this.#warnings, ...notes];
  }

  /** The fingerprint of the key that signed. */
  async #verify(
    archive: Uint8Array,
    { signature, keys }: { signature: string; keys: PgpKeyBody[] },
    namespace: string,
    label: string,
  ): Promise<string> {
    const { verifyDetached } = await import('../src/format/openpgp/verify-detached.ts');
    const candidates = keys.map(({ armored, revoked_at }) => ({ armored, revoked: revoked_at !== null }));
    try {
      const about = { owner: namespace, now: this.#context.clock.now() };
      return (await verifyDetached(archive, signature, candidates, about)).fingerprint;
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw bad(label, `does not hold: ${error.message}`, error);
    }
  }

  #keysOf(namespace: string): Promise<{ keys: PgpKeyBody[] }> {
    const asked = this.#keys.get(namespace) ?? this.#client.pgpKeys(namespace);
    this.#keys.set(namespace, asked);
    return asked;
  }
}

/** What is kept by now, and what is fresh. */
function joined(kept: Record<string, string[]>, fresh: ReadonlyMap<string, string[]>): Record<string, string[]> {
  const publishers = new Map(Object.entries(kept));
  for (const [namespace, added] of fresh) {
    publishers.set(namespace, [...new Set([...(publishers.get(namespace) ?? []), ...added])]);
  }
  return Object.fromEntries(publishers);
}

function bad(label: string, problem: string, cause?: unknown): CodedError {
  const fix = 'Do not use this version: somebody may have changed it. Tell its publisher.';
  return new CodedError('bad_publisher_signature', `The publisher's signature of ${label} ${problem}.`, fix, 1, {
    cause,
  });
}
