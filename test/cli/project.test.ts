import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { rename } from '../support/names.ts';
import { publish } from '../support/skills.ts';
import { tree } from './files.ts';
import { hubSession, REGISTRY } from './hub.ts';
import { type ProjectSession, projectSession, SKILL } from './project-session.ts';

let session: ProjectSession;

beforeEach(async () => {
  session = await projectSession();
});

describe('skills.json', () => {
  it('keeps what is not ours, and its indentation', async () => {
    await session.write('skills.json', '{\n\t"name": "my project",\n\t"skills": {},\n\t"agents": []\n}\n');
    await session.run('install', 'pdf-tools@~1.0');
    expect(await session.read('skills.json')).toBe(
      '{\n\t"name": "my project",\n\t"skills": {\n\t\t"@acme/pdf-tools": "~1.0"\n\t},\n\t"agents": []\n}\n',
    );
  });

  it('is found from folders below', async () => {
    await session.write('skills.json', '{}');
    await mkdir(join(session.cwd, 'docs/deep'), { recursive: true });
    const below = await hubSession({ world: session.world, cwd: join(session.cwd, 'docs/deep'), home: session.home });
    await below.run('install', 'pdf-tools');
    expect(await session.files()).toEqual(['pdf-tools', SKILL]);
    expect((await below.run('list')).stdout).toContain('@acme/pdf-tools  1.1.0');
  });

  it('says what to install, tags too; a tag leads where it led until it is updated', async () => {
    await session.write('skills.json', '{"skills": {"@acme/pdf-tools": "latest"}}');
    expect((await session.run('install')).stdout).toContain('✓ @acme/pdf-tools@1.1.0 -> ');
    await publish(session.world, session.acme.key, { version: '1.2.0' });
    expect((await session.run('install')).stdout).toBe('All is installed: 1 skill.\n');
    expect((await session.run('ci')).code).toBe(0);
    expect((await session.run('update')).stdout).toContain('✓ @acme/pdf-tools@1.2.0 (was 1.1.0) -> ');
    expect(await session.read('skills.json')).toBe('{"skills": {"@acme/pdf-tools": "latest"}}');
  });

  it('lets go of what it does not name any more', async () => {
    await session.run('install', 'pdf-tools');
    await session.write('skills.json', '{"skills": {}}');
    expect((await session.run('install')).stdout).toBe(
      '- @acme/pdf-tools@1.1.0 is removed: nothing needs it any more.\n',
    );
    expect(await session.files()).toEqual([]);
  });

  it('is not touched with --no-save; the lock file remembers what was asked for', async () => {
    await session.run('install', '--no-save', 'pdf-tools@^1');
    expect(await tree(session.cwd)).not.toContain('skills.json');
    expect(JSON.parse(await session.read('skills.lock')).skills['@acme/pdf-tools']).toMatchObject({ requested: '^1' });
    expect((await session.run('ci')).code).toBe(0);
    expect((await session.run('uninstall', 'pdf-tools')).stdout).toBe('Removed @acme/pdf-tools@1.1.0\n');
    expect(await session.files()).toEqual([]);
  });

  it.each([
    ['{', /^\S+skills\.json: is not JSON: /],
    ['{"skills": ["@acme/x"]}', /^\S+skills\.json: "skills" does not have the expected form\.$/],
    ['{"skills": {"pdf-tools": "^1"}}', /"skills" wants 'pdf-tools' as '\^1'\.$/],
    ['{"skills": {"@acme/x": "file:../x"}}', /"skills" wants '@acme\/x' as 'file:\.\.\/x'\.$/],
    ['{"skills": {"../../x": "file:x"}}', /"skills" has the key '\.\.\/\.\.\/x'\.$/],
    ['{"skills": {}, "registries": {"acme": "x"}}', /"registries" has the key 'acme'\.$/],
  ])('%s is refused with its place', async (text, message) => {
    await session.write('skills.json', text);
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
    await rename(session.world, session.acme.headers, 'pdf-tools', 'pdf-kit', 'acme');
    await publish(session.world, session.acme.key, { name: 'pdf-kit', version: '1.2.0' });
    const path = join(session.cwd, '.agents/skills/pdf-kit');
    expect(await session.run('update')).toEqual({
      code: 0,
      stdout: `✓ @acme/pdf-kit@1.2.0 (was 1.1.0) -> ${path}\n    M SKILL.md +2 -2\n`,
      stderr: 'note: @acme/pdf-tools is called @acme/pdf-kit now.\n',
    });
    expect(JSON.parse(await session.read('skills.json')).skills).toEqual({ '@acme/pdf-kit': '^1.1.0' });
    expect(await session.files()).toEqual(['pdf-kit', 'pdf-kit/SKILL.md']);
    expect((await session.run('ci')).code).toBe(0);
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
    await session.emptyCache();
    await rm(join(session.cwd, '.agents'), { recursive: true });
    expect(await session.json('ci', '--offline')).toMatchObject({
      code: 1,
      document: { error: { code: 'not_cached' } },
    });
    expect(await session.files()).toEqual([]);
  });
});

it('two commands at the same time both get what they came for', async () => {
  await publish(session.world, session.acme.key, { name: 'csv-summary' });
  const clock = {
    now: () => Date.UTC(2026, 0, 1),
    sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)),
  };
  const patient = await hubSession({ world: session.world, cwd: session.cwd, home: session.home, clock });
  const both = await Promise.all([patient.run('install', 'pdf-tools'), patient.run('install', 'csv-summary')]);
  expect(both.map(({ code }) => code)).toEqual([0, 0]);
  const waiting = `note: waiting for another command (process ${process.pid}), which is changing the skills in ${session.cwd}.\n`;
  expect(both.filter(({ stderr }) => stderr.includes(waiting))).toHaveLength(1);
  expect(Object.keys(JSON.parse(await session.read('skills.lock')).skills)).toEqual([
    '@acme/csv-summary',
    '@acme/pdf-tools',
  ]);
  expect(JSON.parse(await session.read('skills.json')).skills).toEqual({
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
    expect(JSON.parse(await session.read('skills.lock')).skills['@acme/pdf-tools'].registry).toBe(OTHER);
  });

  it('is not asked for what the lock file says is of the first', async () => {
    await session.run('install', 'pdf-tools@^1.0.0');
    const elsewhere = await hubSession({
      world: session.world,
      cwd: session.cwd,
      home: session.home,
      env: { SKILLS_REGISTRY: OTHER },
    });
    await publish(session.world, session.acme.key, { version: '1.3.0' });
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
