import { Command, Option } from 'clipanion';
import { BaseCommand } from '../../base-command.ts';
import { CodedError } from '../../failure.ts';

export class RegistryAddCommand extends BaseCommand {
  static override paths = [['registry', 'add']];
  static override usage = Command.Usage({
    category: 'This machine',
    description: 'Make a registry known, and give it namespaces.',
    details: `
      A namespace that is given to a registry is asked there and nowhere else: nobody can put something under that name at
      another registry and have it installed. Nothing is sent; \`skills doctor\` checks whether the registry answers.

      With \`--json\`: \`{registry, namespaces, default, path}\`.
    `,
    examples: [
      ['All of @acme is on a hub of its own', '$0 registry add https://hub.acme.example --namespace @acme'],
      ['And it is asked for everything else too', '$0 registry add https://hub.acme.example --default'],
    ],
  });

  address = Option.String({ name: 'address' });
  namespaces = Option.Array('--namespace', [], {
    description: 'A namespace to ask for there only; repeat it for more.',
  });
  makeDefault = Option.Boolean('--default', false, { description: 'Use it for all that belongs to no other, too.' });

  protected async run(): Promise<number> {
    const [{ configPath, updateConfig }, { normalizeRegistry, isConfidential }, { namespaceSetting }] =
      await Promise.all([import('../../home.ts'), import('../../registry.ts'), import('../../config/settings.ts')]);
    const registry = normalizeRegistry(this.address);
    const settings = this.namespaces.map((name) => ({ name: `@${name.replace(/^@/, '')}`, ...namespaceSetting(name) }));
    const path = configPath(this.context);
    await updateConfig(this.context, (config) => {
      const registries = { ...config.registries, [registry]: config.registries[registry] ?? {} };
      let next = { ...config, registries, ...(this.makeDefault ? { registry } : {}) };
      for (const { name, read, write } of settings) {
        const before = read(next);
        if (before !== undefined && before !== registry) throw taken(name, before, path);
        next = write(next, registry);
      }
      return next;
    });
    const names = settings.map(({ name }) => name);
    this.answer({ registry, namespaces: names, default: this.makeDefault, path });
    if (!isConfidential(registry)) this.note(`warning: ${registry} is plain HTTP; others on the way can read the key.`);
    this.print(
      names.length > 0 ? `${names.join(', ')} will be asked at ${registry} only.` : `${registry} is known now.`,
    );
    if (this.makeDefault) this.print(`${registry} is now the registry that commands use.`);
    return 0;
  }
}

function taken(namespace: string, registry: string, path: string): CodedError {
  const message = `${namespace} belongs to ${registry} already, as ${path} says.`;
  return new CodedError('namespace_mapped', message, `Take it away first: skills registry remove ${namespace}`);
}
