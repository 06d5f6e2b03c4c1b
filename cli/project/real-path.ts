import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { errorCode } from '../atomic-file.ts';
import { CodedError } from '../failure.ts';
import type { Scope } from './scope.ts';
import { exists } from './transaction.ts';

/**
 * Where a folder really is, links followed as far as there are any; the rest need not be there yet.
 *
 * @throws CodedError `conflict` where a file or a link that leads nowhere is in the way
 */
export async function realFolder(path: string): Promise<string> {
  try {
    const real = await realpath(path);
    if ((await stat(real)).isDirectory()) return real;
  } catch (error) {
    const code = errorCode(error);
    if (!['ENOENT', 'ENOTDIR'].includes(code ?? '') || path === dirname(path)) throw error;
    if (!(await exists(path))) return join(await realFolder(dirname(path)), basename(path));
  }
  throw new CodedError('conflict', `${path} is in the way: it is no folder.`, 'Move it away, then try again.');
}

/**
 * The same for a folder that skills are written into: a link in a project must not lead out of it, since projects come
 * from others.
 *
 * @throws CodedError `outside_project`
 */
export async function realFolderWithin(scope: Scope, path: string): Promise<string> {
  const real = await realFolder(path);
  if (scope.kind === 'global' || isWithin(await realFolder(scope.root), real)) return real;
  const message = `${path} is a link to ${real}, outside of the project ${scope.root}.`;
  throw new CodedError('outside_project', message, 'Replace the link by a folder, then try again.');
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
}
