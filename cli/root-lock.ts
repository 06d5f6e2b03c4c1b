import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { errorCode } from './atomic-file.ts';
import type { Clock } from './context.ts';
import { UserError } from './user-error.ts';

const PAUSE_MS = 50;
/** From file systems that know no hard links. */
const NO_LINKS = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP'];
/** Ctrl-C, and what a supervisor sends. */
const ENDING = ['SIGINT', 'SIGTERM'] as const;
/** In place of the number of a process that has made the lock and is about to write its number into it. */
const WRITING = 0;
/** Paths of the locks that this process holds, or is about to take. Any other file with its number is of a dead namesake. */
const ours = new Set<string>();

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
    giveUp(lock.path);
  }
}

/** @returns who holds it, when that is not us now */
async function take(path: string): Promise<number | undefined> {
  if (ours.has(path)) return Number((await readIfThere(path)) || process.pid);
  claim(path);
  let holder: number | undefined = WRITING;
  try {
    holder = await takeFromOthers(path);
    return holder;
  } finally {
    if (holder !== undefined) giveUp(path);
  }
}

async function takeFromOthers(path: string): Promise<number | undefined> {
  if (await create(path)) return undefined;
  const text = await readIfThere(path);
  if (text === '') return WRITING;
  const holder = Number(text);
  if (text !== undefined && holder !== process.pid && isAlive(holder)) return holder;
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
  else await putBack(aside, path);
}

/** Never over the lock of a third one, who has come meanwhile. */
async function putBack(aside: string, path: string): Promise<void> {
  try {
    await link(aside, path);
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (NO_LINKS.includes(code)) return rename(aside, path);
    if (code !== 'EEXIST') throw error;
  }
  await rm(aside, { force: true });
}

function claim(path: string): void {
  if (ours.size === 0) {
    process.on('exit', leave);
    for (const signal of ENDING) process.on(signal, endBySignal);
  }
  ours.add(path);
}

function giveUp(path: string): void {
  ours.delete(path);
  if (ours.size > 0) return;
  process.off('exit', leave);
  for (const signal of ENDING) process.off(signal, endBySignal);
}

/** Removes the locks of this process when it ends with an action under way. */
function leave(): void {
  for (const path of ours) if (holds(path)) rmSync(path, { force: true });
}

function holds(path: string): boolean {
  try {
    return readFileSync(path, 'utf8') === String(process.pid);
  } catch {
    // It is not there, or cannot be read: whoever comes next finds that its process is gone.
    return false;
  }
}

/** Ends the process as the signal would have, unless somebody else listens: then that one decides. */
function endBySignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  leave();
  process.off(signal, endBySignal);
  process.kill(process.pid, signal);
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
