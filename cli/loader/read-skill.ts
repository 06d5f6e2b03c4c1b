import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundleFile } from '../../src/format/bundle.ts';
import { treeDigest } from '../../src/format/digest.ts';
import { FormatError } from '../../src/format/format-error.ts';
import { splitFrontmatter } from '../../src/format/frontmatter.ts';
import { readMetadata, type SkillMetadata } from '../../src/format/skill-metadata.ts';
import { MAX_DOCUMENT_BYTES } from '../../src/format/text-limits.ts';
import { readAdapters } from './adapters.ts';
import type { LoadWarningCode, Skill } from './public.ts';
import type { Warn } from './records.ts';
import { codeOf, isMissing, listFiles, readInside, SkillFileError } from './skill-files.ts';
import type { Candidate } from './stores.ts';

const BESIDE = ['manifest.json', 'skill.yaml'] as const;

/** The skill in a folder, or undefined after a warning. */
export async function readSkill(candidate: Candidate, verify: boolean, warn: Warn): Promise<Skill | undefined> {
  const { path } = candidate;
  try {
    const main = await nameOfMain(path);
    const metadata = await describe(path, main, warn);
    if (verify && !(await isUnchanged(candidate, warn))) return undefined;
    checkFolderName(candidate, metadata.name, warn);
    return { ...toSkill(candidate, main, metadata), adapters: await readAdapters(path, warn) };
  } catch (error) {
    warn({ path, code: 'invalid_skill', ...explain(error, path) });
    return undefined;
  }
}

/** `SKILL.md`, or `skill.md`, which some agents write. */
async function nameOfMain(path: string): Promise<string> {
  const names = await readdir(path);
  const name = names.find((file) => file === 'SKILL.md') ?? names.find((file) => file === 'skill.md');
  if (name !== undefined) return name;
  throw new FormatError('invalid_skill_md', 'there is no SKILL.md', {
    fix: 'Add a SKILL.md with name and description in its frontmatter, or move the folder away.',
  });
}

/** What the files of the skill say; those beside SKILL.md are passed over when they are broken. */
async function describe(path: string, main: string, warn: Warn): Promise<SkillMetadata> {
  const files = [await readDocument(path, main, 'SKILL.md')];
  const pass = (name: string, error: unknown) =>
    warn({ path: join(path, name), code: 'invalid_metadata', ...explain(error, path) });
  for (const name of BESIDE) {
    try {
      files.push(await readDocument(path, name, name));
    } catch (error) {
      if (!(error instanceof SkillFileError)) throw error;
      if (error.code !== 'not_found') pass(name, error);
    }
  }
  for (;;) {
    try {
      return readMetadata({ files }).metadata;
    } catch (error) {
      const name = error instanceof FormatError ? error.file : undefined;
      const at = files.findIndex((file) => file.path === name);
      if (name === undefined || at < 1) throw error;
      pass(name, error);
      files.splice(at, 1);
    }
  }
}

async function readDocument(root: string, name: string, path: keyof typeof MAX_DOCUMENT_BYTES): Promise<BundleFile> {
  return { path, bytes: await readInside(root, name, MAX_DOCUMENT_BYTES[path]), executable: false };
}

function toSkill({ path, scope, record }: Candidate, main: string, metadata: SkillMetadata): Omit<Skill, 'adapters'> {
  const { name, description, license, compatibility, allowedTools, keywords, dependencies, frontmatter } = metadata;
  const ours = record?.name === name ? record : undefined;
  const version = ours?.version ?? metadata.version;
  const namespace = ours?.namespace ?? metadata.namespace;
  const readText = async (file: string) => new TextDecoder().decode(await readInside(path, file));
  return {
    name,
    description,
    ...(version === undefined ? {} : { version }),
    ...(namespace === undefined ? {} : { namespace }),
    scope,
    path,
    ...(license === undefined ? {} : { license }),
    ...(compatibility === undefined ? {} : { compatibility }),
    ...(allowedTools === undefined ? {} : { allowedTools }),
    keywords,
    dependencies,
    frontmatter,
    readText,
    body: async () => bodyOf(main, await readText(main)),
    files: async () => (await listFiles(path)).map(({ path: file, size }) => ({ path: file, size })),
    read: (file) => readInside(path, file),
  };
}

function bodyOf(main: string, text: string): string {
  try {
    return splitFrontmatter(text).body;
  } catch (cause) {
    if (!(cause instanceof FormatError)) throw cause;
    throw new SkillFileError('unreadable', main, `has no frontmatter any more (${cause.message})`, { cause });
  }
}

async function isUnchanged({ path, record }: Candidate, warn: Warn): Promise<boolean> {
  if (record?.treeDigest === undefined) return true;
  const found = await listFiles(path);
  const files = found.map(async (file) => ({ ...file, bytes: await readInside(path, file.path) }));
  const digest = await treeDigest({ files: await Promise.all(files) });
  if (digest === record.treeDigest) return true;
  const message = `${path} does not hold the files that were installed.`;
  const fix = 'See what was changed with `skills verify`, and install it again.';
  warn({ code: 'changed' satisfies LoadWarningCode, path, message, fix });
  return false;
}

function checkFolderName({ path, folderName }: Candidate, name: string, warn: Warn): void {
  if (folderName === name) return;
  const message = `${path} holds the skill '${name}': its folder should be called the same.`;
  warn({ code: 'name_differs', path, message, fix: `Rename the folder to ${name}, or the skill to ${folderName}.` });
}

function explain(error: unknown, path: string): { message: string; fix: string } {
  if (error instanceof FormatError) return { message: `${path}: ${error.message}`, fix: error.fix };
  if (error instanceof SkillFileError) return { message: `${path}: ${error.message}`, fix: 'Mend it or move it away.' };
  if (isMissing(error)) return { message: `${path} leads to nothing.`, fix: 'Remove it.' };
  const code = codeOf(error);
  if (code === undefined) throw error;
  return { message: `${path} cannot be read (${code}).`, fix: 'Check who may read it.' };
}
