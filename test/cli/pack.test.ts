import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readArchive } from '../../src/format/archive.ts';
import { sha256Hex } from '../../src/format/digest.ts';
import { githubToken } from '../support/credentials.ts';
import { SUSPICIOUS } from '../support/harmful.ts';
import { tarGz } from '../support/skills.ts';
import { writeFiles, writeSkill } from './files.ts';
import { newSession } from './terminal-session.ts';

describe('skills pack', () => {
  it('writes the same bytes each time, wherever', async () => {
    const session = await newSession();
    await writeSkill(session.cwd, { files: { 'scripts/run.sh': 'echo hi\n' } });
    const { code, document } = await session.json('pack', '.', '--out', 'dist/a');
    const archive = await tarGz({ files: { 'scripts/run.sh': 'echo hi\n' } });
    const file = join(session.cwd, 'dist/a/pdf-tools-1.0.0.skill');
    expect([code, document]).toEqual([
      0,
      expect.objectContaining({
        name: 'pdf-tools',
        version: '1.0.0',
        file,
        written: true,
        size: archive.length,
        sha256: await sha256Hex(archive),
        treeDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      }),
    ]);
    const written = new Uint8Array(await readFile(file));
    expect(written).toEqual(archive);
    expect((await readArchive(written)).files.map(({ path, executable }) => [path, executable])).toEqual([
      ['SKILL.md', false],
      ['scripts/run.sh', true],
    ]);
  });

  it('writes nothing in a dry run', async () => {
    const session = await newSession();
    await writeSkill(session.cwd);
    const { stdout } = await session.run('pack', '--dry-run');
    expect(stdout).toContain(`would write ${join(session.cwd, 'pdf-tools-1.0.0.skill')}`);
    expect((await session.json('pack', '--dry-run')).document).toMatchObject({
      written: false,
      files: [{ path: 'SKILL.md' }],
    });
    expect((await session.run('pack', '--dry-run')).stderr).toBe('');
  });

  it('says that a version given by hand is not in the archive', async () => {
    const session = await newSession();
    await writeSkill(session.cwd, { version: null });
    expect((await session.run('pack', '--version', '1.2.0')).stderr).toBe(
      'note: SKILL.md names no version, so publish this file with --version 1.2.0.\n',
    );
  });
});

describe('skills validate', () => {
  it('passes a good skill, as a folder and as an archive', async () => {
    const session = await newSession();
    await writeSkill(join(session.cwd, 'pdf-tools'));
    await writeFile(join(session.cwd, 'a.skill'), await tarGz());
    expect(await session.run('validate', 'pdf-tools')).toEqual({
      code: 0,
      stdout: '✓ valid: pdf-tools (0 errors, 0 warnings)\n',
      stderr: '',
    });
    expect(await session.run('lint', 'a.skill')).toMatchObject({ code: 0 });
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
    expect(stdout).toContain('scripts/a.py:3: error: possible hardcoded secret found');
    expect(stdout).toContain('  fix: Remove it, revoke it');
    expect(stdout).not.toContain(secret);
    expect(await session.json('validate', 'pdf-tools')).toMatchObject({
      code: 1,
      document: { valid: false, findings: [{ severity: 'warning' }, { file: 'scripts/a.py', line: 3 }] },
    });
  });

  it('examines the skill as a registry would, with evidence; warnings fail with --strict', async () => {
    const session = await newSession();
    await writeSkill(join(session.cwd, 'pdf-tools'), SUSPICIOUS);
    const { code, stdout } = await session.run('validate', 'pdf-tools');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^scripts\/setup\.sh:1: warning: looks like fetch and run .*\(fetch-and-run\.pipe-to-shell\)\n {2}found: curl .*\n {2}why: .*\n {2}fix: /,
    );
    expect(await session.json('validate', 'pdf-tools')).toMatchObject({
      code: 0,
      document: { valid: true, verdict: 'suspicious' },
    });
    expect((await session.run('validate', 'pdf-tools', '--strict')).code).toBe(1);
  });

  it('warns of a version that is nowhere, and of a folder with another name', async () => {
    const session = await newSession();
    await writeSkill(join(session.cwd, 'pdf'), { version: null });
    const { code, stdout } = await session.run('validate', 'pdf');
    expect([code, stdout]).toEqual([
      0,
      `SKILL.md: warning: the skill names no version (version-missing)
  fix: Add version: "1.0.0" under metadata in SKILL.md, or publish with --version 1.0.0.
SKILL.md: warning: the folder is named 'pdf', but the skill 'pdf-tools' (folder-name)
  fix: Rename the folder to pdf-tools, or correct the name.
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
      document: { error: { code: 'malformed_archive' } },
    });
    expect(await session.run('validate', 'b.skill')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('b.skill does not exist.'),
    });
  });
});
