import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { mkdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Skill, SkillFileError } from '../../cli/loader/index.ts';
import { writeFiles } from '../cli/files.ts';
import { newMachine, skillMd } from './machine.ts';

let skill: Skill;
let folder: string;
let home: string;

beforeEach(async () => {
  const machine = await newMachine();
  home = machine.home;
  folder = machine.bad;
  await writeFiles(folder, {
    'SKILL.md': skillMd('bad'),
    'scripts/run.sh': 'echo hi\n',
    'scripts/.DS_Store': '',
    '.skill/openai.json': '{}',
    'assets/logo.png': new Uint8Array([137, 80, 78, 71, 0, 255]),
  });
  await writeFiles(home, { 'secret.txt': 'secret' });
  await writeFiles(`${folder}-beside`, { 'secret.txt': 'secret' });
  await symlink('run.sh', join(folder, 'scripts/link.sh'));
  await symlink(join(home, 'secret.txt'), join(folder, 'stolen.txt'));
  await symlink(`${folder}-beside`, join(folder, 'beside'));
  const found = (await machine.load()).get('bad');
  if (found === undefined) throw new Error('not loaded');
  skill = found;
});

describe('a loaded skill', () => {
  it('gives its body on demand, as it is then', async () => {
    expect(await skill.body()).toBe('\n# bad\n');
    await writeFiles(folder, { 'SKILL.md': '---\nname: bad\n---\nNew.' });
    expect(await skill.body()).toBe('New.');
    await writeFiles(folder, { 'SKILL.md': 'New.' });
    await expect(skill.body()).rejects.toThrow("'SKILL.md' has no frontmatter any more");
    await rm(join(folder, 'SKILL.md'));
    await expect(skill.body()).rejects.toMatchObject({ name: 'SkillFileError', code: 'not_found', path: 'SKILL.md' });
  });

  it('lists its files, and no links that lead out', async () => {
    expect(await skill.files()).toEqual([
      { path: '.skill/openai.json', size: 2 },
      { path: 'SKILL.md', size: skillMd('bad').length },
      { path: 'assets/logo.png', size: 6 },
      { path: 'scripts/link.sh', size: 8 },
      { path: 'scripts/run.sh', size: 8 },
    ]);
    await rm(folder, { recursive: true });
    await expect(skill.files()).rejects.toMatchObject({ code: 'not_found' });
  });

  it('gives the bytes of a file, or its text', async () => {
    expect(await skill.read('assets/logo.png')).toEqual(Buffer.from([137, 80, 78, 71, 0, 255]));
    expect(await skill.readText('scripts/link.sh')).toBe('echo hi\n');
  });

  it.each([
    ['../../../x', 'invalid_path'],
    ['scripts/../../bad-beside/secret.txt', 'invalid_path'],
    ['/etc/passwd', 'invalid_path'],
    ['C:/x', 'invalid_path'],
    ['scripts\\run.sh', 'invalid_path'],
    ['', 'invalid_path'],
    ['a\u0000b', 'invalid_path'],
    ['stolen.txt', 'outside'],
    ['beside/secret.txt', 'outside'],
    ['beside', 'outside'],
    ['nothing', 'not_found'],
    ['SKILL.md/x', 'not_found'],
    ['scripts', 'not_a_file'],
  ])('refuses to read %j', async (path, code) => {
    const error = await skill.read(path).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SkillFileError);
    expect(error).toMatchObject({ code, path });
  });

  it('waits for no pipe, and reads nothing without an end', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    await expect(skill.read('pipe')).rejects.toMatchObject({ code: 'not_a_file' });
    await writeFiles(folder, { 'big.bin': new Uint8Array(16 * 1024 * 1024 + 1) });
    await expect(skill.read('big.bin')).rejects.toMatchObject({ code: 'too_large' });
    expect((await skill.files()).map(({ path }) => path)).not.toContain('pipe');
  });

  it('says when it has too many files', async () => {
    await mkdir(join(folder, 'many'));
    for (let at = 0; at <= 10_000; at++) writeFileSync(join(folder, `many/${at}`), '');
    await expect(skill.files()).rejects.toMatchObject({ code: 'too_large' });
  });
});
