import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Builtins, Cli, type CommandClass } from 'clipanion';
import { reportFailure } from './base-command.ts';
import { closest } from './closest.ts';
import { AdminCommand } from './commands/admin.ts';
import { AppealCommand } from './commands/appeal.ts';
import { AuditCommand } from './commands/audit.ts';
import { CacheCleanCommand } from './commands/cache/clean.ts';
import { CacheListCommand } from './commands/cache/ls.ts';
import { CacheVerifyCommand } from './commands/cache/verify.ts';
import { CiCommand } from './commands/ci.ts';
import { CompletionCommand } from './commands/completion.ts';
import { ConfigGetCommand } from './commands/config/get.ts';
import { ConfigListCommand } from './commands/config/list.ts';
import { ConfigSetCommand } from './commands/config/set.ts';
import { ConfigUnsetCommand } from './commands/config/unset.ts';
import { DeprecateCommand } from './commands/deprecate.ts';
import { DiffCommand } from './commands/diff.ts';
import { DoctorCommand } from './commands/doctor.ts';
import { HelpCommand } from './commands/help.ts';
import { InfoCommand } from './commands/info.ts';
import { InitCommand } from './commands/init.ts';
import { InstallCommand } from './commands/install.ts';
import { KeyCommand } from './commands/key.ts';
import { ListCommand } from './commands/list.ts';
import { LoginCommand } from './commands/login.ts';
import { LogoutCommand } from './commands/logout.ts';
import { OutdatedCommand } from './commands/outdated.ts';
import { OwnerAcceptCommand, OwnerCancelCommand, OwnerDeclineCommand } from './commands/owner/answer.ts';
import { OwnerListCommand } from './commands/owner/list.ts';
import { OwnerTransferCommand } from './commands/owner/transfer.ts';
import { PackCommand } from './commands/pack.ts';
import { PublishCommand } from './commands/publish.ts';
import { RegistryAddCommand } from './commands/registry/add.ts';
import { RegistryListCommand } from './commands/registry/list.ts';
import { RegistryRemoveCommand } from './commands/registry/remove.ts';
import { RegistryUseCommand } from './commands/registry/use.ts';
import { SearchCommand } from './commands/search.ts';
import { ServeCommand } from './commands/serve.ts';
import { StarCommand } from './commands/star.ts';
import { SyncCommand } from './commands/sync.ts';
import { TagCommand } from './commands/tag.ts';
import { TokenCreateCommand } from './commands/token/create.ts';
import { TokenListCommand } from './commands/token/list.ts';
import { TokenRevokeCommand } from './commands/token/revoke.ts';
import { UndeprecateCommand } from './commands/undeprecate.ts';
import { UninstallCommand } from './commands/uninstall.ts';
import { UpdateCommand } from './commands/update.ts';
import { UseCommand } from './commands/use.ts';
import { ValidateCommand } from './commands/validate.ts';
import { VerifyCommand } from './commands/verify.ts';
import { WhoamiCommand } from './commands/whoami.ts';
import { YankCommand } from './commands/yank.ts';
import type { CliContext } from './context.ts';
import { type CodedError, usageError } from './failure.ts';
import { hasColours } from './terminal.ts';

export const COMMANDS: CommandClass<CliContext>[] = [
  AdminCommand,
  AppealCommand,
  AuditCommand,
  CacheCleanCommand,
  CacheListCommand,
  CacheVerifyCommand,
  CiCommand,
  CompletionCommand,
  ConfigGetCommand,
  ConfigListCommand,
  ConfigSetCommand,
  ConfigUnsetCommand,
  DeprecateCommand,
  DiffCommand,
  DoctorCommand,
  HelpCommand,
  InfoCommand,
  InitCommand,
  InstallCommand,
  KeyCommand,
  ListCommand,
  LoginCommand,
  LogoutCommand,
  OutdatedCommand,
  OwnerAcceptCommand,
  OwnerCancelCommand,
  OwnerDeclineCommand,
  OwnerListCommand,
  OwnerTransferCommand,
  PackCommand,
  PublishCommand,
  RegistryAddCommand,
  RegistryListCommand,
  RegistryRemoveCommand,
  RegistryUseCommand,
  SearchCommand,
  ServeCommand,
  StarCommand,
  SyncCommand,
  TagCommand,
  TokenCreateCommand,
  TokenListCommand,
  TokenRevokeCommand,
  UndeprecateCommand,
  UninstallCommand,
  UpdateCommand,
  UseCommand,
  ValidateCommand,
  VerifyCommand,
  WhoamiCommand,
  YankCommand,
];

/** Runs one command line and answers with its exit code: 0, 1 failure, 2 wrong usage, 4 not authorised. */
export async function runProgram(words: string[], context: CliContext): Promise<number> {
  const argv = words[0] === 'help' && words.length > 1 ? [...words.slice(1), '--help'] : words;
  const cli = createCli(context);
  const plain = argv.filter((argument) => !argument.startsWith('-'));
  const named = findCommand(plain);
  const options = { json: argv.includes('--json'), debug: argv.includes('--debug') };
  if (words[0] === 'help' && words[1] !== undefined && named === undefined) {
    const { topicText } = await import('./reference/help-text.ts');
    const text = topicText(words[1], cli.format(cli.enableColors).header);
    if (text !== undefined) {
      context.stdout.write(text);
      return 0;
    }
  }
  if (argv.includes('--help') || argv.includes('-h')) {
    const family = familyOf(plain[0]);
    if (named === undefined && family.length === 0 && plain.length > 0) {
      return reportFailure(context, unknownCommand(plain), options);
    }
    if (named === undefined && family.length === 0) return cli.run([], context);
    const { familyText, helpText } = await import('./reference/help-text.ts');
    context.stdout.write(named ? helpText(cli, named, context) : familyText(cli, family, context));
    return 0;
  }
  try {
    cli.process(argv, context);
  } catch (error) {
    const unknown = named === undefined && plain.length > 0;
    return reportFailure(context, unknown ? unknownCommand(plain) : await wrongArguments(named, argv, error), options);
  }
  return cli.run(argv, context);
}

/** The command that begins with most of these words; else the one that is named somewhere among them. */
function findCommand(words: readonly string[]): CommandClass<CliContext> | undefined {
  const line = `${words.join(' ')} `;
  const all = COMMANDS.flatMap((command) => namesOf(command).map((name) => ({ command, name })));
  const [first] = all.filter(({ name }) => line.startsWith(`${name} `)).sort((a, b) => b.name.length - a.name.length);
  const found =
    first ?? (familyOf(words[0]).length > 0 ? undefined : all.find(({ name }) => ` ${line}`.includes(` ${name} `)));
  return found?.command;
}

/** The commands that begin with a word and go on with another: `cache ls` and `cache clean` for `cache`. */
function familyOf(word: string | undefined): CommandClass<CliContext>[] {
  return COMMANDS.filter((command) => namesOf(command).some((name) => name.startsWith(`${word} `)));
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

/** `install` and `add`, say; or `cache ls`. */
function namesOf({ paths = [] }: CommandClass<CliContext>): string[] {
  return paths.filter(([first]) => first !== undefined && !first.startsWith('-')).map((path) => path.join(' '));
}

function unknownCommand(words: readonly string[]): CodedError {
  const [word = ''] = words;
  const family = familyOf(word);
  if (family.length > 0) return unknownMember(word, words[1], family);
  const meant = closest(word, [...COMMANDS.flatMap(namesOf), ...COMMANDS.flatMap(namesOf).map(firstWord)]);
  const fix = meant
    ? `Did you mean \`skills ${meant}\`? See all commands: skills --help`
    : 'See the commands: skills --help';
  return usageError(`There is no command '${word}'.`, fix);
}

function unknownMember(
  word: string,
  member: string | undefined,
  family: readonly CommandClass<CliContext>[],
): CodedError {
  const names = family.flatMap(namesOf).filter((name) => name.startsWith(`${word} `));
  if (member === undefined) return usageError(`'${word}' is not a whole command.`, `Use ${enumerate(names)}.`);
  const meant = closest(`${word} ${member}`, names);
  const fix = meant ? `Did you mean \`skills ${meant}\`?` : `Use ${enumerate(names)}.`;
  return usageError(`There is no command '${word} ${member}'.`, fix);
}

/** `a, b or c` */
function enumerate(names: readonly string[]): string {
  const quoted = names.map((name) => `\`skills ${name}\``);
  return [quoted.slice(0, -1).join(', '), ...quoted.slice(-1)].filter(Boolean).join(' or ');
}

const firstWord = (name: string) => name.split(' ', 1)[0] ?? name;

/** The parser's complaint as a usage error; what is no complaint of the parser is thrown on. */
async function wrongArguments(
  command: CommandClass<CliContext> | undefined,
  argv: readonly string[],
  error: unknown,
): Promise<CodedError> {
  if (!(error instanceof Error && 'clipanion' in error)) throw error;
  const [line = ''] = error.message.split('\n');
  const usage = `See how it is used: ${['skills', ...(command ? namesOf(command).slice(0, 1) : []), '--help'].join(' ')}`;
  const known = command ? await optionsOf(command) : [];
  const given = argv
    .slice(0, argv.includes('--') ? argv.indexOf('--') : undefined)
    .map((word) => word.split('=')[0] ?? '');
  const unknown = given.find((word) => word.startsWith('--') && !known.includes(word));
  if (command && unknown) {
    const meant = closest(unknown, known);
    return usageError(`Unsupported option name ("${unknown}").`, `${meant ? `Did you mean ${meant}? ` : ''}${usage}`);
  }
  return usageError(/^Command not found/.test(line) ? 'These arguments do not fit the command.' : line, usage);
}

async function optionsOf(command: CommandClass<CliContext>): Promise<string[]> {
  const { describeCommands } = await import('./reference/describe.ts');
  return describeCommands([command]).flatMap(({ options }) => options.flatMap(({ names }) => names));
}
