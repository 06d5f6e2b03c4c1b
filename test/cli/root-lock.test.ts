import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
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

test('a lock with the number of this process, which a dead namesake left, is taken over', async () => {
  const lock = await lockIn();
  await writeFile(lock.path, String(process.pid));
  expect(await withLock(lock, async () => 'done')).toBe('done');
  expect(await readdir(dirname(lock.path))).toEqual([]);
});

test('a lock that this process does hold is waited for', async () => {
  let end = () => {};
  const lock = await lockIn(async () => {
    end();
    await setTimeout(5);
  });
  const order: string[] = [];
  const first = withLock(lock, async () => {
    await new Promise<void>((done) => {
      end = done;
    });
    order.push('first');
  });
  const second = withLock(lock, async () => order.push('second'));
  await Promise.all([first, second]);
  expect(order).toEqual(['first', 'second']);
  expect(['SIGINT', 'SIGTERM'].map((signal) => process.listeners(signal as 'SIGINT').map(({ name }) => name))).toEqual([
    expect.not.arrayContaining(['endBySignal']),
    expect.not.arrayContaining(['endBySignal']),
  ]);
});

const HOLDER = `
  const [, path, listens] = process.argv;
  const { withLock } = await import(${JSON.stringify(new URL('../../cli/root-lock.ts', import.meta.url).href)});
  if (listens === 'true') process.on('SIGINT', () => process.exit(130));
  const clock = { now: () => 0, sleep: async () => {} };
  await withLock({ path, doing: 'is at work', clock, waitMs: 0 }, async () => {
    process.stdout.write('held');
    await new Promise((done) => setTimeout(done, 60_000));
  });
`;

test.each([
  [false, null, 'SIGINT'],
  [true, 130, null],
])('Ctrl-C leaves no lock, also where the command listens (%s)', async (listens, code, signal) => {
  const { path } = await lockIn();
  const argv = ['--input-type=module', '--import', 'tsx', '-e', HOLDER, path, String(listens)];
  const holder = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void holder.kill('SIGKILL'));
  await once(holder.stdout, 'data');
  expect(await readFile(path, 'utf8')).toBe(String(holder.pid));
  holder.kill('SIGINT');
  expect(await once(holder, 'exit')).toEqual([code, signal]);
  expect(await readdir(dirname(path))).toEqual([]);
});
