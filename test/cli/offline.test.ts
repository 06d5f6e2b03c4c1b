import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../cli/context.ts';
import { newNamespace, publish } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';
import { tree } from './files.ts';
import { type HubSession, hubSession } from './hub.ts';

let world: World;
let key: string;
/** Where the skills were installed first, with the network. */
let first: HubSession;

beforeEach(async () => {
  world = await createWorld();
  ({ key } = await newNamespace(world));
  await publish(world, key, { name: 'csv-summary', body: 'Counts.\n' });
  const needs = { 'skill.yaml': 'dependencies:\n  - {name: "@acme/csv-summary", version: ^1.0.0}\n' };
  await publish(world, key, { version: '1.0.0', files: needs });
  first = await hubSession({ world });
  expect((await first.run('install', '@acme/pdf-tools@1.0.0')).code).toBe(0);
});

/** Another project of the same user. */
async function project(name: string, env: Record<string, string> = {}, clock?: Clock): Promise<HubSession> {
  const cwd = join(first.cwd, name);
  await mkdir(cwd);
  await writeFile(join(cwd, 'skills.json'), '{}\n');
  return hubSession({ world, cwd, home: first.home, env, ...(clock && { clock }) });
}

const skillsOf = async ({ cwd }: HubSession) =>
  (await tree(join(cwd, '.agents/skills'))).filter((path) => path.endsWith('SKILL.md'));
const BOTH = ['csv-summary/SKILL.md', 'pdf-tools/SKILL.md'];

describe('an exact version that was installed before', () => {
  it('is installed into another project without a request', async () => {
    const second = await project('second');
    expect((await second.run('install', '@acme/pdf-tools@1.0.0', '@acme/csv-summary@1.0.0')).code).toBe(0);
    expect(await skillsOf(second)).toEqual(BOTH);
    expect(second.sent).toEqual([]);
  });

  it('is installed by `ci` from the lock file without a request, also when the registry is gone', async () => {
    const clone = await project('clone');
    for (const file of ['skills.json', 'skills.lock']) await cp(join(first.cwd, file), join(clone.cwd, file));
    const cut = await hubSession({
      world,
      cwd: clone.cwd,
      home: first.home,
      tamper: () => Promise.reject(new Error('the cable is cut')),
    });
    expect(await cut.run('ci')).toMatchObject({ code: 0, stderr: '' });
    expect(await skillsOf(cut)).toEqual(BOTH);
    expect(cut.sent).toEqual([]);
  });
});

describe('--offline', () => {
  it('installs bare names and ranges out of the cache, with what they need', async () => {
    const second = await project('second');
    expect(await second.run('install', 'pdf-tools', '--offline')).toMatchObject({ code: 0 });
    expect(await skillsOf(second)).toEqual(BOTH);
    const third = await project('third', { SKILLS_OFFLINE: '1' });
    expect(await third.run('install', '@acme/pdf-tools@^1')).toMatchObject({ code: 0 });
    expect(await skillsOf(third)).toEqual(BOTH);
    expect([...second.sent, ...third.sent]).toEqual([]);
  });

  it('is for `ci`, too', async () => {
    await rm(join(first.cwd, '.agents'), { recursive: true });
    first.sent.length = 0;
    expect((await first.run('ci', '--offline')).code).toBe(0);
    expect(await skillsOf(first)).toEqual(BOTH);
    expect(first.sent).toEqual([]);
  });

  it('updates to what the cache has', async () => {
    await publish(world, key, { version: '1.1.0' });
    await publish(world, key, { version: '1.2.0' });
    await first.run('use', '@acme/pdf-tools@1.1.0');
    await writeFile(join(first.cwd, 'skills.json'), '{"skills": {"@acme/pdf-tools": "^1.0.0"}}\n');
    first.sent.length = 0;
    expect((await first.run('update', '--offline')).code).toBe(0);
    expect((await first.json('list')).document).toMatchObject({
      skills: expect.arrayContaining([expect.objectContaining({ name: 'pdf-tools', version: '1.1.0' })]),
    });
    expect(first.sent).toEqual([]);
  });

  it.each([
    [['install', '@acme/pdf-tools@2.0.0'], 'not_cached'],
    [['install', '@acme/other'], 'not_cached'],
    [['install', 'other'], 'not_cached'],
  ])('%j: fails with %s, and writes nothing', async (argv, code) => {
    const second = await project('second');
    const { code: exitCode, document } = await second.json(...argv, '--offline');
    expect([exitCode, document]).toMatchObject([1, { error: { code, fix: expect.stringContaining('--offline') } }]);
    expect(await tree(second.cwd)).toEqual(['skills.json']);
    expect(second.sent).toEqual([]);
  });

  it('ends what needs a registry, as SKILLS_OFFLINE does for every command', async () => {
    const second = await project('second', { SKILLS_OFFLINE: '1', SKILLS_TOKEN: key });
    expect(await second.json('yank', '@acme/pdf-tools@1.0.0')).toMatchObject({
      code: 1,
      document: { error: { code: 'offline' } },
    });
    expect(second.sent).toEqual([]);
  });

  it.each([
    [['acme', '--email', 'me@example.com']],
    [['acme', '--otp', '123456']],
    [['--token', 'sk_x']],
    [['--device']],
  ])('is for `login %s`, too: no key can be fetched', async (args) => {
    const second = await project('second', { SKILLS_OFFLINE: '1' });
    expect(await second.json('login', ...args)).toMatchObject({ code: 1, document: { error: { code: 'offline' } } });
    expect(second.sent).toEqual([]);
  });

  it.each(['true', 'yes', 'TRUE', 'on'])('is meant by SKILLS_OFFLINE=%s', async (value) => {
    const second = await project('second', { SKILLS_OFFLINE: value });
    expect(await second.json('whoami')).toMatchObject({ code: 1, document: { error: { code: 'offline' } } });
    expect(second.sent).toEqual([]);
  });

  it.each(['', '0', 'no', 'false'])('is not meant by SKILLS_OFFLINE=%j', async (value) => {
    const second = await project('second', { SKILLS_OFFLINE: value, SKILLS_TOKEN: key });
    expect((await second.run('whoami')).code).toBe(0);
  });

  it('knows of newer versions only what the cache does, and says so', async () => {
    await publish(world, key, { version: '1.1.0' });
    first.sent.length = 0;
    const stderr = 'note: as far as the cache knows; the registry was not asked.\n';
    const stdout = 'Everything is up to date.\n';
    expect(await first.run('outdated', '--offline')).toEqual({ code: 0, stdout, stderr });
    expect(await first.run('update', '--offline')).toEqual({ code: 0, stdout, stderr });
    expect(first.sent).toEqual([]);
  });

  it('takes nothing for withdrawn that the cache has lost', async () => {
    await first.run('cache', 'clean');
    expect((await first.json('outdated', '--offline')).document).toMatchObject({ outdated: [], deprecated: [] });
  });
});

it('two installs at once, both with an empty cache, get the same', async () => {
  await rm(join(first.home, '.skills/.cache'), { recursive: true });
  // One waits for the other where both write the same file, and then time has to pass.
  const clock = {
    now: () => Date.UTC(2026, 0, 1),
    sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, ms)),
  };
  const projects = await Promise.all(['second', 'third'].map((name) => project(name, {}, clock)));
  const codes = await Promise.all(projects.map(async (one) => (await one.run('install', '@acme/pdf-tools')).code));
  expect(codes).toEqual([0, 0]);
  for (const one of projects) expect(await skillsOf(one)).toEqual(BOTH);
  expect((await first.run('cache', 'verify')).code).toBe(0);
});
