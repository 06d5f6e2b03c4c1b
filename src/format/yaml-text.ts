import {
  Composer,
  type CST,
  type Document,
  isNode,
  isScalar,
  Lexer,
  LineCounter,
  type ParsedNode,
  Parser,
  type Scalar,
  visit,
  type YAMLParseError,
  type YAMLWarning,
} from 'yaml';
import { FormatError, type FormatErrorCode } from './format-error.ts';
import { findDeceptive } from './visible-text.ts';

const MAX_BYTES = 64 * 1024;
const MAX_DEPTH = 20;
const MAX_NODES = 8000;
/**
 * The package compares every key with every other for `uniqueKeys`; `findDuplicateKey` does it in one pass.
 * `resolveKnownTags` would let `!!binary` and its kind make values that are not plain data.
 */
const PLAIN_YAML = {
  version: '1.2',
  schema: 'core',
  uniqueKeys: false,
  strict: true,
  resolveKnownTags: false,
  // Or it would write about odd keys to the log of the program.
  logLevel: 'error',
} as const;

export interface YamlSource {
  /** File name for messages. */
  file: string;
  /** Line of the file on which `text` starts, counted from 1. */
  firstLine: number;
  code: FormatErrorCode;
}

export interface YamlText {
  document: Document.Parsed<ParsedNode>;
  /** Line of the file on which a node of the document starts, counted from 1. */
  lineOf: (node: unknown) => number;
}

/**
 * Parses one YAML 1.2 document (core schema, unique keys) of at most 64 KiB, 20 levels and 8,000 keys and values,
 * without aliases, and without control and direction characters, escaped or not.
 *
 * The token tree is checked before anything is built from it, so that deep or self-referring input costs nothing.
 * @throws FormatError with `source.code`, the file and the line
 */
export function parseYamlText(text: string, source: YamlSource): YamlText {
  const size = new TextEncoder().encode(text).length;
  if (size > MAX_BYTES)
    throw yamlError(source, 1, `is ${size} bytes long; the maximum is ${MAX_BYTES}`, 'Make it shorter.');
  const lines = new LineCounter();
  const lineOf = (offset: number) => Math.max(1, lines.linePos(offset).line);
  const deceptive = findDeceptive(text);
  if (deceptive !== undefined)
    throw deceptiveError(source, text.slice(0, deceptive.index).split('\n').length, deceptive.name);
  const tokens = parseTokens(text, lines, (offset, problem, fix) => yamlError(source, lineOf(offset), problem, fix));
  for (const token of tokens)
    checkTokens(token, (offset, problem, fix) => yamlError(source, lineOf(offset), problem, fix));

  const composer = new Composer<ParsedNode>(PLAIN_YAML);
  const documents = [...composer.compose(tokens, true, text.length)];
  const [document] = documents;
  if (document === undefined || documents.length > 1) {
    throw yamlError(source, 1, 'must be a single YAML document', "Remove the '---' or '...' lines inside it.");
  }
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem === undefined) {
    const duplicate = findDuplicateKey(document);
    if (duplicate !== undefined) {
      const { problem, fix } = DUPLICATE_KEY;
      throw yamlError(source, lineOf(duplicate.range?.[0] ?? 0), `is not valid: ${problem}`, fix);
    }
    checkEscapes(document, (offset, name) => deceptiveError(source, lineOf(offset), name));
    const nodeLine = (node: unknown) => (isNode(node) ? lineOf(node.range?.[0] ?? 0) : 1);
    return { document, lineOf: (node) => source.firstLine + nodeLine(node) - 1 };
  }
  const advice = adviceOn(problem);
  throw yamlError(source, lineOf(problem.pos[0]), `is not valid: ${advice.problem}`, advice.fix);
}

/** The text of a scalar as it was written, so that `1.10` stays `1.10`; undefined for null, maps and lists. */
export function scalarText(node: unknown): string | undefined {
  if (!isScalar(node) || node.value === null || node.value === undefined) return undefined;
  if (typeof node.value === 'string') return node.value;
  return node.source ?? String(node.value);
}

/** Keys are the same when they give the same property of an object, so `1` and `"1"` are. */
function findDuplicateKey(document: Document.Parsed<ParsedNode>): Scalar | undefined {
  let duplicate: Scalar | undefined;
  visit(document, {
    Map(_, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const text = String(key.value);
        if (seen.has(text)) {
          duplicate = key;
          return visit.BREAK;
        }
        seen.add(text);
      }
      return undefined;
    },
  });
  return duplicate;
}

/** What an escape in quotes stands for is in no line of the source. */
function checkEscapes(
  document: Document.Parsed<ParsedNode>,
  raise: (offset: number, name: string) => FormatError,
): void {
  visit(document, {
    Scalar(_, { value, range }) {
      const deceptive = typeof value === 'string' ? findDeceptive(value) : undefined;
      if (deceptive !== undefined) throw raise(range?.[0] ?? 0, deceptive.name);
    },
  });
}

function deceptiveError(source: YamlSource, line: number, name: string): FormatError {
  return yamlError(source, line, `holds the character ${name}, which could make it look other than it is`, REMOVE);
}

/**
 * Stops as soon as the parser is too deep or has too much, for it calls itself for each level and a single line can open thousands, and
 * at the first error, for it would make one of each character that follows.
 */
function parseTokens(text: string, lines: LineCounter, raise: Raise): CST.Token[] {
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (tokens.at(-1)?.type === 'error') break;
    const top = parser.stack.at(-1);
    // Commas without values all go before one item.
    const size =
      top !== undefined && 'items' in top ? Math.max(top.items.length, top.items.at(-1)?.start.length ?? 0) : 0;
    if (size > MAX_NODES) {
      throw raise(0, TOO_MANY.problem, TOO_MANY.fix);
    }
    if (parser.stack.length <= MAX_DEPTH) continue;
    if (parser.stack.filter((token) => 'items' in token).length > MAX_DEPTH)
      throw raise(parser.offset, TOO_DEEP.problem, TOO_DEEP.fix);
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

type Raise = (offset: number, problem: string, fix: string) => FormatError;

function checkTokens(root: CST.Token, raise: Raise): void {
  const open: { token: CST.Token; depth: number }[] = [{ token: root, depth: 0 }];
  let nodes = 0;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (++nodes > MAX_NODES) throw raise(0, TOO_MANY.problem, TOO_MANY.fix);
    if (token.type === 'alias') {
      const fix = `Put the value in quotes if it is text that begins with '*'.`;
      throw raise(token.offset, `uses the YAML alias ${token.source}, which is not allowed`, fix);
    }
    const nests = 'items' in token;
    if (nests && depth >= MAX_DEPTH) {
      throw raise(token.offset, TOO_DEEP.problem, TOO_DEEP.fix);
    }
    for (const child of childrenOf(token)) open.push({ token: child, depth: nests ? depth + 1 : depth });
  }
}

function childrenOf(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap((item) => [item.key, item.value].filter((child) => child !== undefined && child !== null));
}

function yamlError(source: YamlSource, line: number, problem: string, fix: string): FormatError {
  const at = source.firstLine + line - 1;
  return new FormatError(source.code, `${source.file} line ${at}: the YAML ${problem}`, {
    fix,
    file: source.file,
    line: at,
  });
}

interface Advice {
  problem?: string;
  fix: string;
}

const TOO_MANY = { problem: `has more than ${MAX_NODES} keys and values`, fix: 'Make it shorter.' };
const TOO_DEEP = { problem: `is nested deeper than ${MAX_DEPTH} levels`, fix: 'Use a flatter structure.' };
const REMOVE = 'Remove this character; copy the text anew without formatting.';
const QUOTE = `Put the value in quotes, for example description: "Use when: …".`;

const DUPLICATE_KEY: Required<Advice> = { problem: 'a key is there twice', fix: 'Remove one of the two.' };

/** Most broken frontmatter is prose that YAML reads as syntax, above all a colon with a space behind it. */
const ADVICE: Record<string, Advice> = {
  BLOCK_AS_IMPLICIT_KEY: { problem: "a value without quotes holds ': '", fix: QUOTE },
  MULTILINE_IMPLICIT_KEY: { problem: "a line is neither 'key: value' nor part of the value above", fix: QUOTE },
  MISSING_CHAR: { problem: "a line is not 'key: value', or a bracket or quote is not closed", fix: QUOTE },
  UNEXPECTED_TOKEN: { problem: 'a value begins with a special character or goes on after its end', fix: QUOTE },
  TAG_RESOLVE_FAILED: { problem: 'a value has an unknown tag', fix: "Put text that begins with '!' in quotes." },
  TAB_AS_INDENT: { problem: 'a line is indented with a tab', fix: 'Indent with spaces.' },
};

function adviceOn(error: YAMLParseError | YAMLWarning): Required<Advice> {
  const sentence = (error.message.split('\n', 1)[0] ?? error.message).replace(/ at line \d+, column \d+:?$/, '');
  return { problem: sentence, fix: QUOTE, ...ADVICE[error.code] };
}
