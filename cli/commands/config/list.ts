import { Command } from 'clipanion';
import { BaseCommand } from '../../base-command.ts';
import { table } from '../../terminal.ts';

export class ConfigListCommand extends BaseCommand {
  static override paths = [
    ['config', 'list'],
    ['config', 'ls'],
  ];
  static override usage = Command.Usage({
    category: 'This machine',
    description: 'Show the settings that have a value.',
    details: `
      Settings are in \`~/.skills/config.json\`: \`registry\` (the address that commands use), \`proxy\` and \`no-proxy\` (for where no
      environment variable names a proxy), and \`namespaces.@acme\` (the one registry that is asked for \`@acme\`). Keys, and
      passwords of proxies, are never shown. With \`--json\`: \`{path, settings: {<key>: <value>}}\`.
    `,
    examples: [['All of them', '$0 config list']],
  });

  protected async run(): Promise<number> {
    const [{ configPath, readConfig }, { settingsIn }] = await Promise.all([
      import('../../home.ts'),
      import('../../config/settings.ts'),
    ]);
    const path = configPath(this.context);
    const settings = settingsIn(await readConfig(this.context));
    this.answer({ path, settings: Object.fromEntries(settings.map(({ key, value }) => [key, value])) });
    if (settings.length === 0) this.note(`Nothing is set in ${path}.`);
    else this.print(table(settings.map(({ key, value }) => [key, value])));
    return 0;
  }
}
