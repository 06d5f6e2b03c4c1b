import { FormatError, type FormatErrorCode } from './format-error.ts';
import { findDeceptive, showText } from './visible-text.ts';

const MAX_DEPTH = 20;

export interface JsonSource {
  /** File name for messages. */
  file: string;
  code: FormatErrorCode;
}

/**
 * Parses JSON that every parser reads alike: no key twice in one object, at most 20 levels, and no control or direction
 * characters in keys and texts, escaped or not. A byte order mark is accepted.
 * @throws FormatError with `source.code`, the file and, but for syntax errors, the line
 */
export function parseJsonText(text: string, source: JsonSource): unknown {
  const clean = text.replace(/^\ufeff/, '');
  const value = parseSyntax(clean, source);
  checkStrings(clean, (line, problem, fix) => {
    const message = `${source.file} line ${line}: the JSON ${problem}`;
    return new FormatError(source.code, message, { fix, file: source.file, line });
  });
  return value;
}

function parseSyntax(text: string, { file, code }: JsonSource): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The parser quotes the text it stumbled over.
    const detail = cause instanceof Error ? showText(cause.message) : 'unknown error';
    throw new FormatError(code, `${file} is not valid JSON: ${detail}`, { fix: 'Correct the syntax.', file, cause });
  }
}

type Raise = (line: number, problem: string, fix: string) => FormatError;

/** Walks over JSON that is known to be valid. */
function checkStrings(text: string, raise: Raise): void {
  /** The keys of each open object; undefined for an open list. */
  const open: (Set<string> | undefined)[] = [];
  let line = 1;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === '\n') line++;
    if (char === '}' || char === ']') open.pop();
    if (char === '{' || char === '[') {
      if (open.length === MAX_DEPTH)
        throw raise(line, `is nested deeper than ${MAX_DEPTH} levels`, 'Use a flatter structure.');
      open.push(char === '{' ? new Set() : undefined);
    }
    if (char !== '"') continue;
    const end = endOfString(text, at);
    const string = String(JSON.parse(text.slice(at, end)));
    const deceptive = findDeceptive(string);
    if (deceptive !== undefined) throw raise(line, `holds the character ${deceptive.name}`, 'Remove this character.');
    if (isKey(text, end)) addKey(open.at(-1), string, line, raise);
    at = end - 1;
  }
}

function addKey(keys: Set<string> | undefined, key: string, line: number, raise: Raise): void {
  if (keys?.has(key)) throw raise(line, `has the key '${showText(key)}' twice`, 'Remove one of the two.');
  keys?.add(key);
}

/** Where the string that begins at `start` is over: behind its closing quote. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function isKey(text: string, end: number): boolean {
  const colon = /[ \t\r\n]*:/y;
  colon.lastIndex = end;
  return colon.test(text);
}
