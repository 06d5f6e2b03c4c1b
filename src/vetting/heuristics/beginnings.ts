const PREFIX = 5;
/** What may stand between the halves of a word: `api[ _-]?key`, `web ?page`, `pre-?approved`. */
const HALVES = /^([a-z0-9]+)(?:\[[ _-]+\]|[ -](?=\?))\??([a-z0-9]+)/;
/** Endings of one word: `polic(?:y|ies)`, `env(?:ironment)?`. */
const ENDINGS = /^([a-z0-9_]+)\(\?:([a-z0-9_|]+)\)(\??)(?![\w?*+{])/;
const OPEN_END = /^([a-z0-9_]+)\\[wS][*+]/;
const PLURAL = /^([a-z0-9_]+)\?(?![\w?*+{])/;
const WHOLE = /^([a-z0-9_]+)(?![\w?*+{[(\\]|[ -]\?)/;
const GROUP = '(?:';

/**
 * The words, as of `PatternRule.words`, of which a text that a choice of words matches has one: those with which the choices
 * begin. Undefined where that cannot be told from the source of the pattern.
 */
export function beginningsOf(choice: string): string[] | undefined {
  const found = choicesOf(choice).map(beginningOf);
  return found.every((words) => words !== undefined) ? [...new Set(found.flat())] : undefined;
}

function beginningOf(choice: string): string[] | undefined {
  const source = choice.startsWith('\\.?') ? choice.slice(3) : choice;
  if (source.startsWith(GROUP)) return beginningsOfGroup(source);
  const words = wordsOf(`${source} `);
  // One letter is no word to the index.
  return words?.every((word) => word.length > 1) ? words : undefined;
}

function beginningsOfGroup(source: string): string[] | undefined {
  const end = closingOf(source);
  const rest = source.slice(end + 1);
  if (/^[?*+{]/.test(rest)) return undefined;
  return beginningsOf(
    choicesOf(source.slice(GROUP.length, end))
      .map((inner) => inner + rest)
      .join('|'),
  );
}

function wordsOf(source: string): string[] | undefined {
  const halves = HALVES.exec(source);
  if (halves !== null) {
    const [, first = '', second = ''] = halves;
    const together = [first + second, `${first}_${second}`];
    return together.every((word) => word.length > PREFIX) ? [first, ...together.map(prefixed)] : undefined;
  }
  const endings = ENDINGS.exec(source);
  if (endings !== null) {
    const [, stem = '', inner = '', optional] = endings;
    const words = inner.split('|').map((ending) => stem + ending);
    const longer = words.filter((word) => word.length > PREFIX).map(prefixed);
    return [...words, ...longer, ...(optional === '?' ? [stem] : [])];
  }
  const open = OPEN_END.exec(source)?.[1];
  if (open !== undefined) {
    if (open.length >= PREFIX) return [open, prefixed(open)];
    return open === 'http' ? ['http', 'https'] : undefined;
  }
  const plural = PLURAL.exec(source)?.[1];
  if (plural !== undefined) return [plural, plural.slice(0, -1)];
  const whole = WHOLE.exec(source)?.[1];
  return whole === undefined ? undefined : [whole];
}

const prefixed = (word: string) => `${word.slice(0, PREFIX)}*`;

/** The choices of a regular expression at its top level. */
function choicesOf(source: string): string[] {
  const choices: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < source.length; at++) {
    const char = source[at];
    if (char === '\\') at++;
    else if (char === '(' || char === '[') depth++;
    else if (char === ')' || char === ']') depth--;
    else if (char === '|' && depth === 0) {
      choices.push(source.slice(start, at));
      start = at + 1;
    }
  }
  return [...choices, source.slice(start)];
}

/** Where the group ends with which a source begins. */
function closingOf(source: string): number {
  let depth = 0;
  for (let at = 0; at < source.length; at++) {
    const char = source[at];
    if (char === '\\') at++;
    else if (char === '(' || char === '[') depth++;
    else if ((char === ')' || char === ']') && --depth === 0) return at;
  }
  return source.length;
}
