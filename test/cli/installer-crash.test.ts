import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { install } from '../../cli/installer.ts';
import { settle, withScope } from '../../cli/project/exclusive.ts';
import { readInstalledSkills } from '../../cli/project/installed.ts';
import { readRecords } from '../../cli/project/lock-file.ts';
import { projectScope } from '../../cli/project/scope.ts';
import { type FileSteps, fileSteps } from '../../cli/project/steps.ts';
import { recover } from '../../cli/project/transaction.ts';
import { tree } from './files.ts';
import { beforeOf, pdfTools, SETTLED } from './killed-install.ts';
import { newSession } from './terminal-session.ts';

const NEW = ['.claude', '.claude/skills', '.claude/skills/pdf-tools', ...SETTLED].sort();

async function project() {
  const { cwd, home } = await newSession();
  const slept: number[] = [];
  const clock = { now: () => 0, sleep: async (ms: number) => void slept.push(ms) };
  const context = { cwd, home, env: {}, clock };
  const scope = projectScope(cwd);
  const target = async (version: string, agents: string[] = []) => ({
    scope,
    ...(await beforeOf(scope)),
    after: [await pdfTools(version, agents)],
  });
  await withScope(context, scope, async (journal) => install(context, journal, await target('1.0.0')));
  const state = async () => ({
    tree: await tree(cwd),
    files: await readFile(join(cwd, '.agents/skills/pdf-tools/scripts/run.sh'), 'utf8'),
    locked: (await readRecords(scope)).get('@acme/pdf-tools')?.version,
  });
  return { cwd, home, context, scope, target, state, slept };
}

/** Steps of a process that ends before the given one: nothing of it ever goes on. */
function endBefore(which: number): { steps: FileSteps; ended: Promise<void>; taken: () => number } {
  let calls = 0;
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const guard =
    <A extends unknown[], R>(step: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> => {
      if (++calls < which) return step(...args);
      end();
      return new Promise<R>(() => undefined);
    };
  const { mkdir, writeFile, copyFile, symlink, rename, rm } = fileSteps;
  const steps = {
    mkdir: guard(mkdir),
    writeFile: guard(writeFile),
    copyFile: guard(copyFile),
    symlink: guard(symlink),
    rename: guard(rename),
    rm: guard(rm),
  };
  return { steps, ended, taken: () => calls };
}

describe('an install that is killed', () => {
  it('at any step is wholly there or wholly not, after the next command', async () => {
    const outcomes: string[] = [];
    for (let at = 1; ; at++) {
      const { context, target, state } = await project();
      const journal = join(context.home, 'journal.json');
      const { steps, ended, taken } = endBefore(at);
      const done = install(context, journal, await target('1.1.0', ['claude-code']), steps);
      const isKilled = await Promise.race([ended.then(() => true), done.then(() => false)]);
      if (!isKilled) {
        expect(taken()).toBe(at - 1);
        break;
      }
      await recover(journal);
      const { files, locked, tree: paths } = await state();
      expect([files, paths]).toEqual(locked === '1.1.0' ? ['1.1.0', NEW] : ['1.0.0', SETTLED]);
      outcomes.push(locked ?? 'none');
    }
    expect(outcomes.length).toBeGreaterThan(12);
    expect([...new Set(outcomes)]).toEqual(['1.0.0', '1.1.0']);
  });

  it('at any step loses nothing that was changed by hand', async () => {
    const outcomes: unknown[] = [];
    for (let at = 1; ; at++) {
      const { cwd, context, target, state } = await project();
      await writeFile(join(cwd, '.agents/skills/pdf-tools/scripts/run.sh'), 'mine');
      const journal = join(context.home, 'journal.json');
      const { steps, ended } = endBefore(at);
      const done = install(context, journal, await target('1.1.0'), steps);
      if (!(await Promise.race([ended.then(() => true), done.then(() => false)]))) break;
      await recover(journal);
      const folder = join(context.home, '.skills/changed');
      const kept = (await tree(folder)).filter((path) => path.endsWith('run.sh'));
      const texts = await Promise.all(kept.map((path) => readFile(join(folder, path), 'utf8')));
      outcomes.push([(await state()).files, texts]);
    }
    const [before, after] = [
      ['mine', []],
      ['1.1.0', ['mine']],
    ];
    const first = outcomes.findIndex((outcome) => JSON.stringify(outcome) === JSON.stringify(after));
    expect(first).toBeGreaterThan(12);
    expect(outcomes).toEqual(outcomes.map((_, at) => (at < first ? before : after)));
  });

  it('is put right also when that is killed', async () => {
    for (let at = 1; at <= 4; at++) {
      const { context, target, state } = await project();
      const journal = join(context.home, 'journal.json');
      const first = endBefore(12);
      void install(context, journal, await target('1.1.0', ['claude-code']), first.steps);
      await first.ended;
      const second = endBefore(at);
      void recover(journal, second.steps);
      await second.ended;
      await recover(journal);
      expect(await state()).toEqual({ tree: SETTLED, files: '1.0.0', locked: '1.0.0' });
    }
  });

  it('by the system leaves the old version, and its lock to the next command', async () => {
    const { cwd, home, context, state } = await project();
    const child = promisify(execFile)(process.execPath, [
      '--import',
      'tsx',
      resolve(import.meta.dirname, 'killed-install.ts'),
      cwd,
      home,
    ]);
    await expect(child).rejects.toMatchObject({ signal: 'SIGKILL' });
    expect((await tree(cwd)).filter((path) => path.includes('.old-'))).not.toEqual([]);
    await readInstalledSkills(context, false);
    expect(await state()).toEqual({ tree: SETTLED, files: '1.0.0', locked: '1.0.0' });
    expect(await tree(join(home, '.skills/.locks'))).toEqual([]);
  });
});

describe('two commands at a time', () => {
  it('work one after the other', async () => {
    const { context, scope } = await project();
    const order: string[] = [];
    const begun = Promise.withResolvers<void>();
    const first = withScope(context, scope, async () => {
      order.push('a begins');
      begun.resolve();
      await new Promise((done) => setImmediate(done));
      order.push('a ends');
    });
    await begun.promise;
    const waiting = {
      ...context,
      clock: { now: () => 0, sleep: () => new Promise<void>((done) => setImmediate(done)) },
    };
    const second = withScope(waiting, scope, async () => void order.push('b'));
    await Promise.all([first, second]);
    expect(order).toEqual(['a begins', 'a ends', 'b']);
  });

  it('wait for a minute, no longer, and reading does not wait at all', async () => {
    const { home, context, scope, slept } = await project();
    const name = await withScope(context, scope, async (journal) => journal.replace(/json$/, 'lock'));
    await writeFile(name, String(process.ppid));
    await expect(withScope(context, scope, async () => undefined)).rejects.toMatchObject({
      message: `Another command (process ${process.ppid}) is changing the skills in ${scope.root}.`,
      fix: `Wait for it to end. If there is none, remove ${name}.`,
    });
    expect(slept.reduce((sum, ms) => sum + ms, 0)).toBe(60_000);
    slept.length = 0;
    await writeFile(name.replace(/lock$/, 'json'), '{}');
    await settle(context, scope);
    expect([slept, await tree(join(home, '.skills/.locks'))]).toEqual([[], [expect.any(String), expect.any(String)]]);
  });

  it('take over from one that is dead, and tell of a journal that is damaged', async () => {
    const { context, scope } = await project();
    const name = await withScope(context, scope, async (journal) => journal.replace(/json$/, 'lock'));
    await writeFile(name, '4194999');
    expect(await withScope(context, scope, async () => 'done')).toBe('done');
    const journal = name.replace(/lock$/, 'json');
    await writeFile(journal, '{"id":"../../evil"}');
    await expect(withScope(context, scope, async () => 'done')).rejects.toMatchObject({
      message: `${journal} is damaged.`,
    });
  });
});
