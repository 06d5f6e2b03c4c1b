import { Option } from 'clipanion';
import { BaseCommand } from './base-command.ts';
import { isOffline } from './cache/offline.ts';
import type { SkillCache } from './cache/skill-cache.ts';
import type { Client } from './client.ts';
import type { TrustedKeys } from './trust.ts';
import { trustNote } from './trust-note.ts';

/** A command that speaks to a registry. */
export abstract class RegistryCommand extends BaseCommand {
  registry = Option.String('--registry', {
    description: 'The registry to use; else SKILLS_REGISTRY, the configured one, or http://127.0.0.1:8787.',
  });

  /** Set by commands that can do without the network: see `offlineOption`. */
  offline = false;

  /** Whether only what is in the cache may be used. */
  protected get isOffline(): boolean {
    return this.offline || isOffline(this.context);
  }

  protected async cache(): Promise<SkillCache> {
    const { SkillCache } = await import('./cache/skill-cache.ts');
    return new SkillCache(this.context, (line) => this.note(line));
  }

  protected async chosenRegistry(): Promise<string> {
    const { chooseRegistry } = await import('./registry.ts');
    return chooseRegistry(this.context, this.registry);
  }

  /**
   * The registry to ask about something of a namespace: the one that it belongs to, if any.
   *
   * @throws CodedError `registry_conflict` when --registry names another
   */
  protected async registryOf(namespace: string | undefined): Promise<string> {
    const { registryFor } = await import('./registries.ts');
    return registryFor(this.context, namespace, this.registry);
  }

  /** A client of that registry. */
  protected async clientFor(namespace: string | undefined): Promise<Client> {
    return this.client(await this.registryOf(namespace));
  }

  protected noteTrust(kid: string, trusted: Pick<TrustedKeys, 'registry' | 'followed'>): void {
    this.note(trustNote(kid, trusted));
  }

  /** A client of the chosen registry, or of another one with the key stored for that; of the cache where nothing else may be used. */
  protected async client(registry?: string): Promise<Client> {
    const [{ Client }, { credentialFor }] = await Promise.all([import('./client.ts'), import('./registry.ts')]);
    const chosen = await this.chosenRegistry();
    const target = registry ?? chosen;
    if (this.isOffline) {
      const { OfflineClient } = await import('./cache/offline-client.ts');
      return new OfflineClient(target, await this.cache());
    }
    const credential = await credentialFor(this.context, target, chosen);
    return new Client({ registry: target, token: credential.token, credential, fetch: this.context.fetch });
  }
}
