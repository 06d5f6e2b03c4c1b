import type { CommandClass } from 'clipanion';
import type { CliContext } from '../context.ts';
import { type CommandInfo, describeCommands } from '../reference/describe.ts';
import { argumentsOf, type Candidates, valuesOf } from './candidates.ts';

export interface Word {
  word: string;
  description: string;
}

export interface CompletedOption {
  names: string[];
  description: string;
  /** What its value can be; undefined for an option without a value. */
  value: Candidates | undefined;
}

/** What can follow after the words of a command, or after a word that several commands begin with. */
export interface Level {
  /** Each as words with spaces between: `install`, `add`; `cache`; the empty one is the beginning. */
  lines: string[];
  next: Word[];
  options: CompletedOption[];
  arguments: Candidates;
}

const HELP: CompletedOption = { names: ['-h', '--help'], description: 'Explain the command.', value: undefined };
const VERSION: CompletedOption = { names: ['-v', '--version'], description: 'Print the version.', value: undefined };

/** Everything that a completion script has to know, as the command classes say it. */
export function completionLevels(commands: readonly CommandClass<CliContext>[], agents: readonly string[]): Level[] {
  const infos = describeCommands(commands);
  const families = Map.groupBy(
    infos.flatMap((info) => info.names.filter((name) => name.includes(' ')).map((name) => ({ info, name }))),
    ({ name }) => name.slice(0, name.indexOf(' ')),
  );
  const alone = infos.flatMap((info) =>
    info.names.filter((name) => !name.includes(' ')).map((name) => ({ info, name })),
  );
  const known = new Set(alone.map(({ name }) => name));
  const first = [
    ...alone.map(({ info, name }) => ({ word: name, description: info.description })),
    ...[...families].flatMap(([word, members]) => (known.has(word) ? [] : [{ word, description: lastWords(members) }])),
    { word: 'help', description: 'Explain a command.' },
  ];
  return [
    { lines: [''], next: first.sort(byWord), options: [HELP, VERSION], arguments: { kind: 'none' } },
    { lines: ['help'], next: first.filter(({ word }) => word !== 'help'), options: [], arguments: { kind: 'none' } },
    ...[...families].map(([word, members]) => familyLevel(word, members)),
    ...infos.map((info) => commandLevel(info, agents)),
  ];
}

type Member = { info: CommandInfo; name: string };

function familyLevel(word: string, members: readonly Member[]): Level {
  const next = members.map(({ info, name }) => ({
    word: name.slice(word.length + 1),
    description: info.description,
  }));
  return { lines: [word], next: next.sort(byWord), options: [HELP], arguments: { kind: 'none' } };
}

function commandLevel(info: CommandInfo, agents: readonly string[]): Level {
  const options = info.options.map(({ names, description, takesValue }) => ({
    names,
    description,
    value: takesValue ? valuesOf(names, agents) : undefined,
  }));
  return { lines: info.names, next: [], options: [...options, HELP], arguments: argumentsOf(info) };
}

function lastWords(members: readonly Member[]): string {
  return `${members.map(({ name }) => name.slice(name.indexOf(' ') + 1)).join(', ')}.`;
}

function byWord(a: Word, b: Word): number {
  return a.word < b.word ? -1 : 1;
}

/** The options, of whatever command, that take a value; the word behind one is no command. */
export function valueOptions(levels: readonly Level[]): string[] {
  const options = levels.flatMap(({ options }) => options);
  const flags = new Set(options.filter(({ value }) => value === undefined).flatMap(({ names }) => names));
  const names = options.filter(({ value }) => value !== undefined).flatMap(({ names }) => names);
  return [...new Set(names)].filter((name) => !flags.has(name)).sort();
}
