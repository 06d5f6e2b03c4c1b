import { Command, Option } from 'clipanion';
import { BaseCommand } from '../../base-command.ts';

export class ConfigSetCommand extends BaseCommand {
  static override paths = [['config', 'set']];
  static override usage = Command.Usage({
    category: 'This machine',
    description: 'Change one setting.',
    details:
      'The value is checked first. What there is: `skills config list --help`. With `--json`: `{key, value, path}`.',
    examples: [
      ['Use another registry', '$0 config set registry https://skills.example.com'],
      ['Go through a proxy', '$0 config set proxy http://proxy.example:3128'],
      ['But not for these hosts', '$0 config set no-proxy hub.acme.example,.internal.example'],
    ],
  });

  key = Option.String({ name: 'key' });
  value = Option.String({ name: 'value' });

  protected async run(): Promise<number> {
    const [{ configPath, updateConfig }, { settingOf }] = await Promise.all([
      import('../../home.ts'),
      import('../../config/settings.ts'),
    ]);
    const { key, parse, write, show } = settingOf(this.key);
    const value = parse(this.value);
    await updateConfig(this.context, (config) => write(config, value));
    this.answer({ key, value: show(value), path: configPath(this.context) });
    this.print(`${key} is ${show(value)} now.`);
    return 0;
  }
}
