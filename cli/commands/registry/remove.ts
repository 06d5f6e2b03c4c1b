import { Command, Option } from 'clipanion';
import { BaseCommand } from '../../base-command.ts';
import { closest } from '../../closest.ts';
import { CodedError } from '../../failure.ts';
import type { Config } from '../../home.ts';

export class RegistryRemoveCommand extends BaseCommand {
  static override paths = [
    ['registry', 'remove'],
    ['registry', 'rm'],
  ];
  static override usage = Command.Usage({
    category: 'This machine',
    description: 'Forget a registry, or take a namespace away from one.',
    details: `
      With an address: its namespaces, its stored key and what it is trusted by are forgotten; the key itself stays valid there.
      With a namespace: it is asked at the default registry again, as all others are.

      With \`--json\`: \`{registry, namespaces, token_forgotten, path}\`.
    `,
    examples: [
      ['A registry', '$0 registry remove https://hub.acme.example'],
      ['One namespace', '$0 registry remove @acme'],
    ],
  });

  subject = Option.String({ name: 'address|@namespace' });

  protected async run(): Promise<number> {
    const { configPath, updateConfig } = await import('../../home.ts');
    const path = configPath(this.context);
    const forget = this.subject.startsWith('@') ? await this.#namespace(path) : await this.#registry(path);
    let removed: Removed | undefined;
    await updateConfig(this.context, (config) => {
      removed = forget(config);
      return removed.config;
    });
    if (removed === undefined) throw new Error('nothing was forgotten');
    const { config: _, lines, ...answer } = removed;
    this.answer({ ...answer, path });
    for (const line of lines) this.print(line);
    return 0;
  }

  async #namespace(path: string): Promise<(config: Config) => Removed> {
    const { namespaceSetting } = await import('../../config/settings.ts');
    const { read, write } = namespaceSetting(this.subject);
    return (config) => {
      const registry = read(config);
      if (registry === undefined) {
        const meant = closest(this.subject, Object.keys(config.namespaces ?? {}));
        throw unknown(`${path} gives ${this.subject} to no registry.`, meant);
      }
      const lines = [`${this.subject} is asked at the default registry again, and not at ${registry}.`];
      return { config: write(config, undefined), registry, namespaces: [this.subject], token_forgotten: false, lines };
    };
  }

  async #registry(path: string): Promise<(config: Config) => Removed> {
    const { normalizeRegistry } = await import('../../registry.ts');
    const registry = normalizeRegistry(this.subject);
    return ({ registries, namespaces = {}, registry: used, ...config }) => {
      const { [registry]: its, ...others } = registries;
      const names = Object.keys(namespaces).filter((name) => namespaces[name] === registry);
      if (its === undefined && names.length === 0 && used !== registry) {
        throw unknown(`${registry} is not known in ${path}.`, closest(registry, Object.keys(registries)));
      }
      const kept = Object.entries(namespaces).filter(([name]) => !names.includes(name));
      const next: Config = { ...config, registries: others, namespaces: Object.fromEntries(kept) };
      const lines = [
        `${registry} is forgotten${names.length > 0 ? `, and with it that ${names.join(', ')} are there` : ''}.`,
      ];
      if (its?.token) lines.push('Its key is forgotten, too; the registry still accepts it until it is revoked there.');
      if (used === registry)
        lines.push('It was the registry that commands use. Choose another: skills registry use <address>');
      else if (used !== undefined) next.registry = used;
      return { config: next, registry, namespaces: names, token_forgotten: its?.token !== undefined, lines };
    };
  }
}

interface Removed {
  config: Config;
  registry: string;
  namespaces: string[];
  token_forgotten: boolean;
  lines: string[];
}

function unknown(message: string, meant: string | undefined): CodedError {
  const fix = meant === undefined ? 'See what is known: skills registry list' : `Did you mean ${meant}?`;
  return new CodedError('not_found', message, fix);
}
