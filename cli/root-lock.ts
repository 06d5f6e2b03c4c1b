import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './atomic-file.ts';
import { UserError } from './user-error.ts';

/** The lock is in the hands of a process that lives. */
export class LockHeld extends UserError {}

/**
 * Runs `action` while no other process changes the skills in `root`. A lock that a killed process left is taken over.
 *
 * @throws LockHeld when a living process holds it
 */
export async function withLock<T>(root: string, action: () => Promise<T>, name = '.lock'): Promise<T> {
  const lock = join(root, name);
  await take(root, lock);
  try {
    return await action();
  } finally {
    await rm(lock, { force: true });
  }
}

async function take(root: string, lock: string): Promise<void> {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' });
    return;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
  const holder = Number(await readFile(lock, 'utf8'));
  if (isAlive(holder)) {
    throw new LockHeld(
      `Another command (process ${holder}) is changing the skills in ${root}.`,
      `Wait for it to end. If there is none, remove ${lock}.`,
    );
  }
  await rm(lock, { force: true });
  await writeFile(lock, String(process.pid), { flag: 'wx' });
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
