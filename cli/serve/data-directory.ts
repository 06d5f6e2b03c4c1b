import { readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import { errorCode } from '../atomic-file.ts';
import { UserError } from '../user-error.ts';
import { makeFolder } from './make-folder.ts';
import { processIdentity } from './process-identity.ts';

const processSchema = z.object({ pid: z.number().int(), identity: z.string() });
const lockSchema = z.object({ host: processSchema, workerd: processSchema.optional() });
type Lock = z.infer<typeof lockSchema>;

/** How long an orphaned workerd may take to go after SIGKILL. */
const REAP_DEADLINE_MS = 5_000;

export interface DataDirectory {
  path: string;
  /** True when nothing was here before. */
  fresh: boolean;
  /** Remembers the workerd that serves this directory, so that a later start can end it should this process be killed. */
  noteWorkerd(pid: number): void;
  release(): void;
}

/**
 * Takes a data directory for this process alone, making it (mode 0700) when it is not there. A lock that a killed
 * process left behind is taken over, and the workerd that it left running is ended first.
 *
 * @throws UserError when a living process holds the directory, or when it cannot be made or written into
 */
export async function openDataDirectory(directory: string): Promise<DataDirectory> {
  const path = resolve(directory);
  const fresh = makeFolder(path);
  const lockFile = join(path, 'lock.json');
  const host = { pid: process.pid, identity: processIdentity(process.pid) ?? '' };
  try {
    await takeLock(path, lockFile, JSON.stringify({ host }));
  } catch (cause) {
    const code = errorCode(cause);
    if (cause instanceof UserError || code === undefined) throw cause;
    const fix = 'Check who may write into its folder, or choose another folder with --data or HUB_DATA.';
    throw new UserError(`The lock ${lockFile} cannot be taken (${code}).`, fix, 1, { cause });
  }
  return {
    path,
    fresh,
    noteWorkerd(pid) {
      const identity = processIdentity(pid);
      if (identity === undefined) return;
      writeFileSync(`${lockFile}.new`, JSON.stringify({ host, workerd: { pid, identity } }), { mode: 0o600 });
      renameSync(`${lockFile}.new`, lockFile);
    },
    release() {
      rmSync(lockFile, { force: true });
      if (fresh) removeIfEmpty(path);
    },
  };
}

/** A start that failed before there was anything to keep leaves no folder behind. */
function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes(errorCode(error) ?? '')) throw error;
  }
}

async function takeLock(path: string, lockFile: string, content: string): Promise<void> {
  try {
    writeFileSync(lockFile, content, { flag: 'wx', mode: 0o600 });
    return;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const lock = readLock(lockFile);
  if (lock && processIdentity(lock.host.pid) === lock.host.identity) {
    throw new UserError(
      `${path} is in use by the hub with process id ${lock.host.pid}.`,
      'Stop it first, or choose another directory with --data.',
    );
  }
  if (lock?.workerd) await endOrphan(lock.workerd);
  removeStale(lockFile, lock);
  await takeLock(path, lockFile, content);
}

/** Moves the stale lock away; when another start was quicker and the lock is its fresh one, puts it back. */
function removeStale(lockFile: string, stale: Lock | undefined): void {
  const aside = `${lockFile}.${process.pid}`;
  try {
    renameSync(lockFile, aside);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  const moved = readLock(aside);
  if (moved?.host.identity === stale?.host.identity && moved?.host.pid === stale?.host.pid) rmSync(aside);
  else renameSync(aside, lockFile);
}

/** Nothing when the file was cut short by the crash that left it. */
function readLock(lockFile: string): Lock | undefined {
  try {
    return lockSchema.parse(JSON.parse(readFileSync(lockFile, 'utf8')));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return undefined;
    throw error;
  }
}

async function endOrphan({ pid, identity }: z.infer<typeof processSchema>): Promise<void> {
  if (processIdentity(pid) !== identity) return;
  process.kill(pid, 'SIGKILL');
  const deadline = Date.now() + REAP_DEADLINE_MS;
  while (processIdentity(pid) === identity) {
    if (Date.now() > deadline)
      throw new UserError(
        `The server process ${pid} of an earlier hub does not end.`,
        `End it by hand: kill -9 ${pid}`,
      );
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
