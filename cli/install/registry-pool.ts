import type { SkillCache } from '../cache/skill-cache.ts';
import { SkillFetcher } from '../cache/skill-fetcher.ts';
import type { Client } from '../client.ts';
import type { CliContext } from '../context.ts';
import { CodedError } from '../failure.ts';
import type { Progress } from '../progress.ts';
import type { InstallRecord } from '../project/record.ts';
import type { Registries } from '../registries.ts';
import type { SkillAddress } from '../resolve/plan.ts';
import { requireShown } from '../trust.ts';

export interface PoolOptions {
  registries: Registries;
  /** A client of a registry, with the key that is stored for it. */
  connect(registry: string): Promise<Client>;
  cache: SkillCache;
  progress: Progress;
  trustKeys: readonly string[];
  trustPublishers: readonly string[];
  /** True when `--registry` names one: it goes before what the lock file says. */
  isNamed: boolean;
}

/** A registry that a command speaks to. */
export interface Contact {
  client: Client;
  fetcher: SkillFetcher;
}

/** The registries that one command speaks to, each with one client and one watch over its keys and its log. */
export class RegistryPool {
  readonly registries: Registries;
  readonly cache: SkillCache;
  readonly #context: CliContext;
  readonly #options: PoolOptions;
  readonly #contacts = new Map<string, Promise<Contact>>();

  constructor(context: CliContext, options: PoolOptions) {
    this.registries = options.registries;
    this.cache = options.cache;
    this.#context = context;
    this.#options = options;
  }

  at(registry: string): Promise<Contact> {
    const contact = this.#contacts.get(registry) ?? this.#open(registry);
    this.#contacts.set(registry, contact);
    return contact;
  }

  /**
   * The registry of a skill: what its namespace is given to, or else where the installed one came from.
   *
   * @param isAsked whether the user named the skill, and so `--registry` is about it
   * @param neighbours where installed skills of the same namespace came from; what they need of it comes from there as well
   * @throws CodedError `registry_conflict` when these disagree about a skill that nobody named
   */
  registryOf(
    { namespace }: Pick<SkillAddress, 'namespace'>,
    record: InstallRecord | undefined,
    isAsked: boolean,
    neighbours: ReadonlySet<string> = new Set(),
  ): string {
    const { registries, isNamed } = this.#options;
    if (registries.mappings.has(namespace)) {
      return isAsked ? registries.of(namespace) : registries.ofDependency(namespace);
    }
    if (isNamed) return registries.fallback;
    if (record?.registry !== undefined || isAsked) return record?.registry ?? registries.fallback;
    const [first = registries.fallback, ...others] = neighbours;
    if (others.length > 0) throw ambiguous(namespace, [first, ...others]);
    return first;
  }

  /**
   * Remembers what registries were trusted by; to be called after `checkTrust`, when nothing can stop the install any more.
   *
   * @returns lines for people
   */
  async keepTrust(): Promise<string[]> {
    const lines: string[] = [];
    for (const contact of this.#contacts.values()) lines.push(...(await (await contact).fetcher.keepTrust()));
    return lines;
  }

  /**
   * What can only be told when all skills are there; the last that registries are asked for.
   *
   * @throws CodedError `unknown_key` for an id after `--trust-key` that no registry shows; as `checkProgress` does
   */
  async checkTrust(): Promise<void> {
    const { trustKeys } = this.#options;
    const contacts = await Promise.all(this.#contacts.values());
    if (trustKeys.length > 0 && contacts.length > 0)
      requireShown(await Promise.all(contacts.map(({ fetcher }) => fetcher.trust())), trustKeys);
    for (const { fetcher } of contacts) await fetcher.checkProgress();
  }

  async #open(registry: string): Promise<Contact> {
    const { connect, cache, progress, trustKeys, trustPublishers } = this.#options;
    const client = await connect(registry);
    return {
      client,
      fetcher: new SkillFetcher(this.#context, client, { cache, progress, trustKeys, trustPublishers }),
    };
  }
}

function ambiguous(namespace: string, registries: readonly string[]): CodedError {
  const message = `Skills of @${namespace} are installed from ${registries.join(' and ')}: another one of it may be of either.`;
  const fix = `Say where it belongs: skills registry add <address> --namespace @${namespace}`;
  return new CodedError('registry_conflict', message, fix);
}
