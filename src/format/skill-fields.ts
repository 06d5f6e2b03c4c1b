import { isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';
import type { Finding } from './finding.ts';
import { FormatError } from './format-error.ts';
import { checkSkillName } from './names.ts';
import { checkCount, checkLength, type FieldPlace, MAX_COUNT, MAX_FRONTMATTER_BYTES } from './text-limits.ts';
import { showText } from './visible-text.ts';
import { parseYamlText, scalarText } from './yaml-text.ts';

const FILE = 'SKILL.md';
const MAX_DESCRIPTION = 1024;
const MAX_COMPATIBILITY = 500;
/** How many unknown keys a finding names, and how much of each. */
const MAX_NAMED_KEYS = 20;
const MAX_NAMED_LENGTH = 64;
const SPECIFIED_KEYS = ['name', 'description', 'license', 'compatibility', 'metadata', 'allowed-tools'];
/** Not in the specification, but in wide use by agents and registries. */
const EXTENSION_KEYS = [
  'agent',
  'argument-hint',
  'arguments',
  'author',
  'category',
  'context',
  'disable-model-invocation',
  'effort',
  'homepage',
  'hooks',
  'keywords',
  'model',
  'paths',
  'repository',
  'shell',
  'tags',
  'tools',
  'triggers',
  'user-invocable',
  'version',
  'when_to_use',
];
const KNOWN_KEYS = new Set([...SPECIFIED_KEYS, ...EXTENSION_KEYS]);

/** The frontmatter of one `SKILL.md` while its fields are read. */
export interface SkillFields {
  map: YAMLMap;
  data: Record<string, unknown>;
  findings: Finding[];
  lineOf: (node: unknown) => number;
}

/** Parses the frontmatter, which must be a map with string keys. `firstLine` is its line in `SKILL.md`. */
export function openFields(yaml: string, firstLine: number): SkillFields {
  const { document, lineOf } = parseYamlText(yaml, { file: FILE, firstLine, code: 'invalid_skill_md' });
  const map = document.contents;
  if (!isMap(map))
    throw skillError(firstLine, 'the frontmatter must be a map', "Write 'name: …' and 'description: …'.");
  checkCount('the frontmatter', map.items.length, MAX_COUNT.keys, placeAt(firstLine));
  const odd = map.items.find((pair) => scalarText(pair.key) === undefined);
  if (odd !== undefined) throw skillError(lineOf(odd.key), 'a key must be plain text', 'Put the value in quotes.');
  const data: Record<string, unknown> = document.toJS({ maxAliasCount: 0 });
  const size = new TextEncoder().encode(JSON.stringify(data)).length;
  if (size > MAX_FRONTMATTER_BYTES) {
    const problem = `the frontmatter as JSON is ${size} bytes long; the maximum is ${MAX_FRONTMATTER_BYTES}`;
    throw skillError(firstLine, problem, 'Move detail into the body.');
  }
  return { map, data, findings: [], lineOf };
}

export function readName(fields: SkillFields): string {
  const pair = findPair(fields, 'name');
  const name = scalarText(pair?.value)?.trim();
  if (name === undefined || name === '')
    throw missing(fields, pair, 'name', 'Add name: followed by the name of the folder.');
  const problem = checkSkillName(name);
  if (problem === undefined) return name;
  throw skillError(lineOfPair(fields, pair), problem, 'Use 1 to 64 lower-case letters a-z, digits and single hyphens.');
}

export function readDescription(fields: SkillFields): string {
  const pair = findPair(fields, 'description');
  const description = scalarText(pair?.value)?.trim();
  if (description === undefined || description === '') {
    throw missing(fields, pair, 'description', 'Add description: followed by what the skill does and when to use it.');
  }
  const length = [...description].length;
  if (length <= MAX_DESCRIPTION) return description;
  const problem = `description is ${length} characters long; the maximum is ${MAX_DESCRIPTION}`;
  throw skillError(lineOfPair(fields, pair), problem, 'Shorten it and move the detail into the body.');
}

export function readCompatibility(fields: SkillFields): string | undefined {
  const pair = findPair(fields, 'compatibility');
  if (pair === undefined) return undefined;
  const text = scalarText(pair.value)?.trim();
  const length = text === undefined ? 0 : [...text].length;
  if (text !== undefined && length >= 1 && length <= MAX_COMPATIBILITY) return text;
  const problem = text === undefined ? 'compatibility must be text' : `compatibility is ${length} characters long`;
  throw skillError(
    lineOfPair(fields, pair),
    `${problem}; it must be 1 to ${MAX_COMPATIBILITY} characters of text`,
    'Shorten it, write it as one text, or remove the key.',
  );
}

/** An optional text field of at most `max` characters. A number or boolean is taken as written; anything else is reported and left out. */
export function readText(fields: SkillFields, key: string, max?: number): string | undefined {
  const pair = findPair(fields, key);
  if (pair === undefined) return undefined;
  const text = scalarText(pair.value)?.trim();
  if (max !== undefined) checkLength(key, text, max, placeAt(lineOfPair(fields, pair)));
  if (text !== undefined && text !== '') return text;
  warn(
    fields,
    pair,
    `${key}-not-text`,
    `${key} should be text and is ignored`,
    'Write it as one line of text or remove the key.',
  );
  return undefined;
}

/** `metadata` as strings. Numbers and booleans are taken as written, maps and lists as JSON; both are reported. */
export function readMetadataMap(fields: SkillFields): Record<string, string> {
  const pair = findPair(fields, 'metadata');
  if (pair === undefined || (isScalar(pair.value) && pair.value.value === null)) return {};
  if (!isMap(pair.value))
    throw skillError(
      lineOfPair(fields, pair),
      'metadata must be a map of keys to text',
      'Write it as indented lines of key: value.',
    );

  checkCount('metadata', pair.value.items.length, MAX_COUNT.keys, placeAt(lineOfPair(fields, pair)));
  const entries = pair.value.items.map((item): [string, string] => {
    const key = scalarText(item.key);
    if (key === undefined)
      throw skillError(fields.lineOf(item.key), 'a metadata key must be plain text', 'Put it in quotes.');
    if (!isScalar(item.value) || typeof item.value.value !== 'string') {
      warn(fields, item, 'metadata-not-text', `metadata.${key} should be text`, 'Put the value in quotes.');
    }
    const text = scalarText(item.value);
    if (text !== undefined) return [key, text];
    return [key, isScalar(item.value) ? '' : JSON.stringify(item.value)];
  });
  return Object.fromEntries(entries);
}

export function readAllowedTools(fields: SkillFields): string | undefined {
  const pair = findPair(fields, 'allowed-tools');
  if (pair === undefined || !isSeq(pair.value)) return readText(fields, 'allowed-tools');
  const tools = pair.value.items.map((item) => scalarText(item) ?? JSON.stringify(item));
  warn(
    fields,
    pair,
    'allowed-tools-list',
    'allowed-tools should be one text, not a list',
    'Write the tools in one line, separated by spaces.',
  );
  return tools.join(' ');
}

/** One finding for all keys that neither the specification nor common use knows, at the line of the first. */
export function reportUnknownKeys(fields: SkillFields): void {
  const keyOf = (pair: Pair) => scalarText(pair.key) ?? '';
  const unknown = fields.map.items.filter((pair) => !KNOWN_KEYS.has(keyOf(pair)));
  const [first] = unknown;
  if (first === undefined) return;
  const names = unknown.slice(0, MAX_NAMED_KEYS).map((pair) => `'${showText(keyOf(pair), MAX_NAMED_LENGTH)}'`);
  const more = unknown.length > MAX_NAMED_KEYS ? ` and ${unknown.length - MAX_NAMED_KEYS} more` : '';
  const [noun, verb] = unknown.length === 1 ? ['key', 'is'] : ['keys', 'are'];
  warn(
    fields,
    first,
    'unknown-frontmatter-key',
    `the frontmatter ${noun} ${names.join(', ')}${more} ${verb} not part of the specification`,
    unknown.length === 1
      ? 'Move it under metadata:, or check its spelling.'
      : 'Move them under metadata:, or check their spelling.',
  );
}

function findPair(fields: SkillFields, key: string): Pair | undefined {
  return fields.map.items.find((pair) => scalarText(pair.key) === key);
}

function lineOfPair(fields: SkillFields, pair: Pair | undefined): number {
  return pair === undefined ? 1 : fields.lineOf(pair.key);
}

function warn(fields: SkillFields, pair: Pair, rule: string, problem: string, fix: string): void {
  const line = lineOfPair(fields, pair);
  const message = `${FILE} line ${line}: ${problem}`;
  fields.findings.push({ rule, severity: 'warning', stage: 'structure', message, fix, file: FILE, line });
}

function missing(fields: SkillFields, pair: Pair | undefined, key: string, fix: string): FormatError {
  return skillError(
    lineOfPair(fields, pair),
    pair === undefined ? `${key} is missing` : `${key} must be text and not empty`,
    fix,
  );
}

function placeAt(line: number): FieldPlace {
  return { code: 'invalid_skill_md', file: FILE, line };
}

function skillError(line: number, problem: string, fix: string): FormatError {
  return new FormatError('invalid_skill_md', `${FILE} line ${line}: ${problem}`, { fix, file: FILE, line });
}
