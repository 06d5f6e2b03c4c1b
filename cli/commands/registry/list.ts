import { Command } from 'clipanion';
import type { KnownRegistry } from '../../config/known-registries.ts';
import { RegistryCommand } from '../../registry-command.ts';
import { table } from '../../terminal.ts';

export class RegistryListCommand extends RegistryCommand {
  static override paths = [
    ['registry', 'list'],
    ['registry', 'ls'],
  ];
  static override usage = Command.Usage({
    category: 'This machine',
    description: 'Show the registries that are known, and what is asked where.',
    details: `
      The one with a \`*\` is asked for all namespaces that belong to no other, and for names without a namespace. A namespace that
      belongs to a registry, by \`skills registry add --namespace\` or "registries" in \`skills.json\`, is asked there and nowhere else.

      With \`--json\`: \`{default, default_from, registries: [{registry, default, namespaces: [{namespace, place}], logged_in_as?,
      trusted_keys}]}\`, where \`place\` is user or project.
    `,
    examples: [['All of them', '$0 registry list']],
  });

  protected async run(): Promise<number> {
    const { listRegistries } = await import('../../config/known-registries.ts');
    const { fallback, origin, registries } = await listRegistries(this.context, this.registry);
    this.answer({ default: fallback, default_from: origin, registries });
    this.print(table(registries.map((one) => this.#row(one))));
    return 0;
  }

  #row({ registry, default: isDefault, namespaces, logged_in_as: login }: KnownRegistry): string[] {
    const names = namespaces.map(({ namespace, place }) =>
      place === 'project' ? `${namespace} (project)` : namespace,
    );
    const who = login === undefined ? '' : `logged in as ${login ?? 'operator'}`;
    return [`${isDefault ? '*' : ' '} ${registry}`, names.join(', '), who];
  }
}
