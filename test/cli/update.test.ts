import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { newNamespace, postJson, publish } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';
import { tree, writeFiles } from './files.ts';
import { type HubSession, hubSession, REGISTRY } from './hub.ts';

let world: World;
let acme: { key: string; headers: { authorization: string } };
let session: HubSession;

beforeEach(async () => {
  world = await createWorld();
  acme = await newNamespace(world, 'acme');
  for (const version of ['1.0.0', '1.1.0', '2.0.0'])
    await publish(world, acme.key, { version, files: { 'notes.md': `${version}\n`, [`only-${version}.md`]: 'x' } });
  await publish(world, acme.key, { name: 'csv-summary' });
  session = await hubSession({ world });
});

const lock = async () => JSON.parse(await readFile(join(session.cwd, 'skills.lock'), 'utf8')).skills;
const manifest = async () => JSON.parse(await readFile(join(session.cwd, 'skills.json'), 'utf8')).skills;
const place = (name: string) => join(session.cwd, '.agents/skills', name);
/** A project that took 1.0.0 when there was nothing newer in its range. */
async function behind(range = '^1.0.0'): Promise<void> {
  await session.run('install', 'pdf-tools@1.0.0', 'csv-summary');
  const text = await readFile(join(session.cwd, 'skills.json'), 'utf8');
  await writeFiles(session.cwd, { 'skills.json': text.replace('"1.0.0"', `"${range}"`) });
}
const yank = (version: string) => postJson(world, `/v1/packages/acme/pdf-tools/${version}/yank`, {}, acme.headers);

describe('skills update', () => {
  it('brings the newest versions within the ranges, and says what changed', async () => {
    await behind();
    expect((await session.run('update')).stdout).toBe(
      [
        `✓ @acme/pdf-tools@1.1.0 (was 1.0.0) -> ${place('pdf-tools')}`,
        '    M SKILL.md +1 -1',
        '    M notes.md +1 -1',
        '    D only-1.0.0.md',
        '    A only-1.1.0.md',
        '',
      ].join('\n'),
    );
    expect([await manifest(), (await lock())['@acme/pdf-tools'].version]).toEqual([
      { '@acme/csv-summary': '^1.0.0', '@acme/pdf-tools': '^1.0.0' },
      '1.1.0',
    ]);
    expect(await session.run('update')).toEqual({ code: 0, stdout: 'Everything is up to date.\n', stderr: '' });
    expect((await session.run('ci')).code).toBe(0);
  });

  it('only tells with --dry-run', async () => {
    await behind();
    const before = [await tree(session.cwd), await lock()];
    const { document } = await session.json('update', '--dry-run', '--latest');
    expect(document).toMatchObject({
      dryRun: true,
      updated: [
        {
          name: 'pdf-tools',
          change: 'updated',
          from: '1.0.0',
          version: '2.0.0',
          files: [
            { path: 'SKILL.md', change: 'changed', insertions: 1, deletions: 1 },
            { path: 'notes.md', change: 'changed' },
            { path: 'only-1.0.0.md', change: 'removed' },
            { path: 'only-2.0.0.md', change: 'added' },
          ],
        },
      ],
      removed: [],
    });
    const { stdout } = await session.run('update', '--dry-run');
    expect(stdout).toMatch(
      /^→ @acme\/pdf-tools@1\.1\.0 [\s\S]*\nNothing was changed: leave out --dry-run to do it\.\n$/,
    );
    expect([await tree(session.cwd), await lock()]).toEqual(before);
  });

  it('goes past the ranges with --latest, and notes the new ones', async () => {
    await behind();
    await session.run('update', '--latest', 'pdf-tools');
    expect(await manifest()).toEqual({ '@acme/csv-summary': '^1.0.0', '@acme/pdf-tools': '^2.0.0' });
    expect((await session.run('ci')).code).toBe(0);
  });

  it('never brings what is older than what is here', async () => {
    await publish(world, acme.key, { version: '3.0.0-rc.1' });
    await session.run('install', 'pdf-tools@3.0.0-rc.1');
    expect((await session.run('update', '--latest')).stdout).toBe('Everything is up to date.\n');
  });

  it('leaves what is not named', async () => {
    await behind();
    await publish(world, acme.key, { name: 'csv-summary', version: '1.5.0' });
    await session.run('update', '@acme/csv-summary');
    expect(await lock()).toMatchObject({
      '@acme/csv-summary': { version: '1.5.0' },
      '@acme/pdf-tools': { version: '1.0.0' },
    });
  });

  it('gets away from a version that was withdrawn, and does not stumble over one that stays', async () => {
    await behind();
    await yank('1.0.0');
    expect((await session.run('install', 'csv-summary')).code).toBe(0);
    expect((await lock())['@acme/pdf-tools'].version).toBe('1.0.0');
    await session.run('update');
    expect((await lock())['@acme/pdf-tools'].version).toBe('1.1.0');
  });

  it.each([
    ['has no version any more', ['1.0.0', '1.1.0', '2.0.0']],
    ['has none any more in the range that is wanted', ['1.0.0', '1.1.0']],
  ])('keeps a skill that %s, and updates the others', async (_what, versions) => {
    await behind();
    for (const version of versions) await yank(version);
    await publish(world, acme.key, { name: 'csv-summary', version: '1.5.0' });
    expect(await session.run('update')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('@acme/csv-summary@1.5.0 (was 1.0.0)'),
      stderr:
        'warning: no version of @acme/pdf-tools can be installed any more that will do; @acme/pdf-tools@1.0.0 stays.\n',
    });
    expect(await lock()).toMatchObject({
      '@acme/csv-summary': { version: '1.5.0' },
      '@acme/pdf-tools': { version: '1.0.0' },
    });
    expect(await tree(place('pdf-tools'))).toContain('only-1.0.0.md');
  });

  it('leaves the range of which nothing is left with --latest', async () => {
    await behind();
    for (const version of ['1.0.0', '1.1.0']) await yank(version);
    expect(await session.run('update', '--latest')).toMatchObject({ code: 0, stderr: '' });
    expect((await lock())['@acme/pdf-tools'].version).toBe('2.0.0');
  });

  it('is for the user with -g', async () => {
    await session.run('install', '-g', 'pdf-tools@^1.0.0');
    await publish(world, acme.key, { version: '1.2.0' });
    await session.run('update', '-g');
    expect(await tree(join(session.home, '.skills/pdf-tools'))).toContain('1.2.0/SKILL.md');
    await session.run('update', '-g', '--latest');
    const { skills } = JSON.parse(await readFile(join(session.home, '.skills/index.json'), 'utf8'));
    expect(skills['@acme/pdf-tools']).toMatchObject({ version: '2.0.0', requested: '^2.0.0' });
    expect(await tree(session.cwd)).toEqual([]);
  });

  it('warns of a version that stays and is deprecated, once', async () => {
    await session.run('install', 'pdf-tools@1.0.0', 'csv-summary');
    const owner = await hubSession({ world, env: { SKILLS_TOKEN: acme.key } });
    for (const name of ['@acme/pdf-tools', '@acme/csv-summary'])
      expect((await owner.run('deprecate', name, 'Use @acme/pdf-kit.')).code).toBe(0);
    const stdout = 'Everything is up to date.\n';
    const [csv, pdf] = ['csv-summary@1.0.0', 'pdf-tools@1.0.0'].map(
      (what) => `warning: @acme/${what} is deprecated: Use @acme/pdf-kit.\n`,
    );
    expect(await session.run('update')).toEqual({ code: 0, stdout, stderr: `${csv}${pdf}` });
    expect(await session.run('update', '--dry-run', 'pdf-tools')).toEqual({ code: 0, stdout, stderr: pdf });
    expect(await session.run('outdated')).toMatchObject({ stderr: `${csv}${pdf}` });
    await rm(place('pdf-tools'), { recursive: true });
    expect(await session.run('update')).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^(.*deprecated.*\n){2}$/),
    });
  });

  it('names what is not installed, with what may have been meant', async () => {
    await behind();
    expect(await session.json('update', 'pdf-tool')).toMatchObject({
      code: 1,
      document: { error: { code: 'not_installed', fix: 'Did you mean pdf-tools?' } },
    });
  });
});

describe('skills outdated', () => {
  it('shows what is, and what would be, and ends with 1', async () => {
    await behind();
    const rows = ['skill            current  wanted  latest  needed by', '@acme/pdf-tools  1.0.0    1.1.0   2.0.0'];
    expect(await session.run('outdated')).toEqual({ code: 1, stdout: `${rows.join('\n')}\n`, stderr: '' });
    expect((await session.json('outdated')).document).toEqual({
      scope: 'project',
      root: session.cwd,
      outdated: [
        {
          namespace: 'acme',
          name: 'pdf-tools',
          current: '1.0.0',
          wanted: '1.1.0',
          latest: '2.0.0',
          withdrawn: false,
          neededBy: [],
        },
      ],
      deprecated: [],
      missing: [],
    });
    await session.run('update', '--latest');
    expect(await session.run('outdated')).toEqual({ code: 0, stdout: 'Everything is up to date.\n', stderr: '' });
  });

  it('heeds the ranges of other skills', async () => {
    await publish(world, acme.key, {
      name: 'report-writer',
      files: { 'skill.yaml': 'name: report-writer\ndependencies:\n  - pdf-tools@~1.0.0\n' },
    });
    await session.run('install', 'report-writer');
    expect((await session.json('outdated')).document).toMatchObject({
      outdated: [
        { name: 'pdf-tools', current: '1.0.0', wanted: '1.0.0', latest: '2.0.0', neededBy: ['@acme/report-writer'] },
      ],
    });
  });

  it('shows what was withdrawn, though there is nothing newer', async () => {
    await session.run('install', 'pdf-tools@2.0.0');
    await yank('2.0.0');
    expect((await session.json('outdated')).document).toMatchObject({
      outdated: [{ current: '2.0.0', latest: '1.1.0', withdrawn: true }],
    });
    expect((await session.run('outdated')).stdout).toContain('2.0.0 (withdrawn)  -       1.1.0');
  });

  it('tells of what is deprecated since, though it is the newest', async () => {
    await session.run('install', 'pdf-tools', 'csv-summary');
    const owner = await hubSession({ world, env: { SKILLS_TOKEN: acme.key } });
    expect((await owner.run('deprecate', '@acme/pdf-tools', 'Use @acme/pdf-kit.')).code).toBe(0);
    expect(await session.run('outdated')).toEqual({
      code: 0,
      stdout: 'Everything is up to date.\n',
      stderr: 'warning: @acme/pdf-tools@2.0.0 is deprecated: Use @acme/pdf-kit.\n',
    });
    expect((await session.json('outdated')).document).toMatchObject({
      outdated: [],
      deprecated: [{ namespace: 'acme', name: 'pdf-tools', current: '2.0.0', message: 'Use @acme/pdf-kit.' }],
    });
  });

  it('lists what skills.json wants and nobody has installed yet', async () => {
    await session.run('install', 'csv-summary');
    await writeFiles(session.cwd, {
      'skills.json': '{"skills": {"@acme/csv-summary": "*", "@acme/pdf-tools": "^1.0.0", "mine": "file:./mine"}}',
    });
    const rows = [
      'skill            current  wanted       latest  needed by',
      '@acme/pdf-tools  missing  ^1.0.0       -',
      'mine             missing  file:./mine  -',
    ];
    expect(await session.run('outdated')).toEqual({ code: 1, stdout: `${rows.join('\n')}\n`, stderr: '' });
    expect(await session.json('outdated')).toMatchObject({
      code: 1,
      document: {
        outdated: [],
        missing: [
          { namespace: 'acme', name: 'pdf-tools', requested: '^1.0.0' },
          { name: 'mine', requested: 'file:./mine' },
        ],
      },
    });
  });

  it('fails when the registry cannot be asked', async () => {
    await behind();
    const away = await hubSession({
      world,
      cwd: session.cwd,
      home: session.home,
      tamper: () => {
        throw new TypeError('fetch failed');
      },
    });
    expect(await away.json('outdated')).toMatchObject({ code: 1, document: { error: { code: 'network' } } });
  });
});

describe('skills list', () => {
  it('shows what is missing on disk, and who was made to see a skill', async () => {
    await session.run('install', 'pdf-tools@^1.0.0', 'csv-summary', '-a', 'goose');
    await rm(place('pdf-tools'), { recursive: true });
    expect((await session.run('list')).stdout).toBe(
      `@acme/csv-summary  1.0.0  ${REGISTRY}  (goose)\n@acme/pdf-tools    1.1.0  ${REGISTRY}  (missing: run \`skills install\`, goose)\n`,
    );
    expect((await session.json('list')).document).toMatchObject({
      scope: 'project',
      root: session.cwd,
      skills: [
        { name: 'csv-summary', state: 'installed', requested: '^1.0.0', path: place('csv-summary'), neededBy: [] },
        { name: 'pdf-tools', state: 'missing', requested: '^1.0.0', agents: ['goose'] },
      ],
    });
  });
});

describe('skills uninstall', () => {
  it('takes a skill out of skills.json that was never installed', async () => {
    await session.run('install', 'csv-summary');

    await writeFiles(session.cwd, { 'skills.json': '{"skills": {"@acme/csv-summary": "*", "@acme/pdf-tools": "^9"}}' });
    expect((await session.run('uninstall', 'pdf-tools')).code).toBe(0);
    expect(await manifest()).toEqual({ '@acme/csv-summary': '*' });
  });

  it.each([
    ['csv-summry', 'Did you mean csv-summary?'],
    ['zzzzzzzz', 'See what is: skills list'],
  ])('knows no %s', async (name, fix) => {
    await session.run('install', 'csv-summary');
    expect(await session.json('uninstall', name)).toMatchObject({
      code: 1,
      document: { error: { code: 'not_installed', fix } },
    });
  });

  it('needs a name', async () => {
    expect((await session.run('uninstall')).code).toBe(2);
  });
});
