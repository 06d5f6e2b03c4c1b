import { chmod, lstat, mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { readSituation } from '../../cli/install/situation.ts';
import { keepChanged } from '../../cli/project/changed-files.ts';
import { projectScope } from '../../cli/project/scope.ts';
import { tree, writeFiles } from './files.ts';
import { hubSession } from './hub.ts';
import { type ProjectSession, projectSession, SKILL } from './project-session.ts';

let session: ProjectSession;

beforeEach(async () => {
  session = await projectSession();
  await session.run('install', 'pdf-tools@1.0.0');
  await session.write('skills.json', '{"skills": {"@acme/pdf-tools": "^1.0.0"}}');
});

const place = (path = '') => join(session.cwd, '.agents/skills/pdf-tools', path);
const kept = (path = '') => join(session.home, '.skills/changed', path);
const noteOf = (folder: string, version = '1.0.0') =>
  `note: the files of @acme/pdf-tools@${version} were changed by hand; your version is kept in ${kept(folder)}.\n`;
/** The one folder that is kept. */
async function keptFolder(): Promise<string> {
  const names = await readdir(kept());
  expect(names).toEqual([expect.stringMatching(/^pdf-tools-1\.0\.0-[0-9a-f]{8}$/)]);
  return names[0] ?? '';
}
async function changeByHand(): Promise<void> {
  await session.write(`.agents/skills/${SKILL}`, 'mine now');
  await session.write('.agents/skills/pdf-tools/notes/mine.sh', 'echo mine\n');
  await chmod(place('notes/mine.sh'), 0o755);
}

describe('files that were changed by hand', () => {
  it.each([
    'install pdf-tools',
    'install @acme/pdf-tools@1.0.0',
    'install @acme/pdf-tools@1.1.0',
    'update',
    'update --json',
    'ci',
    'uninstall pdf-tools',
  ])('are kept by %s', async (command) => {
    await changeByHand();
    const { code, stderr } = await session.run(...command.split(' '));
    const folder = await keptFolder();
    expect([code, stderr]).toEqual([0, noteOf(folder)]);
    expect(await tree(kept(folder))).toEqual(['SKILL.md', 'notes', 'notes/mine.sh']);
    expect(await readFile(kept(`${folder}/SKILL.md`), 'utf8')).toBe('mine now');
    expect((await stat(kept(`${folder}/notes/mine.sh`))).mode & 0o777).toBe(0o755);
    for (const path of [kept(), kept(folder)]) expect((await stat(path)).mode & 0o777).toBe(0o700);
    expect(await session.files()).toEqual(command.startsWith('uninstall') ? [] : ['pdf-tools', SKILL]);
  });

  it('would be kept, says a dry run, and writes nothing', async () => {
    await changeByHand();
    const { stdout, stderr } = await session.run('update', '--dry-run');
    expect(stdout).toContain('→ @acme/pdf-tools@1.1.0 (was 1.0.0)');
    expect(stderr).toBe(
      `note: the files of @acme/pdf-tools@1.0.0 were changed by hand; they would be replaced, and your version kept in ${kept()}.\n`,
    );
    expect([await tree(kept()), await session.read(`.agents/skills/${SKILL}`)]).toEqual([[], 'mine now']);
  });

  it('would be taken away, says a dry run of what is not needed any more', async () => {
    await changeByHand();
    await session.write('skills.json', '{"skills": {}}');
    expect((await session.run('update', '--dry-run')).stderr).toContain(
      'changed by hand; they would be removed, and your version kept in ',
    );
    expect(await session.run('install')).toMatchObject({ code: 0, stderr: noteOf(await keptFolder()) });
  });

  it('are not told of where nobody changed any', async () => {
    expect((await session.run('update')).stderr).toBe('');
    expect((await session.run('install', '@acme/pdf-tools@1.1.0')).stderr).toBe('');
    expect((await session.run('uninstall', 'pdf-tools')).stderr).toBe('');
    expect(await tree(kept())).toEqual([]);
  });

  it('are kept once, and again when what is kept was edited', async () => {
    for (const _ of [1, 2]) {
      await changeByHand();
      await session.run('install', '@acme/pdf-tools@1.0.0');
    }
    const folder = await keptFolder();
    await writeFile(kept(`${folder}/SKILL.md`), 'edited');
    await changeByHand();
    expect((await session.run('install', '@acme/pdf-tools@1.0.0')).stderr).toBe(noteOf(`${folder}-2`));
    expect(await readFile(kept(`${folder}/SKILL.md`), 'utf8')).toBe('edited');
    expect(await readFile(kept(`${folder}-2/SKILL.md`), 'utf8')).toBe('mine now');
  });

  it('are kept with links as links, whatever these lead to', async () => {
    await writeFiles(session.cwd, { 'secret/key': 'x' });
    await symlink(join(session.cwd, 'secret'), place('away'));
    await symlink('nowhere', place('broken'));
    await mkdir(place('empty'));
    await session.run('install', 'pdf-tools@1.1.0');
    const folder = kept(await keptFolder());
    expect(await tree(folder)).toEqual(['SKILL.md', 'away', 'broken', 'empty']);
    expect(await readlink(join(folder, 'away'))).toBe(join(session.cwd, 'secret'));
    expect((await lstat(join(folder, 'broken'))).isSymbolicLink()).toBe(true);
    expect(await session.read('secret/key')).toBe('x');
  });

  it('are kept of the copies that agents were given, too', async () => {
    await session.run('install', 'pdf-tools@1.0.0', '-a', 'goose', '--copy');
    await session.write('.goose/skills/pdf-tools/SKILL.md', 'mine at goose');
    await session.run('update', '--latest');
    expect(await readFile(kept(`${await keptFolder()}/SKILL.md`), 'utf8')).toBe('mine at goose');
    expect(await session.read('.goose/skills/pdf-tools/SKILL.md')).toContain('1.1.0');
  });

  it('are kept of the skills of the user, and where SKILLS_HOME says', async () => {
    const home = join(session.home, 'elsewhere');
    const other = await hubSession({ world: session.world, env: { SKILLS_HOME: home } });
    await other.run('install', '-g', 'pdf-tools@1.0.0');
    await writeFile(join(home, 'pdf-tools/1.0.0/SKILL.md'), 'mine now');
    const { stderr } = await other.run('install', '-g', 'pdf-tools@1.1.0');
    expect(stderr).toMatch(/were changed by hand; your version is kept in \S+\/elsewhere\/changed\/pdf-tools-1\.0\.0-/);
    const [folder = ''] = await readdir(join(home, 'changed'));
    expect(await readFile(join(home, 'changed', folder, 'SKILL.md'), 'utf8')).toBe('mine now');
    expect(await tree(join(home, 'pdf-tools'))).toEqual(['1.1.0', '1.1.0/SKILL.md']);
  });

  it('stay where they are when they cannot be kept', async () => {
    await changeByHand();
    await writeFiles(session.home, { '.skills/changed': 'in the way' });
    const before = await tree(session.cwd);
    expect(await session.json('update')).toMatchObject({
      code: 1,
      document: { error: { code: 'conflict', message: `${kept()} is in the way: it is no folder.` } },
    });
    expect([await tree(session.cwd), await session.read(`.agents/skills/${SKILL}`)]).toEqual([before, 'mine now']);
    expect(await session.read('skills.lock')).toContain('"version": "1.0.0"');
  });

  it('that cannot be read any more stop a command, with their place', async () => {
    const { records } = await readSituation(projectScope(session.cwd));
    const record = records.get('@acme/pdf-tools');
    if (!record) throw new Error('nothing is installed');
    const context = { env: {}, home: session.home };
    await expect(keepChanged(context, [{ path: place('gone'), record, isReplaced: true }])).rejects.toMatchObject({
      code: 'not_kept',
      message: expect.stringMatching(
        /^The files of @acme\/pdf-tools@1\.0\.0 were changed by hand, and cannot be kept: ENOENT/,
      ),
      fix: `Check who may read ${place('gone')}, or move it away.`,
    });
  });
});
