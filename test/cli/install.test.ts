import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { newNamespace, publish } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';
import { tree } from './files.ts';
import { hubSession, REGISTRY } from './hub.ts';

let world: World;
let key: string;

beforeEach(async () => {
  world = await createWorld();
  ({ key } = await newNamespace(world, 'acme'));
  await publish(world, key, { version: '1.0.0', files: { 'scripts/run.sh': 'echo one\n' } });
  await publish(world, key, { version: '1.1.0' });
  await publish(world, key, { version: '2.0.0' });
});

interface InstalledIndex {
  skills: Record<string, Record<string, string>>;
}

const WHOLE_PROJECT = ['.agents', '.agents/skills', '.agents/skills/.installed.json', 'skills.json', 'skills.lock'];
const readJson = async <T>(...path: string[]): Promise<T> => JSON.parse(await readFile(join(...path), 'utf8'));

describe('skills install', () => {
  it('installs the latest version with its record, and pins the key', async () => {
    const session = await hubSession({ world });
    const { code, stdout, stderr } = await session.run('install', '@acme/pdf-tools');
    const path = join(session.cwd, '.agents/skills/pdf-tools');
    expect([code, stdout]).toEqual([0, `✓ @acme/pdf-tools@2.0.0 -> ${path}\n`]);
    expect(stderr).toMatch(/^note: trusting the key \S+ of http:\/\/hub\.test from now on\.\n$/);
    const installed = ['.agents/skills/pdf-tools', '.agents/skills/pdf-tools/SKILL.md'];
    expect(await tree(session.cwd)).toEqual([...WHOLE_PROJECT, ...installed].sort());
    const metadata = await (await world.fetch('/v1/packages/acme/pdf-tools/2.0.0')).json<Record<string, string>>();
    expect(await readJson(session.cwd, 'skills.json')).toEqual({ skills: { '@acme/pdf-tools': '^2.0.0' } });
    const record = {
      version: '2.0.0',
      registry: REGISTRY,
      sha256: metadata.sha256,
      treeDigest: metadata.tree_digest,
      keyId: metadata.key_id,
      log: { position: 3 },
    };
    const lock = { lockfileVersion: 1, skills: { '@acme/pdf-tools': record } };
    expect(await readJson(session.cwd, 'skills.lock')).toEqual(lock);
    const config = await readJson<{ registries: Record<string, { keys: object }> }>(
      session.home,
      '.skills/config.json',
    );
    expect(Object.keys(config.registries[REGISTRY]?.keys ?? {})).toEqual([metadata.key_id]);
    expect((await session.run('install', '@acme/pdf-tools')).stderr).toBe('');
  });

  it('takes ranges, exact versions and bare names, several at once', async () => {
    await publish(world, key, { name: 'csv-summary' });
    const session = await hubSession({ world });
    const { code, document } = await session.json('install', 'acme/pdf-tools@^1.0', 'csv-summary@1.0.0');
    expect([code, document]).toMatchObject([
      0,
      {
        installed: [
          { name: 'pdf-tools', version: '1.1.0' },
          { name: 'csv-summary', version: '1.0.0' },
        ],
      },
    ]);
    const { skills } = await readJson<InstalledIndex>(session.cwd, 'skills.lock');
    expect(Object.keys(skills)).toEqual(['@acme/csv-summary', '@acme/pdf-tools']);
    expect(await readJson(session.cwd, 'skills.json')).toEqual({
      skills: { '@acme/csv-summary': '1.0.0', '@acme/pdf-tools': '^1.0' },
    });
  });

  it('installs for the user with --global, below SKILLS_HOME when that is set', async () => {
    const session = await hubSession({ world });
    expect((await session.run('install', '-g', 'pdf-tools')).code).toBe(0);
    expect(await tree(session.cwd)).toEqual([]);
    const files = join(session.home, '.skills/pdf-tools/2.0.0');
    expect(await tree(files)).toEqual(['SKILL.md']);
    expect(await realpath(join(session.home, '.agents/skills/pdf-tools'))).toBe(await realpath(files));
    const { skills } = await readJson<InstalledIndex>(session.home, '.skills/index.json');
    expect(skills).toMatchObject({ '@acme/pdf-tools': { version: '2.0.0', requested: '^2.0.0' } });
    const elsewhere = await hubSession({ world, env: { SKILLS_HOME: join(session.cwd, 'hub-home') } });
    await elsewhere.run('install', '-g', 'pdf-tools');
    expect(await tree(join(session.cwd, 'hub-home/pdf-tools'))).toEqual(['2.0.0', '2.0.0/SKILL.md']);
    expect(await realpath(join(elsewhere.home, '.agents/skills/pdf-tools'))).toContain('/hub-home/pdf-tools/2.0.0');
  });

  it('goes from one version to another', async () => {
    const session = await hubSession({ world });
    await session.run('install', 'pdf-tools@1.0.0');
    await session.run('install', 'pdf-tools@2.0.0');
    expect(await tree(join(session.cwd, '.agents/skills'))).toEqual([
      '.installed.json',
      'pdf-tools',
      'pdf-tools/SKILL.md',
    ]);
    await session.run('install', '-g', 'pdf-tools@1.0.0');
    await session.run('install', '-g', 'pdf-tools@2.0.0');
    expect(await tree(join(session.home, '.skills/pdf-tools'))).toEqual(['2.0.0', '2.0.0/SKILL.md']);
    expect(await realpath(join(session.home, '.agents/skills/pdf-tools'))).toMatch(/\/2\.0\.0$/);
  });

  it('does not choose between namespaces', async () => {
    const other = await newNamespace(world, 'zeta');
    await publish(world, other.key);
    const session = await hubSession({ world });
    const { code, document } = await session.json('install', 'pdf-tools');
    const message = "2 namespaces have a skill 'pdf-tools': @acme/pdf-tools, @zeta/pdf-tools.";
    expect([code, document]).toEqual([
      1,
      { error: { code: 'ambiguous_name', message, fix: 'Name the one you mean. The oldest is @acme/pdf-tools.' } },
    ]);
  });

  it('finds a namesake on a later page of the search', async () => {
    const other = await newNamespace(world, 'zeta');
    await publish(world, other.key);
    const hit = {
      id: '1',
      name: 'pdf-tools',
      description: '',
      category: null,
      visibility: 'public',
      created_at: '2026-01-01T00:00:00Z',
    };
    const page = (namespace: string) => ({
      packages: [{ ...hit, namespace, latest_version: '1.0.0', verification: 'self_signed' }],
      total: 2,
      page_size: 1,
    });
    let asked = 0;
    const session = await hubSession({
      world,
      tamper: (path, response) =>
        path === '/v1/search' ? Response.json({ ...page(asked++ === 0 ? 'acme' : 'zeta'), page: asked }) : response,
    });
    expect(await session.json('install', 'pdf-tools')).toMatchObject({
      code: 1,
      document: { error: { code: 'ambiguous_name' } },
    });
  });

  it('suggests what may have been meant', async () => {
    const session = await hubSession({ world });
    const { code, stderr } = await session.run('install', 'pdf-tolls');
    expect([code, stderr]).toEqual([
      1,
      `error: ${REGISTRY} has no skill 'pdf-tolls'.\nfix: Did you mean @acme/pdf-tools?\n`,
    ]);
    expect((await session.run('install', 'zzz')).stderr).toContain('fix: Look for it with `skills search zzz`.');
  });

  it.each([
    ['@acme/nothing', 1, 'not_found'],
    ['@acme/pdf-tools@9', 1, 'not_found'],
    ['@acme/pdf-tools@not a range', 1, 'invalid_request'],
    ['@acme/../evil', 2, 'invalid_name'],
    ['Bad_Name', 2, 'invalid_name'],
    ['@acme', 2, 'invalid_name'],
    ['', 2, 'invalid_name'],
  ])('cannot install %s', async (ref, exitCode, errorCode) => {
    const session = await hubSession({ world });
    const { code, document } = await session.json('install', ref);
    expect([code, document]).toEqual([
      exitCode,
      { error: { code: errorCode, message: expect.stringMatching(/.+/), fix: expect.stringMatching(/.+/) } },
    ]);
    expect(await tree(session.cwd)).toEqual([]);
  });

  it.each([
    ['pdf-tools@9', "No version of @acme/pdf-tools satisfies '9'."],
    ['pdf-tools@9.0.0', '@acme/pdf-tools has no version 9.0.0.'],
  ])('names the way to the versions that there are, for %s', async (ref, message) => {
    const session = await hubSession({ world });
    const error = { code: 'not_found', message, fix: 'See which there are: skills info @acme/pdf-tools --versions' };
    expect((await session.json('install', ref)).document).toEqual({ error });
    expect((await session.json('info', ref)).document).toEqual({ error });
    expect((await session.run('install', '@acme/nothing@9')).stderr).not.toContain('--versions');
  });

  it('says at Ctrl-C that nothing was installed, and ends with 130', async () => {
    const listeners: (() => void)[] = [];
    const exits: number[] = [];
    const session = await hubSession({
      world,
      onInterrupt: (listener) => void listeners.push(listener),
      exit(code) {
        exits.push(code);
        throw new Error('ended');
      },
      tamper(path, response) {
        if (path.startsWith('/v1/download/')) for (const listener of listeners) listener();
        return response;
      },
    });
    const { stderr } = await session.run('install', '@acme/pdf-tools');
    expect(stderr).toMatch(/^Interrupted; nothing was installed\.\n/);
    expect([...new Set(exits)]).toEqual([130]);
    expect(await tree(session.cwd)).toEqual([]);
  });

  it('writes nothing when one of several is bad', async () => {
    const session = await hubSession({ world });
    expect((await session.run('install', 'pdf-tools', '@acme/nothing')).code).toBe(1);
    expect(await tree(session.cwd)).toEqual([]);
  });

  it('does not overwrite the skill of another namespace', async () => {
    const other = await newNamespace(world, 'zeta');
    await publish(world, other.key);
    const session = await hubSession({ world });
    await session.run('install', '@acme/pdf-tools');
    const { code, document } = await session.json('install', '@zeta/pdf-tools');
    expect([code, document]).toMatchObject([
      1,
      {
        error: {
          code: 'conflict',
          message: "@acme/pdf-tools@2.0.0 is installed as 'pdf-tools' already.",
          fix: 'To have @zeta/pdf-tools@1.0.0 in its place, first: skills uninstall @acme/pdf-tools',
        },
      },
    ]);
    expect((await session.run('list')).stdout).toContain('@acme/pdf-tools  2.0.0');
  });
});
