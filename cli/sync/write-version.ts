import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMap, isNode, isScalar, type Pair, type ParsedNode, type YAMLMap } from 'yaml';
import { FormatError, type FormatErrorCode } from '../../src/format/format-error.ts';
import { splitFrontmatter } from '../../src/format/frontmatter.ts';
import { parseYamlText, scalarText } from '../../src/format/yaml-text.ts';
import { errorCode, writeAtomically } from '../atomic-file.ts';
import { CodedError } from '../failure.ts';

/** A place in a text, and what is to stand there. */
interface Edit {
  start: number;
  end: number;
  text: string;
}

interface Document {
  file: string;
  path: string;
  text: string;
}

const CODES: Record<string, FormatErrorCode> = {
  'SKILL.md': 'invalid_skill_md',
  'skill.yaml': 'invalid_skill_yaml',
  'manifest.json': 'invalid_manifest',
};

/**
 * Writes a version wherever a skill states one, and else under `metadata` in its SKILL.md; everything else in the files stays as it
 * is, comments and line ends included.
 *
 * @param folder of a skill that is valid
 * @returns the files that changed
 * @throws CodedError `not_written` when the files cannot be changed in so simple a way; nothing is written then
 */
export async function writeVersion(folder: string, version: string): Promise<string[]> {
  const documents = (await Promise.all(Object.keys(CODES).map((file) => read(folder, file)))).flat();
  let changed = documents.flatMap((document) => change(document, statedVersions(document), version));
  if (changed.length === 0) {
    changed = documents.flatMap((document) => change(document, newVersion(document), version));
  }
  for (const { path, text } of changed) await writeAtomically(path, text, (await stat(path)).mode & 0o777);
  return changed.map(({ file }) => file);
}

async function read(folder: string, file: string): Promise<Document[]> {
  const path = join(folder, file);
  try {
    return [{ file, path, text: await readFile(path, 'utf8') }];
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** @param edits with `$` for the version */
function change(document: Document, edits: readonly Edit[], version: string): Document[] {
  if (edits.length === 0) return [];
  const quoted = JSON.stringify(version);
  const text = [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce(
      (all, edit) => all.slice(0, edit.start) + edit.text.replace('$', quoted) + all.slice(edit.end),
      document.text,
    );
  const changed = { ...document, text };
  requireVersion(changed, version);
  return [changed];
}

/** Whatever form the file has: what was written has to be what is read. */
function requireVersion(document: Document, version: string): void {
  try {
    const nodes = versionNodes(document);
    if (nodes.length > 0 && nodes.every(({ value }) => scalarText(value) === version)) return;
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
  }
  throw new CodedError(
    'not_written',
    `${document.path} states its version in a way that cannot be changed here.`,
    `Write the version ${version} into it yourself.`,
  );
}

function statedVersions(document: Document): Edit[] {
  return versionNodes(document).flatMap(({ value, offset }) => {
    const [start, end] = isNode(value) ? (value.range ?? []) : [];
    return start === undefined || end === undefined ? [] : [{ start: offset + start, end: offset + end, text: '$' }];
  });
}

/** The values of `version`, and of `metadata.version` in SKILL.md, that are texts or numbers. */
function versionNodes(document: Document): { value: unknown; offset: number }[] {
  const { map, offset } = open(document);
  const metadata = document.file === 'SKILL.md' ? find(map, 'metadata')?.value : undefined;
  const pairs = [find(map, 'version'), isMap(metadata) ? find(metadata, 'version') : undefined];
  return pairs.flatMap((pair) =>
    isScalar(pair?.value) && pair.value.value !== null ? [{ value: pair.value, offset }] : [],
  );
}

/** Where SKILL.md takes a version that it does not have yet. */
function newVersion(document: Document): Edit[] {
  if (document.file !== 'SKILL.md') return [];
  const { map, offset, yaml } = open(document);
  const newline = document.text.startsWith('\r\n', offset + yaml.length) ? '\r\n' : '\n';
  const insert = (at: number, text: string) => [{ start: offset + at, end: offset + at, text }];
  const pair = find(map, 'metadata');
  if (pair === undefined) return insert(yaml.length + newline.length, `metadata:${newline}  version: $${newline}`);
  const { value } = pair;
  const [first] = isMap(value) ? value.items : [];
  const start = isNode(first?.key) ? first.key.range?.[0] : undefined;
  if (start !== undefined) {
    const flow = isMap(value) && value.flow === true;
    const indent = yaml.slice(yaml.lastIndexOf('\n', start - 1) + 1, start);
    return insert(start, flow ? 'version: $, ' : `version: $${newline}${indent}`);
  }
  const end = isNode(pair.key) ? pair.key.range?.[1] : undefined;
  return end === undefined ? [] : insert(yaml.indexOf(':', end) + 1, `${newline}  version: $`);
}

/** The map that a file is, or begins with, and where its text begins in the file. */
function open({ file, text }: Document): { map: YAMLMap; offset: number; yaml: string } {
  const code = CODES[file] ?? 'invalid_skill_md';
  const offset = file === 'SKILL.md' ? text.indexOf('\n') + 1 : text.startsWith('\ufeff') ? 1 : 0;
  const yaml = file === 'SKILL.md' ? splitFrontmatter(text).yaml : text.slice(offset);
  const { contents } = parseYamlText(yaml, { file, firstLine: 1, code }).document;
  if (isMap(contents)) return { map: contents as YAMLMap, offset, yaml };
  throw new FormatError(code, `${file} holds no map`, { fix: 'Write it as key: value.', file });
}

function find(map: YAMLMap | YAMLMap<ParsedNode>, key: string): Pair | undefined {
  return map.items.find((pair) => scalarText(pair.key) === key);
}
