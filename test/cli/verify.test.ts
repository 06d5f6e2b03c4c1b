import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { newNamespace, publish } from '../support/skills.ts';
import { createWorld } from '../support/world.ts';
import { type HubSession, hubSession, REGISTRY, type Tamper } from './hub.ts';

let session: HubSession;
let key: string;
let tamper: Tamper;

beforeEach(async () => {
  const world = await createWorld();
  ({ key } = await newNamespace(world, 'acme'));
  await publish(world, key, { files: { 'scripts/run.sh': 'echo hi\n' } });
  tamper = (_path, response) => response;
  session = await hubSession({ world, tamper: (path, response) => tamper(path, response) });
  await session.run('install', 'pdf-tools');
});

const installed = (path: string) => join(session.cwd, '.agents/skills/pdf-tools', path);

async function problems(): Promise<{ code: number; codes: string[] }> {
  const { code, stdout } = await session.run('verify', '--json');
  const { skills }: { skills: { problems: { code: string; fix: string }[] }[] } = JSON.parse(stdout);
  const found = skills.flatMap((skill) => skill.problems);
  expect(found.every(({ fix }) => fix.length > 0)).toBe(true);
  return { code, codes: found.map((problem) => problem.code) };
}

describe('skills verify', () => {
  it('passes what is as it was installed', async () => {
    expect(await session.run('verify')).toEqual({ code: 0, stdout: '✓ @acme/pdf-tools@1.0.0\n', stderr: '' });
    expect(await problems()).toEqual({ code: 0, codes: [] });
  });

  it('tells of what skills.json wants and nobody has installed yet, unless it is asked of others', async () => {
    const wants = '{"skills": {"@acme/pdf-tools": "*", "@acme/csv-summary": "^1.0.0", "mine": "file:./mine"}}';
    await writeFile(join(session.cwd, 'skills.json'), wants);
    const missing = (key: string) => `note: skills.json also wants ${key}, which is not installed: skills install\n`;
    expect(await session.run('verify')).toEqual({
      code: 0,
      stdout: '✓ @acme/pdf-tools@1.0.0\n',
      stderr: missing('@acme/csv-summary') + missing('mine'),
    });
    expect(await session.run('verify', 'pdf-tools')).toMatchObject({ code: 0, stderr: '' });
  });

  it.each<[string, () => Promise<void>]>([
    ['a changed file', () => writeFile(installed('SKILL.md'), 'x')],
    ['another executable bit', () => chmod(installed('scripts/run.sh'), 0o644)],
    ['a file more, however hidden', () => writeFile(installed('.evil'), 'x')],
    ['a file less', () => rm(installed('scripts/run.sh'))],
    ['a symlink', () => symlink('/etc/passwd', installed('link.md'))],
    [
      'a file in node_modules',
      async () => {
        await mkdir(installed('node_modules'));
        await writeFile(installed('node_modules/a.js'), 'x');
      },
    ],
  ])('finds %s', async (_what, change) => {
    await change();
    expect(await problems()).toEqual({ code: 1, codes: ['modified'] });
    const { code, stdout } = await session.run('verify', 'pdf-tools');
    expect([code, stdout]).toEqual([
      1,
      expect.stringContaining(
        'fix: Install it again, which overwrites the changes: skills install @acme/pdf-tools@1.0.0',
      ),
    ]);
  });

  it('finds a skill that is gone', async () => {
    await rm(installed('.'), { recursive: true });
    expect(await problems()).toEqual({ code: 1, codes: ['missing'] });
  });

  it('finds a version that was yanked', async () => {
    await session.run('login', '--token', key);
    expect((await session.run('yank', '@acme/pdf-tools@1.0.0')).stdout).toBe('Yanked @acme/pdf-tools@1.0.0\n');
    expect(await problems()).toEqual({ code: 1, codes: ['withdrawn'] });
    expect((await session.run('yank', '@acme/pdf-tools@1.0.0')).stdout).toContain(
      'was yanked before; nothing changed.',
    );
    expect((await session.json('yank', 'acme/pdf-tools@1.0.0', '--undo')).document).toEqual({
      ref: '@acme/pdf-tools@1.0.0',
      yanked: false,
      changed: true,
    });
    expect(await problems()).toEqual({ code: 0, codes: [] });
  });

  it('finds other bytes under the same version, and a signature that is not good', async () => {
    tamper = async (path, response) =>
      path.endsWith('/1.0.0')
        ? Response.json({ ...(await response.json<object>()), sha256: '0'.repeat(64) })
        : response;
    expect(await problems()).toEqual({ code: 1, codes: ['digest_mismatch'] });
    tamper = (path, response) => (path.endsWith('/sig') ? new Response(new Uint8Array(512).fill(1)) : response);
    expect(await problems()).toEqual({ code: 1, codes: ['bad_signature'] });
  });

  it('accuses nobody when the record and the registry differ in the archive alone', async () => {
    const lock = join(session.cwd, 'skills.lock');
    const text = await readFile(lock, 'utf8');
    const [, sha256 = ''] = /"sha256": "([0-9a-f]{64})"/.exec(text) ?? [];
    const edited = 'ab'.repeat(32);
    await writeFile(lock, text.replace(sha256, edited));
    expect(await session.run('verify')).toEqual({
      code: 1,
      stdout: `✗ @acme/pdf-tools@1.0.0
  ${REGISTRY} serves @acme/pdf-tools@1.0.0 as an archive with the SHA-256 ${sha256}, but the record of its install says ${edited}, for the same files: the record was changed, or the registry serves another archive of these files.
  fix: See who changed the record (skills.lock in a project). If nobody did, tell the operator of the registry.
`,
      stderr: '',
    });
    expect(await problems()).toEqual({ code: 1, codes: ['digest_mismatch'] });
    await writeFile(lock, text);
    tamper = async (path, response) =>
      path.endsWith('/1.0.0')
        ? Response.json({ ...(await response.json<object>()), tree_digest: '0'.repeat(64) })
        : response;
    const { stdout } = await session.run('verify');
    expect(stdout).toContain('serves other bytes as @acme/pdf-tools@1.0.0 than those that were installed.');
  });

  it('does not take another good signature for this one', async () => {
    await publish(session.world, key, { name: 'csv-summary' });
    tamper = (path, response) =>
      path.endsWith('/sig') ? session.world.fetch('/v1/download/acme/csv-summary/1.0.0/sig') : response;
    expect(await problems()).toEqual({ code: 1, codes: ['bad_signature'] });
  });

  it('compares with the disk even when the registry cannot be asked, and does not call that good', async () => {
    tamper = () => {
      throw new TypeError('fetch failed');
    };
    const away = `registry was not asked: The registry ${REGISTRY} cannot be reached: fetch failed.`;
    expect(await session.json('verify')).toMatchObject({
      code: 1,
      document: {
        ok: false,
        skills: [{ problems: [{ code: 'network', message: `@acme/pdf-tools@1.0.0 is as installed; the ${away}` }] }],
      },
    });
    await writeFile(installed('SKILL.md'), 'x');
    expect(await problems()).toEqual({ code: 1, codes: ['modified', 'network'] });
    expect((await session.run('verify')).stdout).toContain(`\n  The ${away}\n`);
  });

  it('compares with the disk even when the registry refuses the key', async () => {
    const refused = await hubSession({ ...session, env: { SKILLS_TOKEN: 'skh_revoked' } });
    expect(await refused.json('verify')).toMatchObject({
      code: 4,
      document: {
        skills: [{ problems: [{ code: 'unauthorized', message: expect.stringContaining('is as installed') }] }],
      },
    });
  });

  it('sends SKILLS_TOKEN to the chosen registry only', async () => {
    const elsewhere = await hubSession({
      world: session.world,
      cwd: session.cwd,
      home: session.home,
      env: { SKILLS_REGISTRY: 'http://other.test', SKILLS_TOKEN: key },
    });
    expect((await elsewhere.run('verify')).code).toBe(0);
    expect(
      new Set(elsewhere.sent.map(({ url, headers }) => `${new URL(url).origin} ${'authorization' in headers}`)),
    ).toEqual(new Set([`${REGISTRY} false`]));
  });

  it('says what is not installed, and that nothing is', async () => {
    expect(await session.run('verify', 'nope')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("'nope' is not installed"),
    });
    expect(await session.run('verify', '-g')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('No skills are installed in '),
    });
  });
});

describe('skills list', () => {
  it('lists what is installed', async () => {
    expect((await session.run('list')).stdout).toBe(`@acme/pdf-tools  1.0.0  ${REGISTRY}\n`);
    expect((await session.json('ls')).document).toMatchObject({
      root: session.cwd,
      skills: [{ name: 'pdf-tools', version: '1.0.0' }],
    });
    expect((await session.run('list', '-g')).stdout).toContain('No skills are installed in ');
  });
});

describe('skills yank', () => {
  it('needs the key of the namespace', async () => {
    expect(await session.run('yank', '@acme/pdf-tools@1.0.0')).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('This needs an API key.\nfix: '),
    });
    const other = await newNamespace(session.world, 'other');
    await session.run('login', '--token', other.key);
    expect(await session.run('yank', '@acme/pdf-tools@1.0.0')).toMatchObject({
      code: 4,
      stderr: expect.stringContaining("not to 'acme'"),
    });
  });
});
