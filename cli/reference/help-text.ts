import type { Cli, CommandClass } from 'clipanion';
import type { CliContext } from '../context.ts';
import { hasColours } from '../terminal.ts';
import { describeCommands } from './describe.ts';
import { EXIT_CODES, TOPICS } from './topics.ts';

/** Codes that any command may end with; what a command says of its own stands in their place. */
const COMMON = [0, 1, 2, 4];

/** The manual page of one command: the parser's usage, its other names, and its exit codes. */
export function helpText(cli: Cli<CliContext>, command: CommandClass<CliContext>, context: CliContext): string {
  const [info] = describeCommands([command]);
  const codes = { ...Object.fromEntries(COMMON.map((code) => [code, EXIT_CODES[code]])), ...info?.exitCodes };
  const rows = Object.entries(codes).map(([code, meaning]) => `  ${code}  ${meaning}`);
  const others = (info?.names.slice(1) ?? []).map((name) => `skills ${name}`);
  const format = cli.format(hasColours(context));
  return [
    // The parser has no names for the values of options.
    cli.usage(command, { detailed: true }).replaceAll(' #0', ' … ').trimEnd(),
    ...(others.length === 0 ? [] : ['', format.header('Also called'), '', `  ${others.join(', ')}`]),
    ...['', format.header('Exit codes'), '', ...rows, ''],
  ].join('\n');
}

/** What commands that begin with the same word do, a line each: `skills cache --help`. */
export function familyText(
  cli: Cli<CliContext>,
  family: readonly CommandClass<CliContext>[],
  context: CliContext,
): string {
  const commands = describeCommands(family);
  const [first = ''] = (commands[0]?.names[0] ?? '').split(' ');
  const widest = Math.max(...commands.map(({ names: [name = ''] }) => name.length));
  const rows = commands.map(({ names: [name = ''], description }) => `  skills ${name.padEnd(widest)}  ${description}`);
  const { header } = cli.format(hasColours(context));
  return [
    header(`Commands of skills ${first}`),
    '',
    ...rows,
    '',
    `More of each: skills ${first} <command> --help`,
    '',
  ].join('\n');
}

/** What `skills help <topic>` prints; undefined for what is no topic. */
export function topicText(name: string, format: (title: string) => string): string | undefined {
  const topic = Object.hasOwn(TOPICS, name) ? TOPICS[name] : undefined;
  if (topic === undefined) return undefined;
  const rows = topic.rows.flatMap(([what, meaning]) => [`  ${what}`, `      ${meaning}`]);
  return [format(topic.title), '', ...rows, ''].join('\n');
}
