import { chmod, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFolder, readInstalled } from '../../cli/folder.ts';
import { UserError } from '../../cli/user-error.ts';
import { DEFAULT_LIMITS } from '../../src/format/limits.ts';
import { writeFiles, writeSkill } from './files.ts';
import { newSession } from './terminal-session.ts';

const folder = async () => (await newSession()).cwd;

async function failure(promise: Promise<unknown>): Promise<UserError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof UserError) return error;
  throw new Error(`expected a UserError, got ${String(error)}`);
}

describe('readFolder', () => {
  it('reads files sorted by path, with their executable bit', async () => {
    const path = await folder();
    await writeSkill(path, { files: { 'scripts/run.sh': 'echo hi\n', 'references/a.md': '# A\n', 'Z.md': 'z' } });
    const { files } = await readFolder(path);
    expect(files.map((file) => [file.path, file.executable])).toEqual([
      ['SKILL.md', false],
      ['Z.md', false],
      ['references/a.md', false],
      ['scripts/run.sh', true],
    ]);
  });

  it('leaves out what belongs to git, npm, editors and earlier packs, but keeps .skill/', async () => {
    const path = await folder();
    await writeSkill(path);
    await writeFiles(path, {
      '.git/config': '',
      'node_modules/x/index.js': '',
      'scripts/node_modules/y.js': '',
      '.DS_Store': '',
      'assets/.DS_Store': '',
      '.env': 'SECRET=1',
      'assets/.hidden': '',
      'pdf-tools-1.0.0.skill': '',
      '.skill/skill.yaml': 'name: x',
      '.skill/.keep': '',
    });
    const { files } = await readFolder(path);
    expect(files.map((file) => file.path)).toEqual(['.skill/.keep', '.skill/skill.yaml', 'SKILL.md']);
  });

  it('refuses a symlink and names it', async () => {
    const path = await folder();
    await writeSkill(path);
    await symlink('/etc/passwd', join(path, 'notes.md'));
    const error = await failure(readFolder(path));
    expect(error.message).toBe(`${join(path, 'notes.md')} is a symlink; a skill holds regular files only.`);
    expect(error.fix).toBe('Replace notes.md by a copy of the file, or remove it.');
  });

  it('refuses a symlink to a folder as well', async () => {
    const path = await folder();
    await writeSkill(path);
    await symlink('/etc', join(path, 'assets'));
    expect((await failure(readFolder(path))).message).toContain('assets is a symlink');
  });

  it.each([
    ['a file', { maxFileBytes: 500 }, 'big.md has 501 bytes; the limit is 500.'],
    ['the whole', { maxUnpackedBytes: 600 }, 'more than 600 bytes.'],
    ['the number of files', { maxFiles: 1 }, 'holds more than 1 files.'],
  ])('holds the limit of %s before it reads', async (_what, limits, message) => {
    const path = await folder();
    await writeSkill(path);
    await writeFiles(path, { 'big.md': 'x'.repeat(501) });
    await chmod(join(path, 'big.md'), 0o000);
    const error = await failure(readFolder(path, { ...DEFAULT_LIMITS, ...limits }));
    expect(error.message).toContain(message);
    expect(error.fix).toBe('Remove files from the skill, or split it into several skills.');
  });

  it('says when there is no SKILL.md, no such folder, or no folder', async () => {
    const path = await folder();
    await writeFiles(path, { 'README.md': 'x' });
    expect((await failure(readFolder(path))).message).toBe(`${path} has no SKILL.md.`);
    expect((await failure(readFolder(join(path, 'no')))).message).toBe(`${join(path, 'no')} does not exist.`);
    expect((await failure(readFolder(join(path, 'README.md')))).message).toBe(
      `${join(path, 'README.md')} is not a folder.`,
    );
  });

  it('says that there is no SKILL.md before anything about the files', async () => {
    const path = await folder();
    await symlink('/etc/passwd', join(path, 'link.md'));
    await expect(readFolder(path)).rejects.toThrow(`${path} has no SKILL.md.`);
  });

  it('does not take the skill of a sub-folder for its own', async () => {
    const path = await folder();
    await writeSkill(join(path, 'inner'));
    expect((await failure(readFolder(path))).message).toBe(`${path} has no SKILL.md.`);
  });
});

describe('readInstalled', () => {
  it('sees what readFolder leaves out', async () => {
    const path = await folder();
    await writeFiles(path, { 'SKILL.md': 'x', '.hidden/evil.sh': 'x', 'node_modules/e.js': 'x', '.DS_Store': '' });
    await mkdir(join(path, 'empty'));
    expect((await readInstalled(path)).files.map((file) => file.path)).toEqual([
      '.hidden/evil.sh',
      'SKILL.md',
      'node_modules/e.js',
    ]);
  });
});
