import { readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readArchive } from '../../src/format/archive.ts';
import { sha256Hex } from '../../src/format/digest.ts';
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

  it('lists what goes into the archive, and what does not and why', async () => {
    const session = await newSession();
    await writeSkill(session.cwd, { files: { 'scripts/run.sh': 'echo hi\n' } });
    await writeFiles(session.cwd, {
      '.git/config': '',
      '.env': 'A=1',
      'scripts/node_modules/x/index.js': '',
      '__MACOSX/a': '',
      'old.skill': '',
      '.skill/a.json': '{}',
    });
    const { stdout } = await session.run('pack', '--dry-run');
    expect(stdout.split('\n').slice(0, 9)).toEqual([
      '  .skill/a.json   2 B',
      '  SKILL.md        136 B',
      '  scripts/run.sh  8 B',
      'left out:',
      '  .env                   hidden',
      '  .git/                  belongs to git',
      '  __MACOSX/              left there by macOS',
      '  old.skill              a packed skill',
      '  scripts/node_modules/  belongs to npm',
    ]);
    expect((await session.json('pack', '--dry-run')).document).toMatchObject({
      files: [
        { path: '.skill/a.json', size: 2, executable: false },
        { path: 'SKILL.md', size: 136, executable: false },
        { path: 'scripts/run.sh', size: 8, executable: true },
      ],
      leftOut: [
        { path: '.env', reason: 'hidden' },
        { path: '.git/', reason: 'belongs to git' },
        { path: '__MACOSX/', reason: 'left there by macOS' },
        { path: 'old.skill', reason: 'a packed skill' },
        { path: 'scripts/node_modules/', reason: 'belongs to npm' },
      ],
    });
  });

  it('minds neither the times of files, nor what it left out, nor its own earlier archive', async () => {
    const session = await newSession();
    await writeSkill(session.cwd, { files: { 'references/a.md': '# A\n' } });
    const pack = async () => {
      const { document } = await session.json('pack');
      return [document, await readFile(join(session.cwd, 'pdf-tools-1.0.0.skill'))] as const;
    };
    const [, first] = await pack();
    await writeFiles(session.cwd, { '.env': 'A=1' });
    await utimes(join(session.cwd, 'references/a.md'), 1, 1);
    await utimes(join(session.cwd, 'SKILL.md'), 1_700_000_000, 1_700_000_000);
    const [, second] = await pack();
    expect(second.equals(first)).toBe(true);
  });

  it('says that a version given by hand is not in the archive', async () => {
    const session = await newSession();
    await writeSkill(session.cwd, { version: null });
    expect((await session.run('pack', '--version', '1.2.0')).stderr).toBe(
      'note: SKILL.md names no version, so publish this file with --version 1.2.0.\n',
    );
  });
});
