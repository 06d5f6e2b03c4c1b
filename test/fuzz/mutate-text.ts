import type { Random } from './random.ts';

/** Odd characters that every reader of text meets. */
const CHARACTERS = [
  '\0',
  '\u001b[2J',
  '\u0085',
  '\u200b',
  '\u202e',
  '\u2028',
  '\ufeff',
  '\ud800',
  '\u{e0041}',
  '\t',
  '\r',
  '\r\n',
  '\n',
  '😀',
  '\\',
  '"',
  "'",
] as const;
const COUNTS = [2, 10, 21, 100, 1000, 20_000] as const;

type Mutator = (text: string, random: Random, tokens: readonly [string, ...string[]], other: string) => string;

const insertToken: Mutator = (text, random, tokens) => at(text, random, random.pick(tokens));
const insertCharacter: Mutator = (text, random) => at(text, random, random.pick(CHARACTERS));

/** One token many times, which is what most attacks on parsers come down to. */
const flood: Mutator = (text, random, tokens) => {
  const token = random.chance(0.8) ? random.pick(tokens) : random.pick(CHARACTERS);
  return at(text, random, token.repeat(Math.min(random.pick(COUNTS), Math.ceil(70_000 / token.length))));
};

const moveLine: Mutator = (text, random) => {
  const lines = text.split('\n');
  const [line = ''] = lines.splice(random.below(lines.length), 1);
  lines.splice(random.below(lines.length + 1), 0, line, ...(random.chance(0.5) ? [line] : []));
  return lines.join('\n');
};

const indentLine: Mutator = (text, random) => {
  const lines = text.split('\n');
  const index = random.below(lines.length);
  lines[index] = `${' '.repeat(1 + random.below(4))}${lines[index]}`;
  return lines.join('\n');
};

const remove: Mutator = (text, random) => {
  const start = random.below(text.length + 1);
  return text.slice(0, start) + text.slice(start + 1 + random.below(random.chance(0.7) ? 8 : text.length + 1));
};

const splice: Mutator = (text, random, _, other) =>
  text.slice(0, random.below(text.length + 1)) + other.slice(random.below(other.length + 1));

const MUTATORS = [
  insertToken,
  insertToken,
  insertToken,
  insertCharacter,
  flood,
  moveLine,
  indentLine,
  remove,
  splice,
] as const;

/** Changes a text one to six times; `tokens` are what its language is made of, `other` gives material. */
export function mutateText(
  text: string,
  random: Random,
  tokens: readonly [string, ...string[]],
  other: string,
): string {
  let result = text;
  for (let times = 1 + random.below(6); times > 0; times--) {
    result = random.pick(MUTATORS)(result, random, tokens, other).slice(0, 200_000);
  }
  return result;
}

function at(text: string, random: Random, piece: string): string {
  const index = random.below(text.length + 1);
  return text.slice(0, index) + piece + text.slice(index);
}
