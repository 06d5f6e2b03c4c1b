import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LockHeld, withLock } from '../../cli/root-lock.ts';

async function lockIn(sleep: () => Promise<void> = async () => undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'skills-lock-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return { path: join(folder, '.lock'), doing: 'is at work', clock: { now: () => 0, sleep }, waitMs: 200 };
}

test('a lock that its process is still writing is not taken over', async () => {
  const lock = await lockIn();
  await writeFile(lock.path, '');
  const failed = await withLock(lock, async () => 'done').catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(LockHeld);
  expect(failed).toMatchObject({ message: 'Another command is at work.' });
  expect(await readFile(lock.path, 'utf8')).toBe('');
});

test('a lock that goes away meanwhile is waited for', async () => {
  const lock = await lockIn(async () => rm(lock.path, { force: true }));
  await writeFile(lock.path, String(process.ppid));
  expect(await withLock(lock, async () => readFile(lock.path, 'utf8'))).toBe(String(process.pid));
  await expect(readFile(lock.path)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a lock of a process that is gone is taken over', async () => {
  const lock = await lockIn();
  await writeFile(lock.path, '4194999');
  expect(await withLock(lock, async () => 'done')).toBe('done');
});
