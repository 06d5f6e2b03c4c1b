import { Command, Option } from 'clipanion';
import { BaseCommand } from '../../base-command.ts';

export class ConfigUnsetCommand extends BaseCommand {
  static override paths = [['config', 'unset']];
  static override usage = Command.Usage({
    category: 'This machine',
    description: 'Take one setting away.',
    details:
      'What has no value stays so. What there is: `skills config list --help`. With `--json`: `{key, was_set, path}`.',
    examples: [['Go through no proxy', '$0 config unset proxy']],
  });

  key = Option.String({ name: 'key' });

  protected async run(): Promise<number> {
    const [{ configPath, readConfig, updateConfig }, { settingOf }] = await Promise.all([
      import('../../home.ts'),
      import('../../config/settings.ts'),
    ]);
    const { key, read, write } = settingOf(this.key);
    const wasSet = read(await readConfig(this.context)) !== undefined;
    if (wasSet) await updateConfig(this.context, (config) => write(config, undefined));
    this.answer({ key, was_set: wasSet, path: configPath(this.context) });
    this.print(wasSet ? `${key} is not set any more.` : `${key} was not set.`);
    return 0;
  }
}
