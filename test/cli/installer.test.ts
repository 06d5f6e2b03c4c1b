import { chmod, lstat, mkdir, readFile, readlink, realpath, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSituation } from '../../cli/install/situation.ts';
import { install, type Target, type WantedSkill } from '../../cli/installer.ts';
import { withScope } from '../../cli/project/exclusive.ts';
import { readInstalledSkills } from '../../cli/project/installed.ts';
import { readRecords } from '../../cli/project/lock-file.ts';
import type { InstallRecord } from '../../cli/project/record.ts';
import { projectScope } from '../../cli/project/scope.ts';
import { type FileSteps, fileSteps } from '../../cli/project/steps.ts';
import { treeDigest } from '../../src/format/digest.ts';
import { skill } from '../support/skills.ts';
import { tree, writeFiles } from './files.ts';
import { SETTLED } from './killed-install.ts';
import { newSession } from './terminal-session.ts';

async function wanted(version: string, change: Partial<InstallRecord> = {}): Promise<WantedSkill> {
  const name = change.name ?? 'pdf-tools';
  const bundle = skill({ name, version, files: { 'scripts/run.sh': version } });
  const record = {
    namespace: 'acme',
    name,
    version,
    registry: 'https://one.example',
    sha256: 'a'.repeat(64),
    treeDigest: await treeDigest(bundle),
    keyId: 'k',
    ...change,
  };
  return { record, bundle };
}

/** A project in which skills can be installed, with steps that fail if a test wants so. */
async function project() {
  const { cwd, home } = await newSession();
  const clock = { now: () => 0, sleep: async () => undefined };
  const context = { cwd, home, env: {}, clock };
  const scope = projectScope(cwd);
  const run = async (after: WantedSkill[], steps?: Partial<FileSteps>, manifest?: string) =>
    withScope(context, scope, async (journal) => {
      const { records: before, onDisk } = await readSituation(scope);
      const target: Target = { scope, before, onDisk, after, ...(manifest ? { manifest } : {}) };
      await install(context, journal, target, { ...fileSteps, ...steps });
    });
  const version = () => readFile(join(cwd, '.agents/skills/pdf-tools/scripts/run.sh'), 'utf8');
  const locked = async () => (await readRecords(scope)).get('@acme/pdf-tools')?.version;
  return { cwd, home, context, scope, run, version, locked };
}

const LINKED = ['.claude', '.claude/skills', '.claude/skills/pdf-tools', ...SETTLED].sort();
const FULL = 'The disk is full; everything is as it was before: disk full';
const full = () => Promise.reject(Object.assign(new Error('disk full'), { code: 'ENOSPC' }));

describe('install', () => {
  it('writes files with their modes, and a sorted record', async () => {
    const { cwd, scope, run } = await project();
    await run([await wanted('1.0.0'), await wanted('2.0.0', { name: 'a-skill' })]);
    expect((await stat(join(cwd, '.agents/skills/pdf-tools/scripts/run.sh'))).mode & 0o111).toBe(0o111);
    expect((await stat(join(cwd, '.agents/skills/pdf-tools/SKILL.md'))).mode & 0o111).toBe(0);
    expect([...(await readRecords(scope)).keys()]).toEqual(['@acme/a-skill', '@acme/pdf-tools']);
    const text = await readFile(scope.recordsPath, 'utf8');
    await run([await wanted('2.0.0', { name: 'a-skill' }), await wanted('1.0.0')]);
    expect(await readFile(scope.recordsPath, 'utf8')).toBe(text);
  });

  it('replaces a version as a whole', async () => {
    const { cwd, run, version, locked } = await project();
    await run([await wanted('1.0.0')]);
    await writeFiles(cwd, { '.agents/skills/pdf-tools/left-over.md': 'x' });
    await run([await wanted('1.1.0')]);
    expect([await tree(cwd), await version(), await locked()]).toEqual([SETTLED, '1.1.0', '1.1.0']);
  });

  const steps: [string, () => Partial<FileSteps>][] = [
    ['a file cannot be written', () => ({ writeFile: full })],
    ['a folder cannot be made', () => ({ mkdir: full })],
    ['the last file cannot be written', () => ({ writeFile: failAt(4, fileSteps.writeFile) })],
    ['a link cannot be made', () => ({ symlink: full })],
    ...[1, 2, 3, 4, 5, 6].map((at): [string, () => Partial<FileSteps>] => [
      `move ${at} fails`,
      () => ({ rename: failAt(at, rename) }),
    ]),
  ];

  it.each(steps)('leaves the old version whole when %s', async (_what, failing) => {
    const { cwd, run, version, locked } = await project();
    await run([await wanted('1.0.0')]);
    const next = [await wanted('1.1.0', { agents: ['claude-code'] })];
    await expect(run(next, failing(), '{}')).rejects.toMatchObject({ code: 'disk_full', message: FULL });
    expect([await tree(cwd), await version(), await locked()]).toEqual([SETTLED, '1.0.0', '1.0.0']);
  });

  it.each<[string, Partial<FileSteps>]>([
    ['there is no room for them', { copyFile: full }],
    ['what comes instead cannot be moved there', { rename: failAt(2, rename) }],
  ])('leaves files that were changed by hand where they are when %s', async (_what, failing) => {
    const { cwd, home, run, version } = await project();
    await run([await wanted('1.0.0')]);
    await writeFiles(cwd, { '.agents/skills/pdf-tools/scripts/run.sh': 'mine' });
    await expect(run([await wanted('1.1.0')], failing)).rejects.toMatchObject({ code: 'disk_full', message: FULL });
    expect([await tree(cwd), await version(), await tree(join(home, '.skills/changed'))]).toEqual([
      SETTLED,
      'mine',
      [],
    ]);
    await run([await wanted('1.1.0')]);
    expect((await tree(join(home, '.skills/changed'))).at(-1)).toMatch(
      /^pdf-tools-1\.0\.0-[0-9a-f]{8}\/scripts\/run.sh$/,
    );
  });

  it('leaves nothing when the first install fails, not even folders', async () => {
    const { cwd, run } = await project();
    const first = [await wanted('1.0.0', { agents: ['claude-code'] })];
    for (const failing of [{ writeFile: full }, { rename: failAt(3, rename) }]) {
      await expect(run(first, failing)).rejects.toMatchObject({ code: 'disk_full', message: FULL });
      expect(await tree(cwd)).toEqual([]);
    }
  });

  it('never overwrites a folder that it did not make, unless its files are the same', async () => {
    const { cwd, run } = await project();
    await writeFiles(cwd, { '.agents/skills/pdf-tools/mine.md': 'x' });
    const path = join(cwd, '.agents/skills/pdf-tools');
    await expect(run([await wanted('1.0.0')])).rejects.toMatchObject({
      code: 'conflict',
      message: `${path} exists, but was not installed by this program.`,
      fix: 'Move it away, then install again.',
    });
    expect(await tree(path)).toEqual(['mine.md']);
    const other = await project();
    await other.run([await wanted('1.0.0')]);
    await rename(other.scope.recordsPath, `${other.scope.recordsPath}.lost`);
    await other.run([await wanted('1.0.0')]);
    expect(await other.locked()).toBe('1.0.0');
  });

  it('refuses two skills of one name', async () => {
    const { cwd, run } = await project();
    const twins = [await wanted('1.0.0'), await wanted('1.0.0', { namespace: 'other' })];
    const message = "@acme/pdf-tools@1.0.0 and @other/pdf-tools@1.0.0 would both be installed as 'pdf-tools'.";
    await expect(run(twins)).rejects.toMatchObject({ code: 'conflict', message });
    expect(await tree(cwd)).toEqual([]);
  });

  it('takes a damaged record for what it is', async () => {
    const { cwd, context } = await project();
    for (const text of [
      '{"skills":',
      '{"lockfileVersion":2,"skills":{}}',
      lockOf('../evil'),
      lockOf('@acme/x'),
      ...OTHERS,
    ]) {
      await writeFiles(cwd, { 'skills.lock': text });
      await expect(readInstalledSkills(context, false)).rejects.toMatchObject({
        code: 'invalid_lock',
        message: `${join(cwd, 'skills.lock')} is damaged.`,
      });
    }
  });

  it.each<[string, (path: string) => Promise<void>]>([
    ['a file', (path) => writeFile(path, 'x')],
    ['a link that leads nowhere', (path) => symlink('/nowhere/at/all', path)],
  ])('does not write where %s is in the way of a folder', async (_what, make) => {
    const { cwd, run } = await project();
    await make(join(cwd, '.claude'));
    const message = `${join(cwd, '.claude')} is in the way: it is no folder.`;
    const first = [await wanted('1.0.0', { agents: ['claude-code'] })];
    await expect(run(first)).rejects.toMatchObject({ code: 'conflict', message });
    expect(await tree(cwd)).toEqual(['.claude']);
  });

  it('does not write through a link that leads out of the project', async () => {
    const { cwd, home, run } = await project();
    await mkdir(home, { recursive: true });
    await symlink(home, join(cwd, '.claude'));
    const first = [await wanted('1.0.0', { agents: ['claude-code'] })];
    await expect(run(first)).rejects.toMatchObject({ code: 'outside_project' });
    await symlink(home, join(cwd, '.agents'));
    await expect(run([await wanted('1.0.0')])).rejects.toMatchObject({ code: 'outside_project' });
    expect(await tree(join(home, 'skills'))).toEqual([]);
  });
});

describe("agents' links", () => {
  const agents = ['claude-code'];

  it('are relative, and go with the skill', async () => {
    const { cwd, run } = await project();
    await run([await wanted('1.0.0', { agents })]);
    expect(await tree(cwd)).toEqual(LINKED);
    expect(await readlink(join(cwd, '.claude/skills/pdf-tools'))).toBe('../../.agents/skills/pdf-tools');
    await run([await wanted('1.1.0', { agents })]);
    expect(await tree(cwd)).toEqual(LINKED);
    await run([]);
    expect(await tree(join(cwd, '.claude'))).toEqual(['skills']);
    expect(await tree(join(cwd, '.agents'))).toEqual(['skills']);
  });

  it('are copies where there are no links, and these follow the skill', async () => {
    const { cwd, run } = await project();
    const copy = join(cwd, '.claude/skills/pdf-tools');
    const noLinks = { symlink: async () => Promise.reject(Object.assign(new Error('no'), { code: 'EPERM' })) };
    await run([await wanted('1.0.0', { agents })], noLinks);
    expect((await lstat(copy)).isDirectory()).toBe(true);
    await run([await wanted('1.1.0', { agents })], noLinks);
    expect(await readFile(join(copy, 'scripts/run.sh'), 'utf8')).toBe('1.1.0');
    await run([]);
    expect(await tree(join(cwd, '.claude'))).toEqual(['skills']);
  });

  it('are copies where the user wants so, also of files that are there already', async () => {
    const { cwd, run } = await project();
    const copy = join(cwd, '.claude/skills/pdf-tools');
    const { record } = await wanted('1.0.0', { agents, copied: true });
    await run([await wanted('1.0.0', { agents })]);
    await run([{ record }]);
    expect((await lstat(copy)).isDirectory()).toBe(true);
    await chmod(join(copy, 'SKILL.md'), 0o600);
    await writeFile(join(copy, 'SKILL.md'), 'changed');
    await run([{ record }]);
    expect(await readFile(join(copy, 'SKILL.md'), 'utf8')).toContain('name: pdf-tools');
  });

  it.each<[string, (path: string) => Promise<unknown>]>([
    ['a folder', (path) => mkdir(path)],
    ['a file', (path) => writeFile(path, 'x')],
    ['a link to elsewhere', (path) => symlink('/tmp', path)],
    ['a link that leads nowhere', (path) => symlink('gone', path)],
  ])('never take the place of %s', async (_what, make) => {
    const { cwd, run } = await project();
    await mkdir(join(cwd, '.claude/skills'), { recursive: true });
    const path = join(cwd, '.claude/skills/pdf-tools');
    await make(path);
    const { ino } = await lstat(path);
    const attempt = run([await wanted('1.0.0', { agents })]);
    await expect(attempt).rejects.toMatchObject({
      code: 'conflict',
      message: `${path} exists, but was not installed by this program.`,
    });
    expect((await lstat(path)).ino).toBe(ino);
    expect(await tree(join(cwd, '.agents'))).toEqual([]);
  });

  it('are not needed where the folder of an agent is a link to the common one', async () => {
    const { cwd, run } = await project();
    await mkdir(join(cwd, '.agents/skills'), { recursive: true });
    await mkdir(join(cwd, '.claude'));
    await symlink('../.agents/skills', join(cwd, '.claude/skills'));
    await run([await wanted('1.0.0', { agents })]);
    expect((await lstat(join(cwd, '.agents/skills/pdf-tools'))).isDirectory()).toBe(true);
    expect(await realpath(join(cwd, '.claude/skills/pdf-tools'))).toBe(
      await realpath(join(cwd, '.agents/skills/pdf-tools')),
    );
  });
});

function lockOf(key: string, change: object = {}): string {
  const entry = { version: '1.0.0', sha256: 'a'.repeat(64), treeDigest: 'b'.repeat(64), ...change };
  return JSON.stringify({ lockfileVersion: 1, skills: { [key]: entry } });
}

const OTHERS = [
  ...[
    'file:///etc',
    'hub',
    'https://me:secret@one.example',
    'https://one.example/',
    'https://ONE.example',
    'https://one.example/v1',
    'https://one.example?a',
  ].map((registry) => lockOf('@acme/x', { registry, keyId: 'k' })),
  lockOf('x', { source: '@acme/x' }),
  lockOf('@acme/x', { registry: 'https://one.example', keyId: 'k', version: '../../x' }),
];

/** Lets calls pass until the given one, which finds the disk full. */
function failAt<A extends unknown[], R>(which: number, step: (...args: A) => Promise<R>): (...args: A) => Promise<R> {
  let calls = 0;
  return async (...args) => (++calls === which ? full() : step(...args));
}
