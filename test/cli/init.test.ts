import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tree, writeFiles } from './files.ts';
import { newSession } from './terminal-session.ts';

const TERMINAL = { stdin: true, stdout: false, stderr: false };
const DESCRIPTION = 'Reads PDF files: use it when somebody asks for "forms" #1.';

describe('skills init', () => {
  it('asks on a terminal, and writes a skill that passes without warnings', async () => {
    const session = await newSession({ terminal: TERMINAL, input: [`${DESCRIPTION}\n`, 'MIT\n'] });
    const { code, stdout, stderr } = await session.run('init', 'skills/pdf-tools');
    expect([code, stdout, stderr]).toEqual([
      0,
      'wrote skills/pdf-tools/SKILL.md\nNow write what the agent is to do, and check it: skills validate skills/pdf-tools\n',
      'Description (what it does, and when to use it): Licence, such as MIT (none): ',
    ]);
    expect(await session.json('validate', '--strict', 'skills/pdf-tools')).toMatchObject({
      code: 0,
      document: { skills: [{ name: 'pdf-tools', version: '1.0.0', findings: [], verdict: 'clean' }] },
    });
    expect(await readFile(join(session.cwd, 'skills/pdf-tools/SKILL.md'), 'utf8')).toMatch(
      /^---\nname: pdf-tools\ndescription: .*\nlicense: MIT\nmetadata:\n {2}version: "1\.0\.0"\n---\n\n# Pdf tools\n/,
    );
    expect(await session.json('pack', 'skills/pdf-tools', '--dry-run')).toMatchObject({ code: 0 });
  });

  it('keeps what was answered, whatever YAML makes of it', async () => {
    const session = await newSession({ terminal: TERMINAL, input: [`${DESCRIPTION}\n`, '\n'] });
    await session.run('init', 'pdf-tools');
    const { parse } = await import('yaml');
    const text = await readFile(join(session.cwd, 'pdf-tools/SKILL.md'), 'utf8');
    expect(parse(text.split('---\n')[1] ?? '')).toEqual({
      name: 'pdf-tools',
      description: DESCRIPTION,
      metadata: { version: '1.0.0' },
    });
  });

  it('asks nothing with --yes, and writes all kinds of files', async () => {
    const session = await newSession();
    const folder = join(session.cwd, 'csv-tools');
    const { code, document } = await session.json('init', 'csv-tools', '-y', '--yaml', '--references');
    const files = ['SKILL.md', 'skill.yaml', 'references/details.md'];
    expect([code, document]).toEqual([0, { name: 'csv-tools', version: '1.0.0', folder, files }]);
    expect(await tree(folder)).toEqual(['SKILL.md', 'references', 'references/details.md', 'skill.yaml']);
    expect(await session.json('validate')).toMatchObject({
      code: 0,
      document: {
        valid: true,
        warnings: 1,
        skills: [{ findings: [{ rule: 'placeholder-description', file: 'SKILL.md' }] }],
      },
    });
  });

  it('needs no terminal when the description is given', async () => {
    const session = await newSession();
    expect((await session.run('init', 'csv-tools', '--description', DESCRIPTION)).code).toBe(0);
    expect(await session.json('init', 'other-tools')).toMatchObject({
      code: 2,
      document: { error: { code: 'usage', fix: 'Give --description, or --yes.' } },
    });
    expect(await tree(join(session.cwd, 'other-tools'))).toEqual([]);
  });

  it('takes the folder that one is in, with what lies there', async () => {
    const cwd = join((await newSession()).cwd, 'pdf-tools');
    await writeFiles(cwd, { 'notes.md': 'mine' });
    const session = await newSession({ cwd });
    expect((await session.run('init', '--yes')).stdout).toBe(
      'wrote SKILL.md\nNow write what the agent is to do, and check it: skills validate\n',
    );
    expect(await tree(cwd)).toEqual(['SKILL.md', 'notes.md']);
  });

  it.each(['SKILL.md', 'skill.md', 'skill.yaml', 'references/details.md'])('never overwrites %s', async (file) => {
    const session = await newSession();
    const folder = join(session.cwd, 'pdf-tools');
    await writeFiles(folder, { [file]: 'mine' });
    const before = await tree(folder);
    expect(await session.json('init', 'pdf-tools', '--yes', '--yaml', '--references')).toEqual({
      code: 2,
      document: {
        error: {
          code: 'usage',
          message: `${join(folder, file)} is there already; nothing was written.`,
          fix: 'Name another folder, or move it away.',
        },
      },
      stderr: '',
    });
    expect(await readFile(join(folder, file), 'utf8')).toBe('mine');
    expect(await tree(folder)).toEqual(before);
  });

  it('proposes a name where the folder has none that a skill can have', async () => {
    const session = await newSession();
    await mkdir(join(session.cwd, 'My Skills'));
    expect(await session.run('init', 'My Skills', '--yes')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/must be lower case\.\nfix: Use another one: skills init my-skills\n$/),
    });
    expect(await session.run('init', '技能', '--yes')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/\nfix: Use another one: skills init my-skill\n$/),
    });
  });

  it('refuses a description that a registry would refuse, before it writes', async () => {
    const session = await newSession();
    expect(await session.json('init', 'pdf-tools', '--description', 'PDF.', '--yes')).toMatchObject({
      code: 2,
      document: {
        error: { message: 'Nothing was written: description is too short (minimum 20 characters).' },
      },
    });
    expect(await tree(session.cwd)).toEqual([]);
  });

  it('says when the folder is a file', async () => {
    const session = await newSession();
    await writeFiles(session.cwd, { 'pdf-tools': 'x' });
    expect(await session.json('init', 'pdf-tools', '--yes')).toMatchObject({
      code: 2,
      document: { error: { message: `${join(session.cwd, 'pdf-tools')} is not a folder.` } },
    });
  });
});
