import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { publish } from '../support/skills.ts';
import { tree, writeFiles } from './files.ts';
import { hubSession, type Tamper } from './hub.ts';
import { type ProjectSession, projectSession, SKILL } from './project-session.ts';

let session: ProjectSession;

beforeEach(async () => {
  session = await projectSession();
});

describe('skills ci', () => {
  it('brings a clone what was locked, byte for byte, though there is something newer', async () => {
    await session.run('install', 'pdf-tools@^1.0.0');
    const [lock, manifest] = [await session.read('skills.lock'), await session.read('skills.json')];
    await publish(session.world, session.acme.key, { version: '1.2.0' });
    const clone = await hubSession({ world: session.world });
    await writeFiles(clone.cwd, { 'skills.lock': lock, 'skills.json': manifest });
    for (const command of [['ci'], ['install', '--frozen'], ['install']]) {
      await rm(join(clone.cwd, '.agents'), { recursive: true, force: true });
      const path = join(clone.cwd, '.agents/skills/pdf-tools');
      expect((await clone.run(...command)).stdout).toBe(`✓ @acme/pdf-tools@1.1.0 -> ${path}\n`);
      expect(await readFile(join(clone.cwd, 'skills.lock'), 'utf8')).toBe(lock);
      expect(await readFile(join(clone.cwd, 'skills.json'), 'utf8')).toBe(manifest);
    }
    expect((await clone.run('ci')).stdout).toBe('All is installed: 1 skill.\n');
  });

  it('is missing outside of a project: nothing is no success', async () => {
    expect(await session.json('ci')).toMatchObject({
      code: 1,
      document: {
        error: {
          code: 'lock_missing',
          message: `${session.cwd} has neither skills.json nor skills.lock, so there is nothing to install.`,
        },
      },
    });
    await session.write('skills.json', '{}\n');
    expect((await session.run('ci')).code).toBe(0);
  });

  it('undoes changes by hand; install only tells of them', async () => {
    await session.run('install', 'pdf-tools');
    await session.write(`.agents/skills/${SKILL}`, 'changed');
    expect((await session.run('install')).stderr).toBe(
      'note: the files of @acme/pdf-tools@1.1.0 were changed by hand; to undo that: skills install @acme/pdf-tools@1.1.0\n',
    );
    expect(await session.read(`.agents/skills/${SKILL}`)).toBe('changed');
    expect((await session.run('ci')).stderr).toContain('were changed by hand; your version is kept in ');
    expect(await session.read(`.agents/skills/${SKILL}`)).toContain('name: pdf-tools');
  });

  it.each<[string, string, () => Promise<void>]>([
    ['lock_missing', 'is missing, or empty.', () => rm(join(session.cwd, 'skills.lock'))],
    [
      'lock_mismatch',
      'skills.lock does not fit: skills.json wants @acme/pdf-tools@^2.0.0, and it has 1.1.0.',
      () => session.write('skills.json', '{"skills": {"@acme/pdf-tools": "^2.0.0"}}'),
    ],
    [
      'lock_mismatch',
      'skills.lock does not fit: skills.json wants @acme/csv-summary, which it does not have.',
      () => session.write('skills.json', '{"skills": {"@acme/pdf-tools": "^1.0.0", "@acme/csv-summary": "*"}}'),
    ],
    [
      'lock_mismatch',
      'skills.lock does not fit: nothing needs @acme/pdf-tools, which it has.',
      () => session.write('skills.json', '{"skills": {}}'),
    ],
  ])('ends with %s before anything is written: %s', async (code, message, change) => {
    await session.run('install', 'pdf-tools');
    await rm(join(session.cwd, '.agents'), { recursive: true });
    await change();
    const asked = session.sent.length;
    expect(await session.json('ci')).toMatchObject({
      code: 1,
      document: { error: { code, message: expect.stringContaining(message) } },
    });
    expect([session.sent.length, await session.files()]).toEqual([asked, []]);
  });

  it.each([
    [['pdf-tools'], 'pdf-tools'],
    [['-g'], '--global'],
    [['--no-save'], '--no-save'],
  ])('as install --frozen goes with nothing else: %s', async (more, named) => {
    expect(await session.json('install', '--frozen', ...more)).toMatchObject({
      code: 2,
      document: { error: { code: 'usage', message: expect.stringContaining(`'${named}'`) } },
    });
  });
});

describe('a registry that serves something else under a version that is locked', () => {
  const replaced: Tamper = async (path, response) => {
    if (path === '/v1/packages/acme/pdf-tools/1.1.0')
      return Response.json({ ...(await response.json<object>()), sha256: '0'.repeat(64) });
    return response;
  };

  it.each([['install'], ['install', '@acme/pdf-tools@1.1.0'], ['ci'], ['update']])(
    '%s %s: nothing is kept',
    async (...words) => {
      await session.run('install', 'pdf-tools');
      await session.emptyCache();
      await rm(join(session.cwd, '.agents'), { recursive: true });
      const lock = await session.read('skills.lock');
      session.tamper = replaced;
      expect(await session.json(...words)).toMatchObject({ code: 1, document: { error: { code: 'digest_mismatch' } } });
      expect([await session.files(), await session.read('skills.lock')]).toEqual([[], lock]);
    },
  );

  it('well signed: an alarm of its own, with both digests', async () => {
    await session.run('install', 'pdf-tools');
    const lock = await session.read('skills.lock');
    const { sha256 } = JSON.parse(lock).skills['@acme/pdf-tools'];
    const other = 'f'.repeat(64);
    await session.write('skills.lock', lock.replace(sha256, other));
    await rm(join(session.cwd, '.agents'), { recursive: true });
    for (const words of [['install'], ['install', 'pdf-tools'], ['install', 'pdf-tools@1.1.0'], ['ci'], ['update']]) {
      expect(await session.json(...words)).toMatchObject({
        code: 1,
        document: {
          error: {
            code: 'digest_changed',
            message: `ALARM: @acme/pdf-tools@1.1.0 is not what it was when it was locked: its SHA-256 is ${sha256}, and was ${other}.`,
            fix: expect.stringContaining('skills uninstall @acme/pdf-tools'),
          },
        },
      });
    }
    expect([await session.files(), await session.read('skills.lock')]).toEqual([[], lock.replace(sha256, other)]);
    await session.run('uninstall', 'pdf-tools');
    expect((await session.run('install', 'pdf-tools')).code).toBe(0);
  });
});

describe('a lock file that somebody else changed', () => {
  /** The project as a colleague has it, one version further. */
  async function colleague(ref: string): Promise<Record<string, string>> {
    const theirs = await hubSession({ world: session.world });
    for (const path of ['skills.json', 'skills.lock'])
      await writeFiles(theirs.cwd, { [path]: await session.read(path) });
    await theirs.run('install', ref);
    const text = (path: string) => readFile(join(theirs.cwd, path), 'utf8');
    return { 'skills.json': await text('skills.json'), 'skills.lock': await text('skills.lock') };
  }

  it.each([['install'], ['ci']])('%s brings what it says now', async (command) => {
    await session.run('install', 'pdf-tools@1.0.0', '-a', 'goose');
    await writeFiles(session.cwd, await colleague('pdf-tools@1.1.0'));
    const path = join(session.cwd, '.agents/skills/pdf-tools');
    expect(await session.run(command)).toEqual({
      code: 0,
      stdout: `✓ @acme/pdf-tools@1.1.0 (was 1.0.0) -> ${path}\n`,
      stderr: '',
    });
    expect(await readFile(join(session.cwd, '.goose/skills', SKILL), 'utf8')).toContain('1.1.0');
  });

  it('takes along what it names no more, with links, but nothing that was changed by hand', async () => {
    await publish(session.world, session.acme.key, { name: 'csv-summary' });
    await session.run('install', 'pdf-tools');
    const before = {
      'skills.json': await session.read('skills.json'),
      'skills.lock': await session.read('skills.lock'),
    };
    await session.run('install', 'csv-summary', '-a', 'goose');
    await writeFiles(session.cwd, before);
    expect((await session.run('ci')).stdout).toBe('- @acme/csv-summary@1.0.0 is removed: nothing needs it any more.\n');
    expect([await session.files(), await tree(join(session.cwd, '.goose/skills'))]).toEqual([['pdf-tools', SKILL], []]);
    await session.run('install', 'csv-summary');
    await session.write('.agents/skills/csv-summary/SKILL.md', 'mine now');
    await writeFiles(session.cwd, before);
    await session.run('ci');
    expect(await session.read('.agents/skills/csv-summary/SKILL.md')).toBe('mine now');
  });

  it('does not make a folder ours that is not', async () => {
    await session.run('install', 'pdf-tools');
    const clone = await hubSession({ world: session.world });
    for (const path of ['skills.json', 'skills.lock'])
      await writeFiles(clone.cwd, { [path]: await session.read(path) });
    await writeFiles(clone.cwd, { '.agents/skills/pdf-tools/mine.md': 'x' });
    expect(await clone.json('ci')).toMatchObject({ code: 1, document: { error: { code: 'conflict' } } });
    const path = join(clone.cwd, '.agents/skills/pdf-tools');
    expect(await clone.run('uninstall', 'pdf-tools')).toEqual({
      code: 0,
      stdout: 'Removed @acme/pdf-tools@1.1.0\n',
      stderr: `note: ${path} is left as it is: this program did not put pdf-tools there.\n`,
    });
    expect(await tree(join(clone.cwd, '.agents/skills'))).toEqual(['pdf-tools', 'pdf-tools/mine.md']);
  });

  it('finds files that were kept in version control, without a note of who put them there', async () => {
    await session.run('install', 'pdf-tools@1.0.0');
    await rm(join(session.cwd, '.agents/skills/.installed.json'));
    await session.run('install', 'pdf-tools@1.1.0');
    expect(await session.read(`.agents/skills/${SKILL}`)).toContain('1.1.0');
    await session.write('.agents/skills/.installed.json', 'damaged');
    await session.run('uninstall', 'pdf-tools');
    expect(await session.files()).toEqual([]);
  });
});
