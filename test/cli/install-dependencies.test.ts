import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { newNamespace, publish } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';
import { tree } from './files.ts';
import { type HubSession, hubSession, REGISTRY } from './hub.ts';

let world: World;
let key: string;
let session: HubSession;

beforeEach(async () => {
  world = await createWorld();
  ({ key } = await newNamespace(world, 'acme'));
  for (const version of ['1.0.0', '1.1.0', '2.0.0']) await publish(world, key, { name: 'csv-summary', version });
  session = await hubSession({ world });
});

/** Publishes a skill that depends on others, given as lines of skill.yaml. */
const publishWith = (name: string, version: string, ...dependencies: string[]) =>
  publish(world, key, {
    name,
    version,
    files: { 'skill.yaml': `name: ${name}\ndependencies:\n${dependencies.map((line) => `  - ${line}\n`).join('')}` },
  });

const lock = async () => JSON.parse(await readFile(join(session.cwd, 'skills.lock'), 'utf8')).skills;
const folders = async () => (await tree(join(session.cwd, '.agents/skills'))).filter((path) => !/[./]/.test(path));
const place = (name: string) => join(session.cwd, '.agents/skills', name);

describe('what a skill needs', () => {
  it('is installed with it, and what that needs in turn, under whatever name it is written', async () => {
    await publishWith('report-writer', '1.0.0', 'csv-summary@^1.0.0');
    await publishWith('office-kit', '1.0.0', '"@acme/report-writer@^1"', '"acme/csv-summary@*"');
    const { code, stdout } = await session.run('install', 'office-kit');
    expect([code, stdout.split('\n')]).toEqual([
      0,
      [
        `✓ @acme/office-kit@1.0.0 -> ${place('office-kit')}`,
        `✓ @acme/report-writer@1.0.0 -> ${place('report-writer')} (needed by @acme/office-kit)`,
        `✓ @acme/csv-summary@1.1.0 -> ${place('csv-summary')} (needed by @acme/office-kit, @acme/report-writer)`,
        '',
      ],
    ]);
    expect(await lock()).toMatchObject({
      '@acme/csv-summary': { version: '1.1.0' },
      '@acme/office-kit': { dependencies: { '@acme/csv-summary': '*', '@acme/report-writer': '^1' } },
      '@acme/report-writer': { dependencies: { '@acme/csv-summary': '^1.0.0' } },
    });
    expect(JSON.parse(await readFile(join(session.cwd, 'skills.json'), 'utf8'))).toEqual({
      skills: { '@acme/office-kit': '^1.0.0' },
    });
    expect((await session.run('verify')).code).toBe(0);
    expect((await session.run('list')).stdout).toBe(
      [
        `@acme/office-kit           1.0.0  ${REGISTRY}`,
        `├── @acme/csv-summary      1.1.0  ${REGISTRY}`,
        `└── @acme/report-writer    1.0.0  ${REGISTRY}`,
        `    └── @acme/csv-summary  1.1.0  ${REGISTRY}`,
        '',
      ].join('\n'),
    );
  });

  it('goes again with the last one that needs it', async () => {
    await publishWith('report-writer', '1.0.0', 'csv-summary');
    await publishWith('office-kit', '1.0.0', 'report-writer', 'csv-summary');
    await session.run('install', 'office-kit', 'report-writer');
    expect(await session.json('uninstall', 'csv-summary')).toMatchObject({
      code: 1,
      document: {
        error: { code: 'needed', message: '@acme/csv-summary is needed by @acme/office-kit, @acme/report-writer.' },
      },
    });
    expect(await session.run('uninstall', 'report-writer')).toMatchObject({
      code: 0,
      stderr: 'note: @acme/report-writer@1.0.0 stays, because another skill needs it.\n',
    });
    expect(await folders()).toEqual(['csv-summary', 'office-kit', 'report-writer']);
    expect((await session.json('remove', '@acme/office-kit')).document).toMatchObject({
      removed: [{ name: 'csv-summary' }, { name: 'office-kit' }, { name: 'report-writer' }],
      kept: [],
    });
    expect(await folders()).toEqual([]);
    expect([await lock(), JSON.parse(await readFile(join(session.cwd, 'skills.json'), 'utf8'))]).toEqual([
      {},
      { skills: {} },
    ]);
  });

  it('is told as a conflict with both who want it, and nothing is written', async () => {
    await publishWith('report-writer', '1.0.0', 'csv-summary@^1.0.0');
    await publishWith('office-kit', '1.0.0', 'csv-summary@^2.0.0');
    const { code, document } = await session.json('install', 'office-kit', 'report-writer');
    expect([code, document]).toMatchObject([1, { error: { code: 'dependency_conflict' } }]);
    expect(JSON.stringify(document)).toMatch(/office-kit.*report-writer/);
    expect(await tree(session.cwd)).toEqual([]);
    await session.run('install', 'report-writer');
    expect(await session.json('install', 'office-kit')).toMatchObject({
      code: 1,
      document: { error: { code: 'dependency_conflict' } },
    });
    expect(await folders()).toEqual(['csv-summary', 'report-writer']);
  });

  it('moves a locked skill only when it has to', async () => {
    await session.run('install', 'csv-summary@1.0.0');
    await session.run('install', 'csv-summary@>=1');
    expect((await lock())['@acme/csv-summary'].version).toBe('2.0.0');
    await publish(world, key, { name: 'csv-summary', version: '2.1.0' });
    await publishWith('report-writer', '1.0.0', 'csv-summary@>=2');
    await session.run('install', 'report-writer');
    expect((await lock())['@acme/csv-summary'].version).toBe('2.0.0');
    await publishWith('office-kit', '1.0.0', 'csv-summary@2.1.0');
    const { stdout } = await session.run('install', 'office-kit');
    expect(stdout).toContain(`✓ @acme/csv-summary@2.1.0 (was 2.0.0) -> ${place('csv-summary')}`);
    expect((await lock())['@acme/csv-summary'].version).toBe('2.1.0');
  });

  it('is left out when it is optional and not to be had', async () => {
    await publishWith(
      'report-writer',
      '1.0.0',
      '{ name: ocr-tools, version: "*", optional: true }',
      '{ name: csv-summary, version: ^1.0.0, optional: true }',
    );
    const { document } = await session.json('install', 'report-writer');
    expect(document).toMatchObject({
      installed: [{ name: 'report-writer' }, { name: 'csv-summary', version: '1.1.0' }],
      leftOut: [{ name: 'ocr-tools', range: '*', neededBy: '@acme/report-writer@1.0.0' }],
    });
    expect((await lock())['@acme/report-writer']).toMatchObject({
      dependencies: { '@acme/csv-summary': '^1.0.0' },
      optional: ['@acme/csv-summary'],
    });
    expect((await session.run('ci')).code).toBe(0);
    await publishWith('other', '1.0.0', 'csv-summary@^2.0.0');
    expect((await session.run('install', 'other')).stderr).toContain('goes without csv-summary@^1.0.0');
    expect((await lock())['@acme/csv-summary'].version).toBe('2.0.0');
  });

  it('is missing: that stops the install', async () => {
    await publishWith('report-writer', '1.0.0', 'nobody-made-this');
    expect(await session.json('install', 'report-writer')).toMatchObject({
      code: 1,
      document: { error: { code: 'dependency_missing' } },
    });
    expect(await tree(session.cwd)).toEqual([]);
  });

  it('may lead back to itself', async () => {
    await publishWith('report-writer', '1.0.0', 'office-kit');
    await publishWith('office-kit', '1.0.0', 'report-writer');
    await session.run('install', 'office-kit');
    expect(await folders()).toEqual(['office-kit', 'report-writer']);
    expect((await session.run('list')).stdout).toContain('(see above)');
    await session.run('uninstall', 'office-kit');
    expect(await folders()).toEqual([]);
  });
});
