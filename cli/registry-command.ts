import { Option } from 'clipanion';
import { BaseCommand } from './base-command.ts';
import type { Client } from './client.ts';
import type { TrustedKeys } from './trust.ts';

/** A command that speaks to a registry. */
export abstract class RegistryCommand extends BaseCommand {
  registry = Option.String('--registry', {
    description: 'The registry to use; else SKILLS_REGISTRY, the configured one, or http://127.0.0.1:8787.',
  });

  protected async chosenRegistry(): Promise<string> {
    const { chooseRegistry } = await import('./registry.ts');
    return chooseRegistry(this.context, this.registry);
  }

  protected noteTrust(kid: string, { registry, followed }: Pick<TrustedKeys, 'registry' | 'followed'>): void {
    const before = followed.get(kid);
    const why = before === undefined ? '' : `, which took the place of ${before} and is signed by it`;
    this.note(`note: trusting the key ${kid} of ${registry} from now on${why}.`);
  }

  /** A client of the chosen registry, or of another one with the key stored for that. */
  protected async client(registry?: string): Promise<Client> {
    const [{ Client }, { credentialFor }] = await Promise.all([import('./client.ts'), import('./registry.ts')]);
    const chosen = await this.chosenRegistry();
    const target = registry ?? chosen;
    const credential = await credentialFor(this.context, target, chosen);
    return new Client({ registry: target, token: credential.token, credential, fetch: this.context.fetch });
  }
}
