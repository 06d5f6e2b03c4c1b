import { Command } from 'clipanion';
import type { CliContext } from '../context.ts';
import { paint, table } from '../terminal.ts';

/** `skills`, `skills --help`: the list of commands. */
export class HelpCommand extends Command<CliContext> {
  static override paths = [Command.Default, ['--help'], ['-h'], ['help']];

  async execute(): Promise<number> {
    const { binaryLabel, binaryName, binaryVersion } = this.cli;
    const lines = [`${binaryLabel} ${binaryVersion}`, '', `  ${binaryName} <command> [options]`];
    const groups = Map.groupBy(this.cli.definitions(), ({ category }) => category?.trim() ?? '');
    for (const [category, commands] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const rows = commands.map(({ path, description = '' }) => [`  ${path}`, description.trim()]);
      lines.push('', paint(this.context, 'bold', category), table(rows));
    }
    lines.push('', `More about one: ${binaryName} <command> --help`);
    this.context.stdout.write(`${lines.join('\n')}\n`);
    return 0;
  }
}
