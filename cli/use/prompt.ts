import type { BundleFile } from '../../src/format/bundle.ts';
import { splitFrontmatter } from '../../src/format/frontmatter.ts';
import { decodeUtf8 } from '../../src/format/text.ts';
import { closest } from '../closest.ts';
import { CodedError } from '../failure.ts';
import type { FetchedSkill } from '../fetch-skill.ts';
import { formatSize } from '../progress.ts';
import { labelOf } from '../project/record.ts';

const MAIN = 'SKILL.md';

/** A skill as an agent is told it, for programs. */
export interface Prompt {
  namespace: string;
  name: string;
  version: string;
  registry: string;
  description: string;
  /** SKILL.md without its frontmatter. */
  body: string;
  /** The other files. */
  files: { path: string; size: number }[];
}

/** What a checked skill says to an agent. */
export function promptOf({ metadata, bundle }: FetchedSkill, registry: string): Prompt {
  const { namespace, name, version, description } = metadata;
  const main = bundle.files.find((file) => file.path === MAIN);
  const body = splitFrontmatter(new TextDecoder().decode(main?.bytes)).body.trim();
  const files = bundle.files.filter((file) => file !== main).map(({ path, bytes }) => ({ path, size: bytes.length }));
  return { namespace, name, version, registry, description, body, files };
}

/**
 * The prompt as text: which skill it is, what other files it has and how to read them, then its instructions.
 *
 * @param options words that a further call needs too, such as `--registry …`
 */
export function promptText(prompt: Prompt, options: string): string {
  const label = labelOf(prompt);
  const rows = prompt.files.map(({ path, size }) => `- ${path} (${formatSize(size)})`);
  const files =
    rows.length === 0
      ? []
      : ['', `Its other files; read one with \`skills use ${label} --file <path>${options}\`:`, ...rows];
  return [`# Skill: ${label}`, '', prompt.description, ...files, '', '---', '', prompt.body].join('\n');
}

/**
 * One file of a checked skill.
 *
 * @throws CodedError `not_found`, with what may have been meant
 */
export function fileOf({ metadata, bundle }: FetchedSkill, path: string): BundleFile {
  const found = bundle.files.find((file) => file.path === path);
  if (found) return found;
  const label = labelOf(metadata);
  const paths = bundle.files.map((file) => file.path);
  const meant = closest(path, paths) ?? paths.find((other) => other.endsWith(`/${path}`));
  const fix = meant ? `Did you mean ${meant}?` : `See which there are: skills info ${label} --files`;
  throw new CodedError('not_found', `${label} has no file '${path}'.`, fix);
}

/** A file for programs: as text where it is UTF-8, else in base64. */
export function fileDocument({ path, bytes }: BundleFile) {
  const text = decodeUtf8(bytes);
  const content = text ?? Buffer.from(bytes).toString('base64');
  return { path, size: bytes.length, encoding: text === undefined ? 'base64' : 'utf-8', content };
}
