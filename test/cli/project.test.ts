import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { rename } from '../support/names.ts';
import { newNamespace, publish } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';
import { tree, writeFiles } from './files.ts';
import { type HubSession, hubSession, REGISTRY, type Tamper } from './hub.ts';

let world: World;
let acme: { key: string; headers: { authorization: string } };
let session: HubSession;
let tamper: Tamper;

beforeEach(async () => {
  world = await createWorld();
  acme = await newNamespace(world, 'acme');
  for (const version of ['1.0.0', '1.1.0']) await publish(world, acme.key, { version });
  tamper = (_path, response) => response;
  session = await hubSession({ world, tamper: (path, response) => tamper(path, response) });
});

const read = (path: string) => readFile(join(session.cwd, path), 'utf8');
const write = (path: string, text: string) => writeFiles(session.cwd, { [path]: text });
const files = async () => (await tree(join(session.cwd, '.agents/skills'))).filter((path) => !path.startsWith('.'));
const withoutCache = () => rm(join(session.home, '.skills/.cache'), { recursive: true });
const SKILL = 'pdf-tools/SKILL.md';

describe('skills.json', () => {
  it('keeps what is not ours, and its indentation', async () => {
    await write('skills.json', '{\n\t"name": "my project",\n\t"skills": {},\n\t"agents": []\n}\n');
    await session.run('install', 'pdf-tools@~1.0');
    expect(await read('skills.json')).toBe(
      '{\n\t"name": "my project",\n\t"skills": {\n\t\t"@acme/pdf-tools": "~1.0"\n\t},\n\t"agents": []\n}\n',
    );
  });

  it('is found from folders below', async () => {
    await write('skills.json', '{}');
    await mkdir(join(session.cwd, 'docs/deep'), { recursive: true });
    const below = await hubSession({ world, cwd: join(session.cwd, 'docs/deep'), home: session.home });
    await below.run('install', 'pdf-tools');
    expect(await files()).toEqual(['pdf-tools', SKILL]);
    expect((await below.run('list')).stdout).toContain('@acme/pdf-tools  1.1.0');
  });

  it('says what to install, tags too; a tag leads where it led until it is updated', async () => {
    await write('skills.json', '{"skills": {"@acme/pdf-tools": "latest"}}');
    expect((await session.run('install')).stdout).toContain('✓ @acme/pdf-tools@1.1.0 -> ');
    await publish(world, acme.key, { version: '1.2.0' });
    expect((await session.run('install')).stdout).toBe('All is installed: 1 skill.\n');
    expect((await session.run('ci')).code).toBe(0);
    expect((await session.run('update')).stdout).toContain('✓ @acme/pdf-tools@1.2.0 (was 1.1.0) -> ');
    expect(await read('skills.json')).toBe('{"skills": {"@acme/pdf-tools": "latest"}}');
  });

  it('lets go of what it does not name any more', async () => {
    await session.run('install', 'pdf-tools');
    await write('skills.json', '{"skills": {}}');
    expect((await session.run('install')).stdout).toBe(
      '- @acme/pdf-tools@1.1.0 is removed: nothing needs it any more.\n',
    );
    expect(await files()).toEqual([]);
  });

  it('is not touched with --no-save; the lock file remembers what was asked for', async () => {
    await session.run('install', '--no-save', 'pdf-tools@^1');
    expect(await tree(session.cwd)).not.toContain('skills.json');
    expect(JSON.parse(await read('skills.lock')).skills['@acme/pdf-tools']).toMatchObject({ requested: '^1' });
    expect((await session.run('ci')).code).toBe(0);
    expect((await session.run('uninstall', 'pdf-tools')).stdout).toBe('Removed @acme/pdf-tools@1.1.0\n');
    expect(await files()).toEqual([]);
  });

  it.each([
    ['{', /^\S+skills\.json: is not JSON: /],
    ['{"skills": ["@acme/x"]}', /^\S+skills\.json: "skills" does not have the expected form\.$/],
    ['{"skills": {"pdf-tools": "^1"}}', /"skills" wants 'pdf-tools' as '\^1'\.$/],
    ['{"skills": {"@acme/x": "file:../x"}}', /"skills" wants '@acme\/x' as 'file:\.\.\/x'\.$/],
    ['{"skills": {"../../x": "file:x"}}', /"skills" has the key '\.\.\/\.\.\/x'\.$/],
    ['{"skills": {}, "registries": {"acme": "x"}}', /"registries" has the key 'acme'\.$/],
  ])('%s is refused with its place', async (text, message) => {
    await write('skills.json', text);
    expect(await session.json('install')).toMatchObject({
      code: 1,
      document: { error: { code: 'invalid_manifest', message: expect.stringMatching(message) } },
    });
  });

  it('is needed to install without names', async () => {
    expect(await session.json('install')).toMatchObject({
      code: 2,
      document: {
        error: { code: 'usage', message: `${session.cwd} has no skills.json, so there is nothing to install.` },
      },
    });
  });

  it('gets the new name of a skill that moved, at the next update', async () => {
    await session.run('install', 'pdf-tools');
    await rename(world, acme.headers, 'pdf-tools', 'pdf-kit', 'acme');
    await publish(world, acme.key, { name: 'pdf-kit', version: '1.2.0' });
    const path = join(session.cwd, '.agents/skills/pdf-kit');
    expect(await session.run('update')).toEqual({
      code: 0,
      stdout: `✓ @acme/pdf-kit@1.2.0 (was 1.1.0) -> ${path}\n    M SKILL.md +2 -2\n`,
      stderr: 'note: @acme/pdf-tools is called @acme/pdf-kit now.\n',
    });
    expect(JSON.parse(await read('skills.json')).skills).toEqual({ '@acme/pdf-kit': '^1.1.0' });
    expect(await files()).toEqual(['pdf-kit', 'pdf-kit/SKILL.md']);
    expect((await session.run('ci')).code).toBe(0);
  });
});

describe('skills ci', () => {
  it('brings a clone what was locked, byte for byte, though there is something newer', async () => {
    await session.run('install', 'pdf-tools@^1.0.0');
    const [lock, manifest] = [await read('skills.lock'), await read('skills.json')];
    await publish(world, acme.key, { version: '1.2.0' });
    const clone = await hubSession({ world });
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
    await write('skills.json', '{}\n');
    expect((await session.run('ci')).code).toBe(0);
  });

  it('undoes changes by hand; install only tells of them', async () => {
    await session.run('install', 'pdf-tools');
    await write(`.agents/skills/${SKILL}`, 'changed');
    expect((await session.run('install')).stderr).toBe(
      'note: the files of @acme/pdf-tools@1.1.0 were changed by hand; to undo that: skills install @acme/pdf-tools@1.1.0\n',
    );
    expect(await read(`.agents/skills/${SKILL}`)).toBe('changed');
    expect((await session.run('ci')).stderr).toContain('were changed by hand; they are as locked again.\n');
    expect(await read(`.agents/skills/${SKILL}`)).toContain('name: pdf-tools');
  });

  it.each<[string, string, () => Promise<void>]>([
    ['lock_missing', 'is missing, or empty.', () => rm(join(session.cwd, 'skills.lock'))],
    [
      'lock_mismatch',
      'skills.lock does not fit: skills.json wants @acme/pdf-tools@^2.0.0, and it has 1.1.0.',
      () => write('skills.json', '{"skills": {"@acme/pdf-tools": "^2.0.0"}}'),
    ],
    [
      'lock_mismatch',
      'skills.lock does not fit: skills.json wants @acme/csv-summary, which it does not have.',
      () => write('skills.json', '{"skills": {"@acme/pdf-tools": "^1.0.0", "@acme/csv-summary": "*"}}'),
    ],
    [
      'lock_mismatch',
      'skills.lock does not fit: nothing needs @acme/pdf-tools, which it has.',
      () => write('skills.json', '{"skills": {}}'),
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
    expect([session.sent.length, await files()]).toEqual([asked, []]);
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
      await withoutCache();
      await rm(join(session.cwd, '.agents'), { recursive: true });
      const lock = await read('skills.lock');
      tamper = replaced;
      expect(await session.json(...words)).toMatchObject({ code: 1, document: { error: { code: 'digest_mismatch' } } });
      expect([await files(), await read('skills.lock')]).toEqual([[], lock]);
    },
  );

  it('well signed: an alarm of its own, with both digests', async () => {
    await session.run('install', 'pdf-tools');
    const lock = await read('skills.lock');
    const { sha256 } = JSON.parse(lock).skills['@acme/pdf-tools'];
    const other = 'f'.repeat(64);
    await write('skills.lock', lock.replace(sha256, other));
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
    expect([await files(), await read('skills.lock')]).toEqual([[], lock.replace(sha256, other)]);
    await session.run('uninstall', 'pdf-tools');
    expect((await session.run('install', 'pdf-tools')).code).toBe(0);
  });
});

describe('a lock file that somebody else changed', () => {
  /** The project as a colleague has it, one version further. */
  async function colleague(ref: string): Promise<Record<string, string>> {
    const theirs = await hubSession({ world });
    for (const path of ['skills.json', 'skills.lock']) await writeFiles(theirs.cwd, { [path]: await read(path) });
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
    await publish(world, acme.key, { name: 'csv-summary' });
    await session.run('install', 'pdf-tools');
    const before = { 'skills.json': await read('skills.json'), 'skills.lock': await read('skills.lock') };
    await session.run('install', 'csv-summary', '-a', 'goose');
    await writeFiles(session.cwd, before);
    expect((await session.run('ci')).stdout).toBe('- @acme/csv-summary@1.0.0 is removed: nothing needs it any more.\n');
    expect([await files(), await tree(join(session.cwd, '.goose/skills'))]).toEqual([['pdf-tools', SKILL], []]);
    await session.run('install', 'csv-summary');
    await write('.agents/skills/csv-summary/SKILL.md', 'mine now');
    await writeFiles(session.cwd, before);
    await session.run('ci');
    expect(await read('.agents/skills/csv-summary/SKILL.md')).toBe('mine now');
  });

  it('does not make a folder ours that is not', async () => {
    await session.run('install', 'pdf-tools');
    const clone = await hubSession({ world });
    for (const path of ['skills.json', 'skills.lock']) await writeFiles(clone.cwd, { [path]: await read(path) });
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
    expect(await read(`.agents/skills/${SKILL}`)).toContain('1.1.0');
    await write('.agents/skills/.installed.json', 'damaged');
    await session.run('uninstall', 'pdf-tools');
    expect(await files()).toEqual([]);
  });
});

describe('without the network', () => {
  it('what was installed once is installed from the cache', async () => {
    await session.run('install', 'pdf-tools@^1.0.0');
    const asked = session.sent.length;
    await rm(join(session.cwd, '.agents'), { recursive: true });
    expect((await session.run('ci', '--offline')).stdout).toContain('✓ @acme/pdf-tools@1.1.0 -> ');
    await rm(join(session.cwd, '.agents'), { recursive: true });
    expect((await session.run('ci')).code).toBe(0);
    expect((await session.run('install', '@acme/pdf-tools@1.1.0')).code).toBe(0);
    expect(session.sent.length).toBe(asked);
  });

  it('the rest is told as missing', async () => {
    await session.run('install', 'pdf-tools');
    await withoutCache();
    await rm(join(session.cwd, '.agents'), { recursive: true });
    expect(await session.json('ci', '--offline')).toMatchObject({
      code: 1,
      document: { error: { code: 'not_cached' } },
    });
    expect(await files()).toEqual([]);
  });
});

it('two commands at the same time both get what they came for', async () => {
  await publish(world, acme.key, { name: 'csv-summary' });
  const clock = {
    now: () => Date.UTC(2026, 0, 1),
    sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)),
  };
  const patient = await hubSession({ world, cwd: session.cwd, home: session.home, clock });
  const both = await Promise.all([patient.run('install', 'pdf-tools'), patient.run('install', 'csv-summary')]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  const waiting = `note: waiting for another command (process ${process.pid}), which is changing the skills in ${session.cwd}.\n`;
  expect(both.filter(({ stderr }) => stderr.includes(waiting))).toHaveLength(1);
  expect(Object.keys(JSON.parse(await read('skills.lock')).skills)).toEqual(['@acme/csv-summary', '@acme/pdf-tools']);
  expect(JSON.parse(await read('skills.json')).skills).toEqual({
    '@acme/csv-summary': '^1.0.0',
    '@acme/pdf-tools': '^1.1.0',
  });
});

describe('another registry', () => {
  const OTHER = 'http://other.test';

  it('may not bring another version of what is installed, but the same bytes', async () => {
    await session.run('install', 'pdf-tools@1.0.0');
    expect(await session.json('install', '@acme/pdf-tools', '--registry', OTHER)).toMatchObject({
      code: 1,
      document: {
        error: {
          code: 'conflict',
          message: `@acme/pdf-tools@1.0.0 from ${REGISTRY} is installed as 'pdf-tools' already.`,
        },
      },
    });
    expect((await session.run('install', '@acme/pdf-tools@1.0.0', '--registry', OTHER)).code).toBe(0);
    expect(JSON.parse(await read('skills.lock')).skills['@acme/pdf-tools'].registry).toBe(OTHER);
  });

  it('is not asked for what the lock file says is of the first', async () => {
    await session.run('install', 'pdf-tools@^1.0.0');
    const elsewhere = await hubSession({
      world,
      cwd: session.cwd,
      home: session.home,
      env: { SKILLS_REGISTRY: OTHER },
    });
    await publish(world, acme.key, { version: '1.3.0' });
    expect((await elsewhere.run('update')).stdout).toContain('@acme/pdf-tools@1.3.0 (was 1.1.0)');
    expect(elsewhere.sent.filter(({ url }) => url.startsWith(OTHER))).toEqual([]);
  });
});

it('nothing is asked and nothing written when all is as locked', async () => {
  await session.run('install', 'pdf-tools');
  const before = await stat(join(session.cwd, 'skills.lock'));
  const asked = session.sent.length;
  await writeFile(join(session.cwd, 'note.txt'), '');
  expect((await session.run('install')).stdout).toBe('All is installed: 1 skill.\n');
  expect(session.sent.length).toBe(asked);
  expect((await stat(join(session.cwd, 'skills.lock'))).ino).toBe(before.ino);
});
