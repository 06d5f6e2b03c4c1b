import { Command } from 'clipanion';
import type { CliContext } from '../context.ts';
import { CATEGORIES } from '../reference/categories.ts';
import { paint, table } from '../terminal.ts';

/** `skills`, `skills --help`: the list of commands. */
export class HelpCommand extends Command<CliContext> {
  static override paths = [Command.Default, ['--help'], ['-h'], ['help']];

  async execute(): Promise<number> {
    const { binaryLabel, binaryName, binaryVersion } = this.cli;
    const [{ COMMANDS }, { describeCommands }, { TOPICS }] = await Promise.all([
      import('../program.ts'),
      import('../reference/describe.ts'),
      import('../reference/topics.ts'),
    ]);
    const commands = describeCommands(COMMANDS);
    const lines = [`${binaryLabel} ${binaryVersion}`, '', `  ${binaryName} <command> [options]`];
    for (const category of CATEGORIES) {
      const own = commands.filter((command) => command.category === category);
      const rows = own.map(({ names, description }) => [`  ${binaryName} ${names[0]}`, description]);
      if (rows.length > 0) lines.push('', paint(this.context, 'bold', category), table(rows));
    }
    lines.push(
      '',
      `More about one: ${binaryName} <command> --help`,
      `Beside commands: ${Object.keys(TOPICS)
        .map((topic) => `${binaryName} help ${topic}`)
        .join(', ')}`,
    );
    this.context.stdout.write(`${lines.join('\n')}\n`);
    return 0;
  }
}
