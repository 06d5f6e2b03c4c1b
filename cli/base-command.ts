import { Command, Option } from 'clipanion';
import type { CliContext } from './context.ts';
import { describeFailure, InvalidSkill } from './failure.ts';
import { harmless, paint, type Style } from './terminal.ts';

/** What all commands share: the options --json and --debug, and how they speak and fail. */
export abstract class BaseCommand extends Command<CliContext> {
  /** What its exit codes mean where that is more than what all commands share; for the help and the reference. */
  static exitCodes: Readonly<Record<number, string>> = {};

  json = Option.Boolean('--json', false, { description: 'Print one JSON document on stdout and nothing else.' });
  debug = Option.Boolean('--debug', false, { description: 'Print the stack of an error.' });

  protected abstract run(): Promise<number>;

  async execute(): Promise<number> {
    try {
      return await this.run();
    } catch (error) {
      return reportFailure(this.context, error, this);
    }
  }

  /** A line for people, on stdout; nothing with --json. */
  protected print(line: string): void {
    if (!this.json) this.context.stdout.write(`${harmless(this.context, line)}\n`);
  }

  /** A line beside the result, on stderr. */
  protected note(line: string): void {
    this.context.stderr.write(`${harmless(this.context, line)}\n`);
  }

  /** The result for programs; nothing without --json. */
  protected answer(document: unknown): void {
    if (this.json) this.context.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  }

  /** From now on Ctrl-C ends the command with 130 after this line; nothing happens while there is none to tell. */
  protected endOnInterrupt(lastLine: () => string | undefined): void {
    this.context.onInterrupt(() => {
      const line = lastLine();
      if (line === undefined) return;
      if (this.context.terminal.stderr) this.context.stderr.write('\r\u{1b}[2K');
      this.note(line);
      this.context.exit(130);
    });
  }

  protected paint(style: Style, text: string): string {
    return paint(this.context, style, text);
  }
}

/** Tells why a command failed and what to do, and answers with its exit code. */
export function reportFailure(context: CliContext, error: unknown, options: { json: boolean; debug: boolean }): number {
  const { exitCode, ...failure } = describeFailure(error);
  const findings = error instanceof InvalidSkill ? { findings: error.findings } : {};
  if (options.json) context.stdout.write(`${JSON.stringify({ error: failure, ...findings }, null, 2)}\n`);
  else
    context.stderr.write(
      harmless(
        context,
        `${paint(context, 'red', 'error:')} ${failure.message}\n${paint(context, 'bold', 'fix:')} ${failure.fix}\n`,
      ),
    );
  if (options.debug && error instanceof Error)
    context.stderr.write(`${harmless(context, error.stack ?? error.message)}\n`);
  return exitCode;
}
