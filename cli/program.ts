import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Builtins, Cli, type CommandClass } from 'clipanion';
import { editDistance } from '../src/vetting/edit-distance.ts';
import { reportFailure } from './base-command.ts';
import { AdminCommand } from './commands/admin.ts';
import { HelpCommand } from './commands/help.ts';
import { InfoCommand } from './commands/info.ts';
import { InstallCommand } from './commands/install.ts';
import { KeyCommand } from './commands/key.ts';
import { ListCommand } from './commands/list.ts';
import { LoginCommand } from './commands/login.ts';
import { LogoutCommand } from './commands/logout.ts';
import { PackCommand } from './commands/pack.ts';
import { PublishCommand } from './commands/publish.ts';
import { SearchCommand } from './commands/search.ts';
import { ServeCommand } from './commands/serve.ts';
import { TagCommand } from './commands/tag.ts';
import { ValidateCommand } from './commands/validate.ts';
import { VerifyCommand } from './commands/verify.ts';
import { WhoamiCommand } from './commands/whoami.ts';
import { YankCommand } from './commands/yank.ts';
import type { CliContext } from './context.ts';
import { type CodedError, usageError } from './failure.ts';
import { hasColours } from './terminal.ts';

export const COMMANDS: CommandClass<CliContext>[] = [
  AdminCommand,
  HelpCommand,
  InfoCommand,
  InstallCommand,
  KeyCommand,
  ListCommand,
  LoginCommand,
  LogoutCommand,
  PackCommand,
  PublishCommand,
  SearchCommand,
  ServeCommand,
  TagCommand,
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
  const word = argv.find((argument) => !argument.startsWith('-'));
  const named =
    COMMANDS.find((command) => word !== undefined && namesOf(command).includes(word)) ??
    COMMANDS.find((command) => namesOf(command).some((name) => argv.includes(name)));
  const options = { json: argv.includes('--json'), debug: argv.includes('--debug') };
  if (argv.includes('--help') || argv.includes('-h')) {
    if (named === undefined && word !== undefined) return reportFailure(context, unknownCommand(word), options);
    if (word === undefined || named === undefined) return cli.run([], context);
    context.stdout.write(explain(cli, named));
    return 0;
  }
  try {
    cli.process(argv, context);
  } catch (error) {
    const unknown = named === undefined && word !== undefined;
    return reportFailure(context, unknown ? unknownCommand(word) : wrongArguments(named, error), options);
  }
  return cli.run(argv, context);
}

/** The detailed usage of a command; the parser has no names for the values of options. */
function explain(cli: Cli<CliContext>, command: CommandClass<CliContext>): string {
  return cli.usage(command, { detailed: true }).replaceAll(' #0', ' … ');
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

/** `install` and `add`, say. */
function namesOf({ paths = [] }: CommandClass<CliContext>): string[] {
  return paths.flatMap(([name]) => (name === undefined || name.startsWith('-') ? [] : [name]));
}

function unknownCommand(word: string): CodedError {
  const [closest] = COMMANDS.flatMap(namesOf)
    .map((name) => ({ name, distance: editDistance(word, name, TYPO_DISTANCE) }))
    .filter(({ distance }) => distance <= TYPO_DISTANCE)
    .sort((a, b) => a.distance - b.distance);
  const fix = closest
    ? `Did you mean \`skills ${closest.name}\`? See all commands: skills --help`
    : 'See the commands: skills --help';
  return usageError(`There is no command '${word}'.`, fix);
}

/** The parser's complaint as a usage error; what is no complaint of the parser is thrown on. */
function wrongArguments(command: CommandClass<CliContext> | undefined, error: unknown): CodedError {
  if (!(error instanceof Error && 'clipanion' in error)) throw error;
  const [line = ''] = error.message.split('\n');
  const message = /^Command not found/.test(line) ? 'These arguments do not fit the command.' : line;
  return usageError(
    message,
    `See how it is used: ${['skills', ...(command ? namesOf(command).slice(0, 1) : []), '--help'].join(' ')}`,
  );
}
