import { realpathSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Hex } from '../../src/format/digest.ts';
import type { CliContext } from '../context.ts';
import { homePath } from '../home.ts';
import { LockHeld, withLock } from '../root-lock.ts';
import type { Scope } from './scope.ts';
import { exists, recover } from './transaction.ts';

/** An install may have to fetch some megabytes. */
const WAIT_MS = 60_000;

type LockContext = Pick<CliContext, 'env' | 'home' | 'clock'>;

/** How a scope is changed by one process at a time. Both files are the user's: what comes with a project cannot feign them. */
interface Guard {
  folder: string;
  lock: string;
  journal: string;
}

/** Is told lines for people. */
type Note = (line: string) => void;

/**
 * Runs `action` while no other command of this user changes the scope, after what a killed one left is put right.
 *
 * @param action is given the path of the journal for `change`
 * @throws LockHeld when another one does so for longer than a minute
 */
export async function withScope<T>(
  context: LockContext,
  scope: Scope,
  action: (journal: string) => Promise<T>,
  note: Note = () => undefined,
): Promise<T> {
  return guarded(context, scope, { waitMs: WAIT_MS, note }, action);
}

/** Puts right what a killed command left, unless there is nothing, or another command is at work. */
export async function settle(context: LockContext, scope: Scope): Promise<void> {
  if (!(await exists((await guardOf(context, scope)).journal))) return;
  try {
    await guarded(context, scope, { waitMs: 0, note: () => undefined }, async () => undefined);
  } catch (error) {
    if (!(error instanceof LockHeld)) throw error;
  }
}

async function guarded<T>(
  context: LockContext,
  scope: Scope,
  { waitMs, note }: { waitMs: number; note: Note },
  action: (journal: string) => Promise<T>,
): Promise<T> {
  const { folder, lock, journal } = await guardOf(context, scope);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const doing = `is changing the skills in ${scope.root}`;
  const onWait = (holder: number) => {
    const who = holder === 0 ? '' : ` (process ${holder})`;
    note(`note: waiting for another command${who}, which ${doing}.`);
  };
  return withLock({ path: lock, doing, clock: context.clock, waitMs, onWait }, async () => {
    await recover(journal);
    return action(journal);
  });
}

async function guardOf(context: LockContext, { kind, root }: Scope): Promise<Guard> {
  const folder = join(homePath(context), '.locks');
  const name =
    kind === 'global' ? 'user' : (await sha256Hex(new TextEncoder().encode(realpathSync(root)))).slice(0, 32);
  return { folder, lock: join(folder, `${name}.lock`), journal: join(folder, `${name}.json`) };
}
