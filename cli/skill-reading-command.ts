import type { Client } from './client.ts';
import { CodedError } from './failure.ts';
import type { FetchedSkill } from './fetch-skill.ts';
import type { Registries } from './registries.ts';
import { RegistryCommand } from './registry-command.ts';
import type { ResolvedRef } from './resolve-name.ts';

/** A skill that the user named: its full name, and where to ask for it. */
export interface Located {
  client: Client;
  ref: ResolvedRef;
  registries: Registries;
}

/** A command that looks at versions of skills without installing them. */
export abstract class SkillReadingCommand extends RegistryCommand {
  /**
   * The registry of a skill that the user named, and its full name. A namespace with a registry of its own is asked for
   * nowhere else.
   */
  protected async locate(text: string): Promise<Located> {
    const [{ parseSkillRef }, { Registries }, { resolveRef }] = await Promise.all([
      import('../src/format/names.ts'),
      import('./registries.ts'),
      import('./resolve-name.ts'),
    ]);
    const { namespace } = parseSkillRef(text);
    const registries = await Registries.open(this.context, this.registry);
    const client = await this.client(namespace === undefined ? registries.fallback : registries.of(namespace));
    const ref = await resolveRef(client, text);
    if (namespace !== undefined || registries.isAnsweredByFallback(ref.namespace)) return { client, ref, registries };
    throw new CodedError(
      'registry_conflict',
      `${client.registry} has @${ref.namespace}/${ref.name}, but @${ref.namespace} belongs to another registry.`,
      `Name it in full: skills ${this.path.join(' ')} @${ref.namespace}/${ref.name}`,
    );
  }

  /**
   * Versions, checked as `skills install` does, and kept in the cache.
   *
   * @param shown keys that the user knows of
   */
  protected async fetchAll(
    client: Client,
    refs: readonly ResolvedRef[],
    shown: { trustKeys: string[]; trustPublishers: string[] } = { trustKeys: [], trustPublishers: [] },
  ): Promise<FetchedSkill[]> {
    const [{ SkillFetcher }, { Progress }, { requireShown }, cache] = await Promise.all([
      import('./cache/skill-fetcher.ts'),
      import('./progress.ts'),
      import('./trust.ts'),
      this.cache(),
    ]);
    this.endOnInterrupt(() => 'Interrupted.');
    const progress = new Progress(this.context, 'downloading', this.json);
    const fetcher = new SkillFetcher(this.context, client, { cache, progress, ...shown });
    try {
      const fetched = await Promise.all(refs.map((ref) => fetcher.fetch(ref)));
      if (shown.trustKeys.length > 0) requireShown([await fetcher.trust()], shown.trustKeys);
      await fetcher.checkProgress();
      progress.done();
      for (const line of await fetcher.keepTrust()) this.note(line);
      return fetched;
    } finally {
      progress.done();
    }
  }
}
