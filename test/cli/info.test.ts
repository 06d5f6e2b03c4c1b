import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { newNamespace, publish } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';
import { tree } from './files.ts';
import { type HubSession, hubSession, REGISTRY } from './hub.ts';

let world: World;
let session: HubSession;

beforeEach(async () => {
  world = await createWorld();
  const { key } = await newNamespace(world);
  const files = {
    'references/forms.md': '# Forms\n',
    'data.bin': '\u0000\u0001',
    'skill.yaml': 'frameworks: [claude]\ndependencies:\n  - {name: acme/csv-summary, version: ^1.0.0}\n',
  };
  await publish(world, key, { version: '1.0.0', files });
  await publish(world, key, { version: '1.1.0', files, body: `# Long\n\n${'All work and no play.\n'.repeat(1_000)}` });
  session = await hubSession({ world });
});

const offline = () => hubSession({ world, cwd: session.cwd, home: session.home, env: { SKILLS_OFFLINE: '1' } });

describe('skills info --file', () => {
  it('prints a file byte for byte out of the checked archive, and installs nothing', async () => {
    const { code, stdout } = await session.run('info', '@acme/pdf-tools@1.0.0', '--file', 'references/forms.md');
    expect([code, stdout]).toEqual([0, '# Forms\n']);
    expect((await session.run('info', 'pdf-tools', '--file', 'data.bin')).stdout).toBe('\u0000\u0001');
    expect((await tree(session.cwd)).filter((path) => !path.startsWith('home'))).toEqual([]);
    expect(await tree(join(session.home, '.skills/.cache/versions'))).toContainEqual(
      expect.stringMatching(/^hub\.test-[0-9a-f]{12}\/acme\/pdf-tools\/1\.0\.0\.json$/),
    );
  });

  it('gives it to programs, with where it is from', async () => {
    const { document } = await session.json('info', 'pdf-tools@1.0.0', '--file', 'data.bin');
    expect(document).toMatchObject({
      registry: REGISTRY,
      version: '1.0.0',
      file: { path: 'data.bin', size: 2, content: '\u0000\u0001' },
    });
  });

  it('shows how far a download came on a terminal, and nothing when the cache has it, or in a pipe', async () => {
    const terminal = { stdin: false, stdout: false, stderr: true };
    const options = { world, cwd: session.cwd, home: session.home };
    const watched = await hubSession({ ...options, terminal });
    const argv = ['info', '@acme/pdf-tools@1.0.0', '--file', 'SKILL.md'];
    const [bar, ...rest] = (await watched.run(...argv)).stderr.split('\r\u{1b}[2K');
    expect(bar).toMatch(/^\rdownloading \[#{24}\] \d+ B$/);
    expect(rest).toEqual([expect.stringMatching(/^note: trusting the key \S+ of http:\/\/hub\.test from now on\.\n$/)]);
    expect((await watched.run(...argv)).stderr).toBe('');
    await session.run('cache', 'clean');
    expect((await session.run(...argv)).stderr).toBe('');
  });

  it.each(['a/b/c', '@acme', '', 'Pdf_Tools'])('is wrong usage for %j, and asks nobody', async (ref) => {
    const { length } = session.sent;
    expect(await session.json('info', ref)).toMatchObject({ code: 2, document: { error: { code: 'invalid_name' } } });
    expect(session.sent.length).toBe(length);
  });

  it('is refused where somebody changed the archive on the way', async () => {
    const tampered = await hubSession({
      world,
      tamper: (path, response) => (path.startsWith('/v1/download/') ? new Response('other') : response),
    });
    expect(await tampered.json('info', 'pdf-tools', '--file', 'SKILL.md')).toMatchObject({
      code: 1,
      document: { error: { code: 'digest_mismatch' } },
    });
  });

  it('suggests the file that may have been meant', async () => {
    expect(await session.json('info', 'pdf-tools@1.0.0', '--file', 'references/form.md')).toMatchObject({
      code: 1,
      document: {
        error: {
          code: 'not_found',
          message: "@acme/pdf-tools@1.0.0 has no file 'references/form.md'.",
          fix: 'Did you mean references/forms.md?',
        },
      },
    });
  });

  it('says how to list the files, and lists them so', async () => {
    const { document } = await session.json('info', 'pdf-tools@1.0.0', '--file', 'nope.md');
    expect(document).toMatchObject({
      error: { code: 'not_found', fix: 'See which there are: skills info @acme/pdf-tools@1.0.0 --files' },
    });
    const { code, stdout } = await session.run('info', '@acme/pdf-tools@1.0.0', '--files');
    expect([code, stdout]).toEqual([0, expect.stringContaining('references/forms.md')]);
  });

  it('goes with no other option', async () => {
    expect(await session.json('info', 'pdf-tools', '--file', 'SKILL.md', '--readme')).toMatchObject({
      code: 2,
      document: { error: { code: 'usage' } },
    });
  });
});

it('skills info tells how to read on where SKILL.md is long', async () => {
  const { stdout } = await session.run('info', '@acme/pdf-tools', '--readme');
  expect(stdout).toContain('# Long');
  expect(stdout.endsWith('\n… all of it: skills info @acme/pdf-tools --file SKILL.md\n')).toBe(true);
});

it('skills info shows what a skill needs and is for', async () => {
  const { stdout } = await session.run('info', '@acme/pdf-tools');
  expect(stdout).toMatch(/\nframeworks +claude\n/);
  expect(stdout).toMatch(/\nneeds +@acme\/csv-summary@\^1\.0\.0\n/);
  expect(stdout).toMatch(/\nverdict +clean\n/);
});

it('skills info asks for a namespace where it belongs', async () => {
  await session.run('registry', 'add', 'http://private.test', '--namespace', '@acme');
  session.sent.length = 0;
  expect((await session.run('info', '@acme/pdf-tools')).code).toBe(0);
  expect(new Set(session.sent.map(({ url }) => new URL(url).origin))).toEqual(new Set(['http://private.test']));
  expect(await session.json('info', 'pdf-tools')).toMatchObject({
    code: 1,
    document: { error: { code: 'registry_conflict', fix: 'Name it in full: skills info @acme/pdf-tools' } },
  });
});

describe('skills info --offline', () => {
  it('shows what is in the cache, without a request', async () => {
    await session.run('info', '@acme/pdf-tools@1.0.0', '--file', 'SKILL.md');
    const later = await offline();
    const { code, stdout } = await later.run('info', 'pdf-tools', '--versions', '--files', '--readme');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^@acme\/pdf-tools@1\.0\.0\ndescription {2}Reads, fills/);
    expect(stdout).toMatch(/\n1\.0\.0 {2}2026-01-01T00:00:00\.000Z\n/);
    expect(stdout).toMatch(/\nreferences\/forms\.md {2}8 B\n/);
    expect(stdout).toContain('\n# How to\n');
    expect(stdout).not.toContain('downloads');
    expect((await later.run('info', 'pdf-tools', '--file', 'references/forms.md')).stdout).toBe('# Forms\n');
    expect(later.sent).toEqual([]);
  });

  it.each([
    ['@acme/pdf-tools@1.1.0', 'The cache has no @acme/pdf-tools@1.1.0 of http://hub.test'],
    ['@acme/other', 'The cache has no @acme/other@latest of http://hub.test'],
    ['other', "The cache has no skill 'other' of http://hub.test"],
  ])('has no %s', async (ref, message) => {
    await session.run('info', '@acme/pdf-tools@1.0.0', '--file', 'SKILL.md');
    const later = await offline();
    expect(await later.json('info', ref)).toMatchObject({
      code: 1,
      document: { error: { code: 'not_cached', message: expect.stringContaining(message) } },
    });
    expect(later.sent).toEqual([]);
  });
});

it('skills info asks for nothing when the version and the file are in the cache', async () => {
  const argv = ['info', '@acme/pdf-tools@1.0.0', '--file', 'SKILL.md'];
  await session.run(...argv);
  session.sent.length = 0;
  expect((await session.run(...argv)).code).toBe(0);
  expect(session.sent).toEqual([]);
});
