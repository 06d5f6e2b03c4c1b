import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { githubToken } from '../support/credentials.ts';
import { MALICIOUS, SUSPICIOUS } from '../support/harmful.ts';
import { tarGz } from '../support/skills.ts';
import { writeFiles, writeSkill } from './files.ts';
import { manySkills } from './many-skills.ts';
import { newSession } from './terminal-session.ts';

describe('skills validate', () => {
  it('passes a good skill, as a folder and as an archive', async () => {
    const session = await newSession();
    await writeSkill(join(session.cwd, 'pdf-tools'));
    await writeFile(join(session.cwd, 'a.skill'), await tarGz());
    expect(await session.run('validate', 'pdf-tools')).toEqual({
      code: 0,
      stdout: 'examination: clean (score 0; 40 and more is suspicious)\n✓ valid: pdf-tools (0 errors, 0 warnings)\n',
      stderr: '',
    });
    expect(await session.run('lint', 'a.skill')).toMatchObject({ code: 0 });
  });

  it('takes a SKILL.md for the folder that it lies in', async () => {
    const session = await newSession();
    await writeSkill(join(session.cwd, 'pdf-tools'));
    const { code, document } = await session.json('validate', 'pdf-tools/SKILL.md', 'pdf-tools');
    expect([code, document]).toEqual([
      0,
      expect.objectContaining({ skills: [expect.objectContaining({ path: 'pdf-tools', valid: true })] }),
    ]);
  });

  it('passes warnings, and names the place of errors', async () => {
    const session = await newSession();
    const folder = join(session.cwd, 'pdf-tools');
    await writeSkill(folder, { frontmatter: 'mood: sunny\n' });
    expect(await session.run('validate', 'pdf-tools')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('(0 errors, 1 warning)'),
    });
    const secret = githubToken();
    await writeFiles(folder, { 'scripts/a.py': `import os\n\nkey = "${secret}"\n` });
    const { code, stdout } = await session.run('validate', 'pdf-tools');
    expect(code).toBe(1);
    expect(stdout).toContain('pdf-tools/scripts/a.py:3: error: possible hardcoded secret found');
    expect(stdout).toContain('  fix: Remove it, revoke it');
    expect(stdout).not.toContain(secret);
    expect(await session.json('validate', 'pdf-tools')).toMatchObject({
      code: 1,
      document: {
        valid: false,
        errors: 1,
        warnings: 1,
        skills: [
          {
            path: 'pdf-tools',
            valid: false,
            name: 'pdf-tools',
            version: '1.0.0',
            files: 2,
            verdict: 'clean',
            findings: [{ severity: 'warning' }, { file: 'scripts/a.py', line: 3 }],
          },
        ],
      },
    });
  });

  it('examines the skill as a registry would, with evidence; warnings fail with --strict', async () => {
    const session = await newSession();
    await writeSkill(join(session.cwd, 'pdf-tools'), SUSPICIOUS);
    const { code, stdout } = await session.run('validate', 'pdf-tools');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^pdf-tools\/scripts\/setup\.sh:1: warning: looks like fetch and run .*\(fetch-and-run\.pipe-to-shell\)\n {2}found: curl .*\n {2}why: .*\n {2}fix: /,
    );
    expect(await session.json('validate', 'pdf-tools')).toMatchObject({
      code: 0,
      document: { valid: true, skills: [{ verdict: 'suspicious' }] },
    });
    expect((await session.run('validate', 'pdf-tools', '--strict')).code).toBe(1);
  });

  it('tells the verdict, and does not call harm simply valid', async () => {
    const session = await newSession({ env: { SKILLS_REGISTRY: 'https://hub.test' } });
    await writeSkill(join(session.cwd, 'pdf-tools'), MALICIOUS);
    const { document } = await session.json('validate', 'pdf-tools');
    const [{ score, verdict } = { score: 0, verdict: '' }] = (
      document as { skills: { score: number; verdict: string }[] }
    ).skills;
    expect([score >= 100, verdict]).toEqual([true, 'malicious']);
    const line = `examination: malicious (score ${score}; 100 and more is malicious); a registry would hold it back until a person has looked at it`;
    const { code, stdout } = await session.run('validate', 'pdf-tools');
    expect([code, ...stdout.trimEnd().split('\n').slice(-2)]).toEqual([
      0,
      line,
      expect.stringMatching(/^! valid, but malicious: pdf-tools \(0 errors, \d+ warnings\)$/),
    ]);
    const strict = await session.run('validate', 'pdf-tools', '--strict');
    expect([strict.code, strict.stdout]).toEqual([1, expect.stringContaining('✗ not valid: pdf-tools')]);
    const dry = await session.run('publish', 'pdf-tools', '--dry-run');
    expect([dry.code, dry.stdout]).toEqual([0, expect.stringContaining(`${line}\nwould send pdf-tools@1.0.0`)]);
  });

  it('warns of a version that is nowhere, and of a folder with another name', async () => {
    const session = await newSession();
    await writeSkill(join(session.cwd, 'pdf'), { version: null });
    const { code, stdout } = await session.run('validate', 'pdf');
    expect([code, stdout]).toEqual([
      0,
      `pdf/SKILL.md: warning: the skill names no version (version-missing)
  fix: Add version: "1.0.0" under metadata in SKILL.md, or publish with --version 1.0.0.
pdf/SKILL.md: warning: the folder is named 'pdf', but the skill 'pdf-tools' (folder-name)
  fix: Rename the folder to pdf-tools, or correct the name.
examination: clean (score 0; 40 and more is suspicious)
✓ valid: pdf-tools (0 errors, 2 warnings)
`,
    ]);
  });

  it.each([
    ['SKILL.md without frontmatter', { 'SKILL.md': '# No\n' }, 'SKILL.md:1: error: '],
    [
      'a path that Windows reserves',
      { 'SKILL.md': 'x', 'aux.md': 'x' },
      "error: entry 'aux.md' has the name 'aux', which Windows reserves",
    ],
  ])('tells of %s', async (_what, files, message) => {
    const session = await newSession();
    await writeFiles(session.cwd, files);
    const { code, stdout, stderr } = await session.run('validate');
    expect(code).toBe(1);
    expect(stdout + stderr).toContain(message);
    expect(stdout + stderr).toContain('fix: ');
  });

  it('tells of a file that is no archive, and of none at all', async () => {
    const session = await newSession();
    await writeFiles(session.cwd, { 'a.skill': 'hello' });
    expect(await session.json('validate', 'a.skill')).toMatchObject({
      code: 1,
      document: { valid: false, skills: [{ path: 'a.skill', name: null, findings: [{ rule: 'malformed-archive' }] }] },
    });
    expect(await session.run('validate', 'b.skill')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('b.skill does not exist.'),
    });
  });
});

describe('skills validate with several skills', () => {
  it('finds every skill below a folder, and sums up', async () => {
    const session = await manySkills();
    const { code, stdout } = await session.run('validate');
    expect(code).toBe(1);
    expect(stdout.split('\n').filter((line) => /^([✓✗]|\d)|: error:/.test(line))).toEqual([
      '✓ valid: csv-tools (0 errors, 0 warnings)',
      expect.stringContaining('skills/docs/pdf-tools/scripts/a.py:3: error: possible hardcoded secret found'),
      '✗ not valid: pdf-tools (1 error, 0 warnings)',
      'skills/git-notes/SKILL.md: error: description is too short (minimum 20 characters) (description-too-short)',
      '✗ not valid: git-notes (1 error, 0 warnings)',
      '3 skills: 1 valid, 2 not (2 errors, 0 warnings)',
    ]);
  });

  it('takes several targets, each once, folders and archives', async () => {
    const session = await manySkills();
    await writeFile(join(session.cwd, 'a.skill'), await tarGz({ name: 'zip-tools' }));
    const { code, document } = await session.json('lint', 'skills/csv-tools', 'a.skill', 'skills');
    expect(code).toBe(1);
    expect(document).toMatchObject({
      valid: false,
      skills: [
        { path: 'skills/csv-tools', valid: true },
        { path: 'a.skill', name: 'zip-tools', valid: true },
        { path: 'skills/docs/pdf-tools', valid: false },
        { path: 'skills/git-notes', valid: false },
      ],
    });
  });

  it('goes on after a skill that cannot be read', async () => {
    const session = await newSession();
    await writeSkill(join(session.cwd, 'a-linked'), { name: 'a-linked' });
    await symlink('/etc/hosts', join(session.cwd, 'a-linked/hosts'));
    await writeSkill(join(session.cwd, 'pdf-tools'));
    expect(await session.json('validate')).toMatchObject({
      code: 1,
      document: {
        skills: [
          {
            valid: false,
            version: null,
            findings: [{ rule: 'unreadable', fix: 'Replace hosts by a copy of the file, or remove it.' }],
          },
          { name: 'pdf-tools', valid: true },
        ],
      },
    });
  });

  it('says that there is no skill, and goes no deeper than ten levels', async () => {
    const session = await newSession();
    const deep = join(session.cwd, ...'abcdefghijk');
    await writeSkill(join(deep, 'pdf-tools'));
    expect(await session.run('validate')).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: ${session.cwd} has no SKILL.md, nor has any folder below it.\nfix: Name the folder of a skill, or one that holds skills.\n`,
    });
    expect((await session.run('validate', join(...'abcde'))).code).toBe(0);
  });
});
