import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { writeTarGz } from '../../src/format/archive.ts';
import { newNamespace, publish, skill, upload } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';
import { tree, writeFiles } from './files.ts';
import { hubSession, REGISTRY } from './hub.ts';

let world: World;
let key: string;

const LOGO = new Uint8Array([137, 80, 78, 71, 0, 255]);
const DESCRIPTION = 'Reads and writes PDF files, for tests.';
const MAIN = `---
name: pdf-tools
description: ${DESCRIPTION}
metadata:
  version: "1.1.0"
---

# PDF tools

Read the form with scripts/run.sh.
`;

beforeEach(async () => {
  world = await createWorld();
  ({ key } = await newNamespace(world, 'acme'));
  await publish(world, key, { version: '1.0.0' });
  const { files } = skill({ files: { 'SKILL.md': MAIN, 'scripts/run.sh': 'echo one\n' } });
  files.push({ path: 'assets/logo.png', bytes: LOGO, executable: false });
  expect((await upload(world, key, await writeTarGz({ files }))).status).toBe(202);
  await world.drain();
});

describe('skills use', () => {
  it('prints a skill as a prompt, and installs nothing', async () => {
    const session = await hubSession({ world });
    const { code, stdout, stderr } = await session.run('use', '@acme/pdf-tools');
    expect([code, stdout]).toEqual([
      0,
      `# Skill: @acme/pdf-tools@1.1.0

${DESCRIPTION}

Its other files; read one with \`skills use @acme/pdf-tools@1.1.0 --file <path>\`:
- assets/logo.png (6 B)
- scripts/run.sh (9 B)

---

# PDF tools

Read the form with scripts/run.sh.
`,
    ]);
    expect(stderr).toMatch(/^note: trusting the key \S+ of http:\/\/hub\.test from now on\.\n$/);
    expect(await tree(join(session.cwd, '.agents'))).toEqual([]);
    expect(await tree(session.cwd)).not.toContain('skills.lock');
    expect(await tree(join(session.home, '.skills'))).not.toContain('index.json');
  });

  it('takes ranges and bare names, says which registry to ask further, and lists no files where there are none', async () => {
    const session = await hubSession({ world, env: { SKILLS_REGISTRY: 'http://nobody.test' } });
    const { code, stdout } = await session.run('use', 'pdf-tools@^1.0', '--registry', REGISTRY);
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining(`\`skills use @acme/pdf-tools@1.1.0 --file <path> --registry ${REGISTRY}\``),
    ]);
    const alone = (await session.run('use', 'acme/pdf-tools@1.0.0', '--registry', REGISTRY)).stdout;
    expect(alone).toMatch(/^# Skill: @acme\/pdf-tools@1\.0\.0\n\n.+\n\n---\n\n/);
  });

  it('answers in JSON', async () => {
    const session = await hubSession({ world });
    expect((await session.json('use', 'pdf-tools')).document).toEqual({
      namespace: 'acme',
      name: 'pdf-tools',
      version: '1.1.0',
      registry: REGISTRY,
      description: DESCRIPTION,
      body: '# PDF tools\n\nRead the form with scripts/run.sh.',
      files: [
        { path: 'assets/logo.png', size: 6 },
        { path: 'scripts/run.sh', size: 9 },
      ],
    });
    const file = async (path: string) => (await session.json('use', 'pdf-tools', '--file', path)).document;
    const skill = { namespace: 'acme', name: 'pdf-tools', version: '1.1.0' };
    expect(await file('scripts/run.sh')).toEqual({
      ...skill,
      file: { path: 'scripts/run.sh', size: 9, encoding: 'utf-8', content: 'echo one\n' },
    });
    expect(await file('assets/logo.png')).toEqual({
      ...skill,
      file: { path: 'assets/logo.png', size: 6, encoding: 'base64', content: Buffer.from(LOGO).toString('base64') },
    });
  });

  it('prints one file as it is, but no binary one on a terminal', async () => {
    const session = await hubSession({ world });
    expect((await session.run('use', 'pdf-tools', '--file', 'scripts/run.sh')).stdout).toBe('echo one\n');
    expect((await session.run('use', 'pdf-tools', '--file', 'assets/logo.png')).stdout).toBe(
      Buffer.from(LOGO).toString(),
    );
    const terminal = await hubSession({ world, terminal: { stdin: true, stdout: true, stderr: false } });
    expect((await terminal.run('use', 'pdf-tools', '--file', 'scripts/run.sh')).stdout).toBe('echo one\n');
    expect(await terminal.run('use', 'pdf-tools', '--file', 'assets/logo.png')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(
        'error: assets/logo.png is not text.\nfix: Send it to a file: skills use … --file assets/logo.png > logo.png\n',
      ),
    });
  });

  it.each([
    ['script/run.sh', 'Did you mean scripts/run.sh?'],
    ['run.sh', 'Did you mean scripts/run.sh?'],
    ['../secret', 'See which there are: skills info @acme/pdf-tools@1.1.0 --files'],
  ])('has no file %s', async (path, fix) => {
    const session = await hubSession({ world });
    const message = `@acme/pdf-tools@1.1.0 has no file '${path}'.`;
    expect(await session.json('use', 'pdf-tools', '--file', path)).toMatchObject({
      code: 1,
      document: { error: { code: 'not_found', message, fix } },
    });
  });

  it('works without the network for a version that was used before', async () => {
    const session = await hubSession({ world });
    const { stdout } = await session.run('use', '@acme/pdf-tools@1.1.0');
    const before = session.sent.length;
    expect(await session.run('use', '@acme/pdf-tools@1.1.0', '--offline')).toEqual({ code: 0, stdout, stderr: '' });
    expect(session.sent).toHaveLength(before);
    expect(await session.json('use', '@acme/pdf-tools@1.0.0', '--offline')).toMatchObject({
      code: 1,
      document: { error: { code: 'not_cached' } },
    });
  });

  it('prints nothing of an archive that is not what the registry signed', async () => {
    const session = await hubSession({
      world,
      tamper: async (path, response) =>
        path.endsWith('/sig') ? new Response(new Uint8Array(512), { status: 200 }) : response,
    });
    const { code, stdout, stderr } = await session.run('use', '@acme/pdf-tools');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: .*signature/);
  });

  it('asks the registry of a namespace only', async () => {
    const session = await hubSession({ world });
    await writeFiles(session.cwd, { 'skills.json': '{"registries": {"@acme": "http://private.test"}}' });
    await session.run('use', '@acme/pdf-tools');
    expect(session.sent.every(({ url }) => url.startsWith('http://private.test/'))).toBe(true);
    expect(session.sent).not.toEqual([]);
    expect(await session.json('use', 'pdf-tools')).toMatchObject({
      code: 1,
      document: { error: { code: 'registry_conflict', fix: 'Name it in full: skills use @acme/pdf-tools' } },
    });
  });

  it('warns of what the registry doubts', async () => {
    const session = await hubSession({
      world,
      tamper: async (path, response) => {
        if (!/^\/v1\/packages\/acme\/pdf-tools\/[^/]+$/.test(path)) return response;
        return Response.json({ ...(await response.json<object>()), verdict: 'suspicious' });
      },
    });
    const { code, stderr } = await session.run('use', '@acme/pdf-tools');
    expect(code).toBe(0);
    expect(stderr).toContain(
      'warning: the registry calls @acme/pdf-tools@1.1.0 suspicious; see why: skills info @acme/pdf-tools@1.1.0\n',
    );
  });
});
