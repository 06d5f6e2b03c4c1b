import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { errorCode } from './atomic-file.ts';
import type { Clock } from './context.ts';
import { UserError } from './user-error.ts';

const PAUSE_MS = 50;
/** From file systems that know no hard links. */
const NO_LINKS = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'];
/** In place of the number of a process that has made the lock and is about to write its number into it. */
const WRITING = 0;

/** The lock is in the hands of a process that lives. */
export class LockHeld extends UserError {}

export interface Lock {
  path: string;
  /** What it keeps others from, as a sentence about them goes on: `is changing the skills in …`. */
  doing: string;
  clock: Clock;
  /** How long to wait for another process. */
  waitMs: number;
  /** Called once, when it begins to wait for that process. */
  onWait?: (holder: number) => void;
}

/**
 * Runs `action` while no other process holds the lock. A lock that a killed process left is taken over.
 *
 * @throws LockHeld when a living process keeps it for longer than `waitMs`
 */
export async function withLock<T>(lock: Lock, action: () => Promise<T>): Promise<T> {
  let waitedMs = 0;
  for (let holder = await take(lock.path); holder !== undefined; holder = await take(lock.path)) {
    if (waitedMs >= lock.waitMs) {
      throw new LockHeld(
        `Another command${holder === WRITING ? '' : ` (process ${holder})`} ${lock.doing}.`,
        `Wait for it to end. If there is none, remove ${lock.path}.`,
      );
    }
    if (waitedMs === 0) lock.onWait?.(holder);
    await lock.clock.sleep(PAUSE_MS);
    waitedMs += PAUSE_MS;
  }
  try {
    return await action();
  } finally {
    await rm(lock.path, { force: true });
  }
}

/** @returns who holds it, when that is not us now */
async function take(path: string): Promise<number | undefined> {
  if (await create(path)) return undefined;
  const text = await readIfThere(path);
  if (text === '') return WRITING;
  if (text !== undefined && isAlive(Number(text))) return Number(text);
  if (text !== undefined) await removeDead(path, text);
  return (await create(path)) ? undefined : Number((await readIfThere(path)) ?? WRITING);
}

/** Makes the lock with the number in it at once, so that a process killed meanwhile leaves no empty one. */
async function create(path: string): Promise<boolean> {
  const draft = `${path}.${process.pid}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(draft, String(process.pid), { flag: 'wx' });
    await link(draft, path);
    return true;
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (code === 'EEXIST') return false;
    if (NO_LINKS.includes(code)) return createInTwoSteps(path);
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function createInTwoSteps(path: string): Promise<boolean> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Several may find the same dead lock: whoever moves away what another one has just made puts it back. */
async function removeDead(path: string, dead: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) === dead) await rm(aside, { force: true });
  else await rename(aside, path);
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether there is such a process. */
export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
