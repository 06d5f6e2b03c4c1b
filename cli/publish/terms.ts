import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MAX_TEXT } from '../../src/format/text-limits.ts';
import { checkTag } from '../../src/format/version-tag.ts';
import { errorCode } from '../atomic-file.ts';
import { usageError } from '../failure.ts';
import { UserError } from '../user-error.ts';

/** What is said of a version beside its files. */
export interface Terms {
  /** That a new skill shall be private. */
  private: boolean;
  tags: string[];
  changelog?: string | undefined;
}

interface TermOptions {
  cwd: string;
  private: boolean;
  tags: readonly string[];
  changelog: string | undefined;
  changelogFile: string | undefined;
}

/** @throws CodedError `usage` for what the registry would refuse; UserError for a file that cannot be read */
export async function readTerms(options: TermOptions): Promise<Terms> {
  const { tags, changelog, changelogFile } = options;
  for (const tag of tags) {
    const reason = checkTag(tag);
    if (reason) throw usageError(`The ${reason}.`, 'Use a word such as beta or lts-2024.');
  }
  if (changelog !== undefined && changelogFile !== undefined) {
    throw usageError('A version has one changelog.', 'Give --changelog or --changelog-file, not both.');
  }
  const text = changelogFile === undefined ? changelog : await readText(resolve(options.cwd, changelogFile));
  return { private: options.private, tags: [...new Set(tags)], changelog: checkChangelog(text) };
}

function checkChangelog(text: string | undefined): string | undefined {
  const clean = text?.trim();
  if (clean === '') throw usageError('The changelog is empty.', 'Say what is new, or leave it out.');
  const length = clean?.length ?? 0;
  if (length <= MAX_TEXT.changelog) return clean;
  throw usageError(
    `The changelog is ${length} characters long; the maximum is ${MAX_TEXT.changelog}.`,
    'Say what is new in this version only.',
  );
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause) => {
    const code = errorCode(cause) ?? 'unknown error';
    throw new UserError(`${path} cannot be read (${code}).`, 'Check the path after --changelog-file.', 1, { cause });
  });
}
