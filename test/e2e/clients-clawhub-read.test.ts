import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CLAWHUB_VERSIONS, type ClawhubHome, type ClawhubVersion, clawhubHome } from '../support/clawhub-client.ts';
import { publishTo } from '../support/hub-client.ts';
import { type HubProcess, newKey, startHubProcess } from '../support/hub-process.ts';
import { type SkillOptions, skill } from '../support/skills.ts';

const CLIENT_TIMEOUT_MS = 120_000;
const FILES = {
  'scripts/run.sh': 'echo hi\n',
  LICENSE: 'MIT-0\n',
  'assets/logo.png': '\u0089PNG\u0000',
  'notes.tsv': 'a\tb\n',
};

/** Names that are not too close to each other. */
const NAMES: Record<ClawhubVersion, string> = {
  '0.23.3': 'pdf-stitcher',
  '0.20.0': 'form-filler',
  '0.8.0': 'table-reader',
  '0.5.0': 'page-turner',
};
const nameFor = (version: ClawhubVersion) => NAMES[version];

let hub: HubProcess;
let key: string;

beforeAll(async () => {
  hub = await startHubProcess();
  key = await newKey(hub.url, 'acme');
  const rival = await newKey(hub.url, 'umbrella');
  for (const version of CLAWHUB_VERSIONS) await publishTo(hub.url, key, { name: nameFor(version), files: FILES });
  await publishTo(hub.url, rival, { name: nameFor('0.23.3'), body: '# Another one\n' });
  await publishTo(hub.url, key, { name: 'in-house', files: FILES }, '?visibility=private');
}, CLIENT_TIMEOUT_MS);
afterAll(() => hub.stop('SIGINT'));

/** Every file of the skill is there, byte for byte. */
function expectInstalled(home: ClawhubHome, folder: string, options: SkillOptions): void {
  for (const { path, bytes } of skill(options).files) {
    expect(readFileSync(join(home.workdir, 'skills', folder, path)), path).toEqual(Buffer.from(bytes));
  }
}

describe.each(CLAWHUB_VERSIONS)('clawhub %s', (version) => {
  const name = nameFor(version);
  let home: ClawhubHome;
  beforeAll(async () => {
    home = await clawhubHome(version, hub.url);
  }, CLIENT_TIMEOUT_MS);

  test('logs in with a key of the hub', { timeout: CLIENT_TIMEOUT_MS }, async () => {
    const stranger = await clawhubHome(version, hub.url);
    const wrong = await stranger.run('login', '--token', 'clh_wrong');
    expect(wrong.code).toBe(1);
    expect(wrong.output).toContain('This API key is unknown or revoked.');
    expect(await home.ok('login', '--token', key)).toContain('acme');
    expect(await home.ok('whoami')).toContain('acme');
  });

  test('finds and lists', { timeout: CLIENT_TIMEOUT_MS }, async () => {
    expect(await home.ok('search', 'fills')).toContain(`${name} v1.0.0`);
    expect(await home.ok('explore', '--limit', '50')).toMatch(new RegExp(`^${name}  v1\\.0\\.0`, 'm'));
  });

  test('inspects', { timeout: CLIENT_TIMEOUT_MS }, async () => {
    const summary = await home.ok('inspect', name, '--versions', '--files');
    expect(summary).toContain('Reads, fills and merges PDF files for an agent.');
    expect(summary).toMatch(/^1\.0\.0 {2}\d{4}-\d\d-\d\d/m);
    expect(summary).toMatch(/^scripts\/run\.sh {2}8B {2}[0-9a-f]{64}/m);
    const file = await home.ok('inspect', name, '--file', 'scripts/run.sh');
    expect(file).toContain('echo hi\n');
    const missing = await home.run('inspect', 'no-such-skill');
    expect(missing.code).toBe(1);
    expect(missing.output).toMatch(/skill not found/i);
  });

  test('installs, and updates when there is something newer', { timeout: CLIENT_TIMEOUT_MS }, async () => {
    expect(await home.ok('install', name)).toContain(`Installed ${name}`);
    expectInstalled(home, name, { name, files: FILES });
    expect(await home.ok('update', name)).toMatch(/up to date/);

    const next = { name, version: '1.1.0', files: { ...FILES, 'scripts/run.sh': 'echo hello\n' } };
    await publishTo(hub.url, key, next);
    expect(await home.ok('update', '--all')).toMatch(/updated .*-> v?1\.1\.0/i);
    expectInstalled(home, name, next);
    expect(await home.ok('update', name)).toMatch(/up to date/);
    expect(await home.ok('install', name, '--version', '1.0.0', '--force')).toContain(`Installed ${name}`);
    expectInstalled(home, name, { name, files: FILES });
    expect(await home.ok('update', name)).toMatch(/updated .*-> v?1\.1\.0/i);
  });

  test('leaves alone what was changed by hand', { timeout: CLIENT_TIMEOUT_MS }, async () => {
    const changed = await clawhubHome(version, hub.url);
    await changed.ok('install', name, '--version', '1.0.0');
    const path = join(changed.workdir, 'skills', name, 'SKILL.md');
    appendFileSync(path, 'My own words.\n');
    expect((await changed.run('update', name)).output).toContain('local changes (no match)');
    expect(readFileSync(path, 'utf8')).toContain('My own words.');
  });

  test('installs by the long slug', { timeout: CLIENT_TIMEOUT_MS }, async () => {
    const slug = `umbrella.${nameFor('0.23.3')}`;
    expect(await home.ok('explore', '--limit', '50')).toContain(slug);
    expect(await home.ok('install', slug)).toContain(`Installed ${slug}`);
    expectInstalled(home, slug, { name: nameFor('0.23.3'), body: '# Another one\n' });
    expect(await home.ok('update', slug)).toMatch(/up to date/);
  });
});

describe.each(['0.23.3', '0.20.0', '0.8.0'] as const)('clawhub %s and private skills', (version) => {
  test('installs one with a key, and finds none without', { timeout: CLIENT_TIMEOUT_MS }, async () => {
    const home = await clawhubHome(version, hub.url);
    const refused = await home.run('install', 'in-house');
    expect(refused.code).toBe(1);
    expect(refused.output).toMatch(/skill not found/i);
    await home.ok('login', '--token', key);
    await home.ok('install', 'in-house');
    expectInstalled(home, 'in-house', { name: 'in-house', files: FILES });
    expect(await home.ok('update', 'in-house')).toMatch(/up to date/);
  });
});

test('clawhub 0.23.3 takes owners, prefixes, exact names, and verifies', { timeout: CLIENT_TIMEOUT_MS }, async () => {
  const home = await clawhubHome('0.23.3', hub.url);
  const name = nameFor('0.23.3');
  await home.ok('install', `@umbrella/${name}`);
  expectInstalled(home, join('@umbrella', name), { name, body: '# Another one\n' });
  expect(await home.ok('update', '--all')).toMatch(/up to date/);
  const exact = await home.ok('search', name, '--exact');
  expect(exact).toMatch(new RegExp(`^${name} v1\\.\\d\\.0 +@acme +${name} `, 'm'));
  expect(exact).toMatch(new RegExp(`^${name} v1\\.0\\.0 +@umbrella +umbrella\\.${name} `, 'm'));
  expect(await home.ok('search', 'form', '--prefix')).toMatch(/^form-filler {2}v1\.\d\.0/m);
  for (const sort of ['downloads', 'rating', 'trending', 'installs']) {
    expect(await home.ok('explore', '--sort', sort)).toContain(name);
  }
  const verified = JSON.parse(await home.ok('skill', 'verify', `@acme/${name}`, '--version', '1.0.0'));
  expect(verified).toMatchObject({ ok: true, decision: 'pass', signature: { status: 'signed' } });
});

test('clawhub 0.23.3 finds the hub through its site alone', { timeout: CLIENT_TIMEOUT_MS }, async () => {
  const home = await clawhubHome('0.23.3', '');
  const name = nameFor('0.20.0');
  await home.ok('--site', hub.url, 'install', name);
  expect(existsSync(join(home.workdir, 'skills', name, 'SKILL.md'))).toBe(true);
});
