import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '../atomic-file.ts';
import { CodedError } from '../failure.ts';
import { UserError } from '../user-error.ts';

const MAX_DEPTH = 10;
const MAX_FOLDERS = 20_000;
const MAX_SKILLS = 1000;

/**
 * The skills at a path: itself, if it is a file or a folder with a SKILL.md, the folder of a SKILL.md, else every folder below it that has one, sorted. It
 * goes ten levels deep, and passes over symlinks, `node_modules`, hidden folders (agents keep installed skills there), and what
 * lies inside a skill.
 *
 * @returns absolute paths, given one
 * @throws UserError when there is nothing or no skill; CodedError `limit_exceeded` for more than 1,000 skills or 20,000 folders
 */
export async function findSkills(path: string): Promise<string[]> {
  const stats = await stat(path).catch((cause) => {
    if (errorCode(cause) !== 'ENOENT') throw cause;
    throw new UserError(`${path} does not exist.`, 'Name the folder of a skill or a .skill file.', 1, { cause });
  });
  if (!stats.isDirectory()) return [isSkillMd({ name: basename(path) }) ? dirname(path) : path];
  const found: string[] = [];
  const folders = [{ path, depth: 0 }];
  let seen = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    if (++seen > MAX_FOLDERS) throw tooMuch(path, `more than ${MAX_FOLDERS} folders`);
    const entries = await list(folder.path);
    if (entries.some(isSkillMd)) {
      if (found.push(folder.path) > MAX_SKILLS) throw tooMuch(path, `more than ${MAX_SKILLS} skills`);
      continue;
    }
    if (folder.depth === MAX_DEPTH) continue;
    for (const { name } of entries.filter(isSearched)) {
      folders.push({ path: join(folder.path, name), depth: folder.depth + 1 });
    }
  }
  if (found.length > 0) return found.sort();
  throw new UserError(
    `${path} has no SKILL.md, nor has any folder below it.`,
    'Name the folder of a skill, or one that holds skills.',
  );
}

function isSkillMd({ name }: Pick<Dirent, 'name'>): boolean {
  return /^skill\.md$/i.test(name);
}

function isSearched(entry: Dirent): boolean {
  return entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.');
}

async function list(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    const code = errorCode(cause) ?? 'unknown error';
    throw new UserError(`${folder} cannot be read (${code}).`, 'Check who may read it.', 1, { cause });
  }
}

function tooMuch(path: string, what: string): CodedError {
  return new CodedError('limit_exceeded', `${path} holds ${what}.`, 'Name its parts one by one.');
}
