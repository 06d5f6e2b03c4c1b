import { Command, Option } from 'clipanion';
import { BaseCommand } from '../../base-command.ts';
import { CodedError } from '../../failure.ts';

export class ConfigGetCommand extends BaseCommand {
  static override paths = [['config', 'get']];
  static override usage = Command.Usage({
    category: 'This machine',
    description: 'Print one setting.',
    details: 'What there is: `skills config list --help`. With `--json`: `{key, value}`.',
    examples: [
      ['The registry that commands use', '$0 config get registry'],
      ['The one of a namespace', '$0 config get namespaces.@acme'],
    ],
  });

  static override exitCodes = { 1: 'The setting has no value.' };

  key = Option.String({ name: 'key' });

  protected async run(): Promise<number> {
    const [{ configPath, readConfig }, { settingOf }] = await Promise.all([
      import('../../home.ts'),
      import('../../config/settings.ts'),
    ]);
    const { key, read, show } = settingOf(this.key);
    const value = read(await readConfig(this.context));
    if (value === undefined) {
      const message = `${key} is not set in ${configPath(this.context)}.`;
      throw new CodedError('not_set', message, `Set it: skills config set ${key} <value>`);
    }
    this.answer({ key, value: show(value) });
    this.print(show(value));
    return 0;
  }
}
