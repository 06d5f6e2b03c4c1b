import { statSync } from 'node:fs';

/**
 * Whether the folder is the current user's, so that a project may be found there from below: in a folder such as `/tmp`,
 * or above one that somebody shares, others could leave a project of theirs. Always true where owners have no numbers.
 */
export function isOwnFolder(folder: string): boolean {
  const user = process.getuid?.();
  return user === undefined || statSync(folder, { throwIfNoEntry: false })?.uid === user;
}
