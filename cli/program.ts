import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Builtins, Cli, type Command, type CommandClass } from 'clipanion';
import { editDistance } from '../src/vetting/edit-distance.ts';
import { reportFailure } from './base-command.ts';
import { HelpCommand } from './commands/help.ts';
import { InfoCommand } from './commands/info.ts';
import { InstallCommand } from './commands/install.ts';
import { ListCommand } from './commands/list.ts';
import { LoginCommand } from './commands/login.ts';
import { LogoutCommand } from './commands/logout.ts';
import { PackCommand } from './commands/pack.ts';
import { PublishCommand } from './commands/publish.ts';
import { SearchCommand } from './commands/search.ts';
import { ServeCommand } from './commands/serve.ts';
import { ValidateCommand } from './commands/validate.ts';
import { VerifyCommand } from './commands/verify.ts';
import { WhoamiCommand } from './commands/whoami.ts';
import { YankCommand } from './commands/yank.ts';
import type { CliContext } from './context.ts';
import { type CodedError, usageError } from './failure.ts';
import { hasColours } from './terminal.ts';

export const COMMANDS: CommandClass<CliContext>[] = [
  HelpCommand,
  InfoCommand,
  InstallCommand,
  ListCommand,
  LoginCommand,
  LogoutCommand,
  PackCommand,
  PublishCommand,
  SearchCommand,
  ServeCommand,
  ValidateCommand,
  VerifyCommand,
  WhoamiCommand,
  YankCommand,
];

const TYPO_DISTANCE = 3;

/** Runs one command line and answers with its exit code: 0, 1 failure, 2 wrong usage, 4 not authorised. */
export async function runProgram(words: string[], context: CliContext): Promise<number> {
  const argv = words[0] === 'help' && words.length > 1 ? [...words.slice(1), '--help'] : words;
  const cli = createCli(context);
  let command: Command<CliContext>;
  try {
    command = cli.process(argv, context);
  } catch (error) {
    const options = { json: argv.includes('--json'), debug: argv.includes('--debug') };
    return reportFailure(context, explainSyntax(argv, error), options);
  }
  if (!command.help) return cli.run(command, context);
  // The parser has no names for the values of options.
  context.stdout.write(cli.usage(command, { detailed: true }).replaceAll(' #0', ' … '));
  return 0;
}

export function createCli(context: CliContext): Cli<CliContext> {
  const { version: binaryVersion }: { version: string } = JSON.parse(
    readFileSync(join(context.packagePath, 'package.json'), 'utf8'),
  );
  const enableColors = hasColours(context);
  const cli = Cli.from(COMMANDS, { binaryLabel: 'Skills Hub', binaryName: 'skills', binaryVersion, enableColors });
  cli.register(Builtins.VersionCommand);
  return cli;
}

/** The parser's complaint as a usage error; what is no complaint of the parser is thrown on. */
function explainSyntax(argv: string[], error: unknown): CodedError {
  if (!(error instanceof Error && 'clipanion' in error)) throw error;
  const names = COMMANDS.flatMap((command) => command.paths ?? []).flatMap(([name]) =>
    name && !name.startsWith('-') ? [name] : [],
  );
  const word = argv.find((argument) => !argument.startsWith('-'));
  if (word === undefined) return usageError(firstLine(error), 'See the commands: skills --help');
  if (names.includes(word)) return usageError(firstLine(error), `See how it is used: skills ${word} --help`);
  const [closest] = names
    .map((name) => ({ name, distance: editDistance(word, name, TYPO_DISTANCE) }))
    .filter(({ distance }) => distance <= TYPO_DISTANCE)
    .sort((a, b) => a.distance - b.distance);
  const fix = closest
    ? `Did you mean \`skills ${closest.name}\`? See all commands: skills --help`
    : 'See the commands: skills --help';
  return usageError(`There is no command '${word}'.`, fix);
}

function firstLine(error: Error): string {
  const [line = ''] = error.message.split('\n');
  return /^Command not found/.test(line) ? 'These arguments do not fit the command.' : line;
}
