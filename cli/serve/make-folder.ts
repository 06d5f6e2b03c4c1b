import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCode } from '../atomic-file.ts';
import { UserError } from '../user-error.ts';

const REASONS: Record<string, string> = {
  EEXIST: 'a file is in its place',
  ENOTDIR: 'a file is in its way',
  ENOENT: 'the file system there takes no folders',
  EACCES: 'its parent may not be written into',
  EPERM: 'its parent may not be written into',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

/**
 * Makes a folder and those above it (mode 0700). Node's own recursive `mkdirSync` never ends where the file system takes no
 * folders and says ENOENT, as `/proc` does.
 *
 * @param path absolute
 * @returns whether it was not there before
 * @throws UserError when it cannot be made
 */
export function makeFolder(path: string): boolean {
  try {
    return make(path);
  } catch (cause) {
    const code = errorCode(cause);
    if (code === undefined) throw cause;
    const fix = 'Choose another folder with --data or HUB_DATA.';
    throw new UserError(`Cannot make the folder ${path}: ${REASONS[code] ?? code}.`, fix, 1, { cause });
  }
}

function make(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST' && statSync(path, { throwIfNoEntry: false })?.isDirectory()) return false;
    const parent = dirname(path);
    if (code !== 'ENOENT' || existsSync(parent)) throw error;
    make(parent);
    return make(path);
  }
}
