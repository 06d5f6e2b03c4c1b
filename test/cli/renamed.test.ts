import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { done, merge, rename } from '../support/names.ts';
import { newNamespace, postJson, publish } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';
import { tree } from './files.ts';
import { hubSession, type Tamper } from './hub.ts';

const NOTE = 'note: @acme/pdf-tools is called @acme/pdf-kit now.\n';

let world: World;
let acme: { key: string; headers: { authorization: string } };

beforeEach(async () => {
  world = await createWorld();
  acme = await newNamespace(world);
  await publish(world, acme.key);
});

const renameIt = async () => done(await rename(world, acme.headers, 'pdf-tools', 'pdf-kit', 'acme'));
const installed = async (cwd: string): Promise<Record<string, object>> =>
  JSON.parse(await readFile(join(cwd, 'skills.lock'), 'utf8')).skills;

describe('a renamed skill', () => {
  it('is installed under its new name, whatever name it is asked for by', async () => {
    await renameIt();
    for (const [ref, note] of [
      ['@acme/pdf-tools', NOTE],
      ['@acme/pdf-tools@1.0.0', NOTE],
      ['@acme/pdf-kit', ''],
    ] as const) {
      const session = await hubSession({ world });
      const { code, stdout, stderr } = await session.run('install', ref);
      expect([code, stdout]).toEqual([0, `✓ @acme/pdf-kit@1.0.0 -> ${join(session.cwd, '.agents/skills/pdf-kit')}\n`]);
      expect(stderr.replace(/^note: trusting .*\n/m, '')).toBe(note);
      expect(await tree(join(session.cwd, '.agents/skills'))).toEqual([
        '.installed.json',
        'pdf-kit',
        'pdf-kit/SKILL.md',
      ]);
      expect(await installed(session.cwd)).toMatchObject({ '@acme/pdf-kit': { version: '1.0.0' } });
      expect(await session.run('verify')).toMatchObject({ code: 0, stdout: '✓ @acme/pdf-kit@1.0.0\n' });
    }
  });

  it('that was installed before is still vouched for', async () => {
    const session = await hubSession({ world });
    await session.run('install', '@acme/pdf-tools');
    await renameIt();
    expect(await session.run('verify')).toEqual({ code: 0, stdout: '✓ @acme/pdf-tools@1.0.0\n', stderr: '' });
    expect((await session.json('install', '@acme/pdf-tools')).document).toMatchObject({
      installed: [{ name: 'pdf-kit' }],
    });
    expect(Object.keys(await installed(session.cwd))).toEqual(['@acme/pdf-kit', '@acme/pdf-tools']);
  });

  it('has versions of both names', async () => {
    await renameIt();
    await publish(world, acme.key, { name: 'pdf-kit', version: '1.1.0' });
    const session = await hubSession({ world });
    for (const version of ['1.0.0', '1.1.0']) {
      const { code, document } = await session.json('install', `@acme/pdf-kit@${version}`);
      expect([code, document]).toMatchObject([0, { installed: [{ name: 'pdf-kit', version }] }]);
    }
    const { stdout } = await session.run('info', '@acme/pdf-tools', '--versions');
    expect(stdout).toMatch(/^@acme\/pdf-kit@1\.1\.0\n/);
    expect(stdout).toMatch(/^1\.1\.0 {2}\S+ {2}latest\n1\.0\.0 {2}\S+\n$/m);
  });

  it('is installed although a cache on the way remembers its old metadata', async () => {
    const before = await (await world.fetch('/v1/packages/acme/pdf-tools/1.0.0')).json();
    await renameIt();
    const tamper: Tamper = (path, response) =>
      path === '/v1/packages/acme/pdf-tools/1.0.0' ? Response.json(before) : response;
    const session = await hubSession({ world, tamper });
    expect(await session.json('install', '@acme/pdf-kit@1.0.0')).toMatchObject({ code: 0 });
  });

  it('that was given away afterwards is still installed, old versions too', async () => {
    const other = await newNamespace(world, 'other');
    await renameIt();
    await postJson(world, '/api/v1/skills/pdf-kit/transfer', { toUserHandle: 'other' }, acme.headers);
    const accepted = await postJson(world, '/api/v1/skills/pdf-kit/transfer/accept', {}, other.headers);
    expect(accepted.status).toBe(200);
    const session = await hubSession({ world });
    for (const ref of ['@other/pdf-kit@1.0.0', '@acme/pdf-tools']) {
      const { code, document } = await session.json('install', ref);
      expect([code, document]).toMatchObject([0, { installed: [{ namespace: 'other', name: 'pdf-kit' }] }]);
    }
  });
});

it('a merged skill brings the one that took its place, but for the number of its own version', async () => {
  await publish(world, acme.key, { name: 'pdf-suite', version: '2.0.0' });
  await done(await merge(world, acme.headers, 'pdf-tools', { targetSlug: 'pdf-suite' }));
  const session = await hubSession({ world });
  const { stderr } = await session.run('install', '@acme/pdf-tools');
  expect(stderr).toContain('note: @acme/pdf-tools is called @acme/pdf-suite now.\n');
  expect(await session.run('install', '@acme/pdf-tools@1.0.0')).toMatchObject({ code: 0, stderr: '' });
  expect(await installed(session.cwd)).toMatchObject({
    '@acme/pdf-suite': { version: '2.0.0' },
    '@acme/pdf-tools': { version: '1.0.0' },
  });
  expect(await session.run('verify')).toMatchObject({ code: 0 });
});

describe('a registry that answers with another skill', () => {
  const answer =
    (change: Record<string, unknown>): Tamper =>
    async (path, response) =>
      path === '/v1/packages/acme/pdf-tools/latest'
        ? Response.json({ ...(await response.json<object>()), ...change })
        : response;

  it.each([
    ['that it does not have', { name: 'pdf-kit' }, 'the registry answers with @acme/pdf-kit@1.0.0'],
    ['that is another one there', { name: 'csv-summary' }, 'the registry answers with @acme/csv-summary@1.0.0'],
    ['whose name is a path', { name: '../../evil' }, 'the registry answers with @acme/../../evil@1.0.0'],
    ['whose namespace is one', { namespace: '..' }, 'the registry answers with @../pdf-tools@1.0.0'],
  ])('%s is not believed', async (_, change, reason) => {
    await publish(world, acme.key, { name: 'csv-summary' });
    const session = await hubSession({ world, tamper: answer(change) });
    const { code, stderr } = await session.run('install', '@acme/pdf-tools');
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(`@acme/pdf-tools is not what was asked for: ${reason}.`),
    ]);
    expect(await tree(session.cwd)).toEqual([]);
  });

  it('even when it sticks to a name that is a path', async () => {
    const tamper: Tamper = async (path, response) =>
      path.startsWith('/v1/packages/')
        ? Response.json({
            ...(await (await world.fetch('/v1/packages/acme/pdf-tools/1.0.0')).json<object>()),
            name: '../evil',
          })
        : response;
    const session = await hubSession({ world, tamper });
    expect(await session.json('install', '@acme/pdf-tools')).toMatchObject({
      code: 1,
      document: { error: { code: 'not_what_was_asked' } },
    });
    expect(await tree(session.cwd)).toEqual([]);
  });
});
