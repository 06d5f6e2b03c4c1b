import { CATEGORIES } from './categories.ts';
import type { CommandInfo } from './describe.ts';
import { TOPICS } from './topics.ts';

/** The page `docs/cli-reference.md`. */
export function referencePage(commands: readonly CommandInfo[]): string {
  const categories = CATEGORIES.filter((category) => commands.some((command) => command.category === category));
  const sections = categories.map((category) => {
    const own = commands.filter((command) => command.category === category);
    return [`## ${category}`, ...own.map(commandSection)].join('\n\n');
  });
  return `${[INTRODUCTION, overview(categories, commands), ...sections, ...topicSections()].join('\n\n')}\n`;
}

const INTRODUCTION = `# The \`skills\` command

<!-- Generated from the command classes by \`npm run generate\`. -->

\`skills <command> --help\` says the same in a terminal. Every command takes \`--json\`, which prints exactly one JSON document on stdout, an
\`error\` with \`code\`, \`message\` and \`fix\` after a failure; \`--debug\`, which prints the stack of an error; and \`--help\`.`;

function overview(categories: readonly string[], commands: readonly CommandInfo[]): string {
  const rows = categories.flatMap((category) =>
    commands
      .filter((command) => command.category === category)
      .map(({ names, description }) => `| [\`${names[0]}\`](#${anchor(names[0] ?? '')}) | ${cell(description)} |`),
  );
  return ['| command | |', '| --- | --- |', ...rows].join('\n');
}

function commandSection(info: CommandInfo): string {
  const { names, description, details, examples, exitCodes } = info;
  const [name, ...others] = names;
  const own = Object.entries(exitCodes).map(([code, meaning]) => `Exit code ${code}: ${meaning}`);
  return [
    `### skills ${name}`,
    description,
    `\`\`\`\n${synopsis(info)}\n\`\`\``,
    ...(others.length === 0 ? [] : [`Also called ${others.map((other) => `\`skills ${other}\``).join(', ')}.`]),
    ...details,
    ...own,
    ...optionTable(info),
    ...(examples.length === 0 ? [] : [exampleBlock(examples)]),
  ].join('\n\n');
}

function synopsis({ names, arguments: positionals, options }: CommandInfo): string {
  const words = positionals.map(({ name, required, repeats }) => {
    const word = `${required ? `<${name}>` : `[${name}]`}${repeats ? ' …' : ''}`;
    return ` ${word}`;
  });
  return `skills ${names[0]}${words.join('')}${options.length > 0 ? ' [options]' : ''}`;
}

const SHARED = new Set(['--json', '--debug']);

function optionTable({ options }: CommandInfo): string[] {
  const own = options.filter(({ names }) => !names.some((name) => SHARED.has(name)));
  if (own.length === 0) return [];
  const rows = own.map(({ names, takesValue, description }) => {
    const words = names.map((name) => `\`${name}${takesValue && name.startsWith('--') ? ' …' : ''}\``).join(', ');
    return `| ${words} | ${cell(description)} |`;
  });
  return [['| option | |', '| --- | --- |', ...rows].join('\n')];
}

function exampleBlock(examples: CommandInfo['examples']): string {
  const lines = examples.map(({ what, command }) => `# ${what}\n${command}`);
  return `\`\`\`console\n${lines.join('\n\n')}\n\`\`\``;
}

function topicSections(): string[] {
  return Object.values(TOPICS).map(({ title, rows }) => {
    const cells = rows.map(([what, meaning]) => `| ${code(what)} | ${cell(meaning)} |`);
    return [`## ${title}`, ['| | |', '| --- | --- |', ...cells].join('\n')].join('\n\n');
  });
}

function code(list: string): string {
  return list
    .split(', ')
    .map((word) => `\`${word}\``)
    .join(', ');
}

function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;');
}

function anchor(name: string): string {
  return `skills-${name.replaceAll(' ', '-')}`;
}
