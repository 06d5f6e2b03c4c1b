import { Command, type CommandClass } from 'clipanion';
import type { CliContext } from '../context.ts';

export interface OptionInfo {
  /** `-g`, `--global`. */
  names: string[];
  description: string;
  takesValue: boolean;
}

export interface ArgumentInfo {
  name: string;
  required: boolean;
  /** True for as many as one likes. */
  repeats: boolean;
}

/** What a command class says about itself. */
export interface CommandInfo {
  /** All that it can be called by, the first one being its name: `install`, `add`; `cache ls`. */
  names: string[];
  category: string;
  description: string;
  /** Paragraphs of Markdown, each on one line. */
  details: string[];
  examples: { what: string; command: string }[];
  arguments: ArgumentInfo[];
  options: OptionInfo[];
  /** What its exit codes mean where that is more than what all commands share. */
  exitCodes: Readonly<Record<number, string>>;
}

/** The commands that are in the overview, sorted by name. */
export function describeCommands(commands: readonly CommandClass<CliContext>[]): CommandInfo[] {
  return commands
    .filter(({ usage }) => usage !== undefined)
    .map(describeCommand)
    .sort((a, b) => ((a.names[0] ?? '') < (b.names[0] ?? '') ? -1 : 1));
}

function describeCommand(command: CommandClass<CliContext>): CommandInfo {
  const { category = '', description = '', details = '', examples = [] } = command.usage ?? {};
  return {
    names: (command.paths ?? []).map((path) => path.join(' ')),
    category,
    description: description.trim(),
    details: paragraphs(details),
    examples: examples.map(([what, line]) => ({ what, command: line.replaceAll('$0', 'skills') })),
    ...readOptions(command),
    exitCodes: 'exitCodes' in command ? (command.exitCodes as CommandInfo['exitCodes']) : {},
  };
}

/** Lets the options of a command define themselves, as the parser does, and notes what they say. */
function readOptions(command: CommandClass<CliContext>): Pick<CommandInfo, 'arguments' | 'options'> {
  const found: Pick<CommandInfo, 'arguments' | 'options'> = { arguments: [], options: [] };
  const builder = {
    addOption: ({ names, description = '', arity, hidden = false }: AddedOption) => {
      if (!hidden) found.options.push({ names: sortNames(names), description, takesValue: arity !== 0 });
    },
    addPositional: ({ name, required = true }: AddedArgument) => {
      found.arguments.push({ name, required, repeats: false });
    },
    addRest: ({ name = 'more', required = 0 }: { name?: string; required?: number }) => {
      found.arguments.push({ name, required: required > 0, repeats: true });
    },
  };
  for (const [key, value] of Object.entries(new command())) if (isOption(value)) value.definition(builder, key);
  return found;
}

interface AddedOption {
  names: string[];
  description?: string;
  /** How many values it takes. */
  arity: number;
  hidden?: boolean;
}

interface AddedArgument {
  name: string;
  required?: boolean;
}

function isOption(value: unknown): value is { definition(builder: object, key: string): void } {
  return typeof value === 'object' && value !== null && Command.isOption in value;
}

/** Short ones first. */
function sortNames(names: readonly string[]): string[] {
  return [...names].sort((a, b) => a.length - b.length);
}

/** Undoes the line breaks that the source has; an empty line ends a paragraph. */
function paragraphs(text: string): string[] {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim().replace(/\s+/g, ' '))
    .filter((paragraph) => paragraph !== '');
}
