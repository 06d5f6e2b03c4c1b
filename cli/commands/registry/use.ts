import { Command, Option } from 'clipanion';
import { BaseCommand } from '../../base-command.ts';

export class RegistryUseCommand extends BaseCommand {
  static override paths = [['registry', 'use']];
  static override usage = Command.Usage({
    category: 'This machine',
    description: 'Choose the registry that commands use.',
    details: `
      It is asked for all namespaces that belong to no other registry, and for names without a namespace. \`--registry\` and
      SKILLS_REGISTRY go before it. With \`--json\`: \`{registry, path}\`.
    `,
    examples: [['A hub of your own', '$0 registry use https://hub.acme.example']],
  });

  address = Option.String({ name: 'address' });

  protected async run(): Promise<number> {
    const [{ configPath, updateConfig }, { normalizeRegistry }] = await Promise.all([
      import('../../home.ts'),
      import('../../registry.ts'),
    ]);
    const registry = normalizeRegistry(this.address);
    await updateConfig(this.context, (config) => ({ ...config, registry }));
    this.answer({ registry, path: configPath(this.context) });
    this.print(`${registry} is now the registry that commands use.`);
    if (this.context.env.SKILLS_REGISTRY) this.note('note: SKILLS_REGISTRY is set, and goes before it.');
    return 0;
  }
}
