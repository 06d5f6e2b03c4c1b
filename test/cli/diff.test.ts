import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { newNamespace, publish } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';
import { type HubSession, hubSession, REGISTRY } from './hub.ts';

let world: World;
let session: HubSession;

const lines = (...changed: string[]) => `${['one', 'two', 'three', 'four', 'five', ...changed].join('\n')}\n`;

beforeEach(async () => {
  world = await createWorld();
  const { key } = await newNamespace(world);
  await publish(world, key, {
    version: '1.0.0',
    files: { 'notes.md': lines('six'), 'old.md': 'Old\n', 'run.sh': 'ls\n' },
  });
  await publish(world, key, { version: '1.1.0', files: { 'notes.md': lines('6', 'seven'), 'run.sh': 'ls\n' } });
  session = await hubSession({ world });
});

const offline = () => hubSession({ world, cwd: session.cwd, home: session.home, env: { SKILLS_OFFLINE: '1' } });
const onDisk = (...path: string[]) => join(session.cwd, '.agents/skills/pdf-tools', ...path);

const UNIFIED = `--- 1.0.0/SKILL.md
+++ 1.1.0/SKILL.md
@@ -2,7 +2,7 @@
 name: pdf-tools
 description: Reads, fills and merges PDF files for an agent.
 metadata:
-  version: "1.0.0"
+  version: "1.1.0"
 ---
 # How to
 
--- 1.0.0/notes.md
+++ 1.1.0/notes.md
@@ -3,4 +3,5 @@
 three
 four
 five
-six
+6
+seven
--- 1.0.0/old.md
+++ /dev/null
@@ -1,1 +0,0 @@
-Old
`;

const STAT = ` SKILL.md | 2 +-
 notes.md | 3 ++-
 old.md   | 1 -
 3 files changed, 3 insertions(+), 3 deletions(-)
`;

describe('skills diff of two versions', () => {
  it('asks the registry, and writes what diff -u does', async () => {
    expect(await session.run('diff', '@acme/pdf-tools', '1.0.0', '1.1.0')).toEqual({
      code: 0,
      stdout: UNIFIED,
      stderr: '',
    });
    expect(session.sent.map(({ url }) => url)).toEqual([
      `${REGISTRY}/v1/packages/acme/pdf-tools/diff?from=1.0.0&to=1.1.0`,
    ]);
  });

  it('goes to the newest without a second one, and takes ranges', async () => {
    expect((await session.run('diff', 'pdf-tools', '~1.0', '--stat')).stdout).toBe(STAT);
  });

  it('is the same without the network, out of the cache', async () => {
    for (const version of ['1.0.0', '1.1.0']) await session.run('use', `@acme/pdf-tools@${version}`);
    const later = await offline();
    expect((await later.run('diff', '@acme/pdf-tools', '1.0.0', '1.1.0')).stdout).toBe(UNIFIED);
    expect((await later.run('diff', 'pdf-tools', '1.0.0', '--stat')).stdout).toBe(STAT);
    expect(later.sent).toEqual([]);
    const online = await session.json('diff', '@acme/pdf-tools', '1.0.0', '1.1.0');
    expect((await later.json('diff', '@acme/pdf-tools', '1.0.0', '1.1.0')).document).toEqual(online.document);
  });

  it('tells programs', async () => {
    const { code, document } = await session.json('diff', '@acme/pdf-tools', '1.0.0', '1.1.0', '--exit-code');
    expect([code, document]).toMatchObject([
      1,
      {
        registry: REGISTRY,
        namespace: 'acme',
        name: 'pdf-tools',
        from: '1.0.0',
        to: '1.1.0',
        insertions: 3,
        deletions: 3,
        files: [
          { path: 'SKILL.md', status: 'modified', binary: false },
          { path: 'notes.md', status: 'modified' },
          { path: 'old.md', status: 'removed', hunks: [{ old_start: 1, old_lines: 1, new_lines: 0 }] },
        ],
      },
    ]);
  });

  it('paints what is gone and what is new', async () => {
    const colourful = await hubSession({
      world,
      terminal: { stdin: false, stdout: true, stderr: false },
      colorDepth: 8,
    });
    const { stdout } = await colourful.run('diff', '@acme/pdf-tools', '1.0.0', '1.1.0');
    expect(stdout).toContain('\u{1b}[31m-six\u{1b}[39m\n\u{1b}[32m+6\u{1b}[39m\n');
  });

  it.each([
    [['@acme/pdf-tools', '1.0.0', '9.0.0'], 1, 'not_found'],
    [['@acme/pdf-tools', '1.0.0', '1.0.0'], 1, 'invalid_request'],
    [['@acme/pdf-tools@1.0.0', '1.1.0'], 2, 'usage'],
    [['-g', '@acme/pdf-tools', '1.0.0'], 2, 'usage'],
  ])('refuses %j', async (argv, exitCode, code) => {
    expect(await session.json('diff', ...argv)).toMatchObject({ code: exitCode, document: { error: { code } } });
  });
});

describe('skills diff of an installed skill', () => {
  beforeEach(async () => {
    expect((await session.run('install', '@acme/pdf-tools@1.0.0')).code).toBe(0);
    session.sent.length = 0;
  });

  it('finds nothing where nothing was changed', async () => {
    expect(await session.run('diff', 'pdf-tools', '--exit-code')).toEqual({
      code: 0,
      stdout: '',
      stderr: `${onDisk()} is the same as @acme/pdf-tools@1.0.0.\n`,
    });
  });

  it('shows what was changed, added and removed, without a request', async () => {
    await writeFile(onDisk('notes.md'), lines('sieben'));
    await writeFile(onDisk('new.md'), 'New\n');
    await rm(onDisk('old.md'));
    await chmod(onDisk('run.sh'), 0o644);
    const { code, stdout } = await session.run('diff', 'pdf-tools', '--exit-code');
    expect([code, stdout]).toEqual([
      1,
      [
        '--- /dev/null',
        '+++ disk/new.md',
        '@@ -0,0 +1,1 @@',
        '+New',
        '--- 1.0.0/notes.md',
        '+++ disk/notes.md',
        '@@ -3,4 +3,4 @@',
        ' three',
        ' four',
        ' five',
        '-six',
        '+sieben',
        '--- 1.0.0/old.md',
        '+++ /dev/null',
        '@@ -1,1 +0,0 @@',
        '-Old',
        'run.sh is no longer executable\n',
      ].join('\n'),
    ]);
    expect((await session.json('diff', '@acme/pdf-tools')).document).toMatchObject({
      from: '1.0.0',
      to: null,
      path: onDisk(),
      insertions: 2,
      deletions: 2,
      files: [
        { path: 'new.md', status: 'added' },
        { path: 'notes.md' },
        { path: 'old.md' },
        { path: 'run.sh', executable: false },
      ],
    });
    expect(session.sent).toEqual([]);
  });

  it('counts a binary file, and does not print it', async () => {
    await writeFile(onDisk('notes.md'), '\u0000\u0001');
    expect((await session.run('diff', 'pdf-tools')).stdout).toBe(
      'Binary files 1.0.0/notes.md and disk/notes.md differ\n',
    );
    expect((await session.run('diff', 'pdf-tools', '--stat')).stdout).toBe(
      ' notes.md | binary\n 1 file changed, 0 insertions(+), 0 deletions(-)\n',
    );
  });

  it('fetches what was installed when the cache does not have it, and not otherwise offline', async () => {
    await session.run('cache', 'clean');
    await writeFile(onDisk('new.md'), 'New\n');
    expect(await session.json('diff', 'pdf-tools', '--offline')).toMatchObject({
      code: 1,
      document: { error: { code: 'not_cached' } },
    });
    expect((await session.run('diff', 'pdf-tools', '--stat')).stdout).toContain(' new.md | 1 +\n');
  });

  it('says so when the folder is gone', async () => {
    await rm(onDisk(), { recursive: true });
    expect(await session.json('diff', 'pdf-tools')).toMatchObject({
      code: 1,
      document: { error: { code: 'missing' } },
    });
  });

  it('is for what is installed', async () => {
    expect(await session.json('diff', 'pdf-tool')).toMatchObject({
      code: 1,
      document: { error: { code: 'not_installed', fix: 'Did you mean pdf-tools?' } },
    });
  });
});

it('skills diff has nothing to hold a skill from a folder against', async () => {
  await session.run('install', '@acme/pdf-tools@1.0.0');
  const other = await hubSession({ world });
  expect((await other.run('install', onDisk())).code).toBe(0);
  expect(await other.json('diff', 'pdf-tools')).toMatchObject({
    code: 1,
    document: { error: { code: 'no_original' } },
  });
});
