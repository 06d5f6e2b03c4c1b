import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CLAWHUB_VERSIONS, type ClawhubVersion, clawhubPublisher } from '../support/clawhub-client.ts';
import { type HubProcess, startHubProcess } from '../support/hub-process.ts';
import { type SkillOptions, skill } from '../support/skills.ts';

const [NEW, ...OLD] = CLAWHUB_VERSIONS;

let hub: HubProcess;
beforeAll(async () => {
  hub = await startHubProcess();
}, 120_000);
afterAll(() => hub.stop('SIGINT'));

const publisher = (version: ClawhubVersion, namespace: string) => clawhubPublisher(version, hub.url, namespace);

/** Writes a skill's files into `<cwd>/<folder>`; SKILL.md names no version, as is common among these clients. */
function write(cwd: string, folder: string, options: SkillOptions): void {
  for (const { path, bytes } of skill({ version: null, ...options }).files) {
    const file = join(cwd, folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}

/** Every file under a folder by its path, without what clients note down in folders that begin with a dot. */
function filesOf(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !path.startsWith('.'));
  return Object.fromEntries(paths.sort().map((path) => [path, readFileSync(join(folder, path)).toString('latin1')]));
}

async function versionsOf(namespace: string, name: string, key?: string): Promise<string[] | number> {
  const headers: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {};
  const response = await fetch(`${hub.url}/v1/packages/${namespace}/${name}/versions`, { headers });
  if (response.status !== 200) return response.status;
  const { versions } = (await response.json()) as { versions: { version: string }[] };
  return versions.map(({ version }) => version);
}

const FILES = {
  'scripts/run.sh': 'echo hi\n',
  'references/über uns.md': '# Wir\n',
  'assets/logo.bin': '\u0000\u00ff\u0001',
};

test('0.23: what publish sends is what install brings', async () => {
  const { workdir: cwd, ok: clawhub } = await publisher(NEW, 'ada');
  write(cwd, 'drafts/field-notes', { name: 'field-notes', files: FILES });
  const first = JSON.parse(await clawhub('publish', 'drafts/field-notes', '--json', '--changelog', 'First.'));
  expect(first).toMatchObject({
    status: 'published',
    publicationStatus: 'published',
    slug: 'field-notes',
    version: '1.0.0',
    versionId: 'ada/field-notes@1.0.0',
    latestVersion: null,
  });
  await clawhub('install', 'field-notes');
  expect(filesOf(join(cwd, 'skills/field-notes'))).toEqual(filesOf(join(cwd, 'drafts/field-notes')));
  expect(await clawhub('inspect', 'field-notes', '--versions')).toContain('First.');

  expect(await clawhub('publish', 'drafts/field-notes')).toContain('field-notes@1.0.0 is already published');
  write(cwd, 'drafts/field-notes', { name: 'field-notes', files: FILES, body: '# Better\n\nMuch.\n' });
  expect(await clawhub('publish', 'drafts/field-notes')).toContain(
    'Published field-notes@1.0.1 (ada/field-notes@1.0.1)',
  );
  expect(await clawhub('update', 'field-notes')).toContain('1.0.1');
  expect(filesOf(join(cwd, 'skills/field-notes'))).toEqual(filesOf(join(cwd, 'drafts/field-notes')));
}, 120_000);

test('0.23: sync publishes what is new or changed, and nothing twice', async () => {
  const { workdir: cwd, ok: clawhub } = await publisher(NEW, 'bea');
  write(cwd, 'skills/orbit-maps', { name: 'orbit-maps' });
  write(cwd, 'skills/tide-tables', { name: 'tide-tables', version: '4.2.0' });
  const sync = async () => JSON.parse(await clawhub('sync', '--all', '--json'));
  expect(await sync()).toMatchObject({
    ok: true,
    summary: { published: 2, submitted: 0, failed: 0, alreadySynced: 0 },
  });
  expect(await sync()).toMatchObject({ ok: true, summary: { published: 0, alreadySynced: 2 } });
  write(cwd, 'skills/tide-tables', { name: 'tide-tables', version: '4.2.0', body: '# Ebb\n\nAnd flow.\n' });
  expect(await sync()).toMatchObject({
    ok: true,
    summary: { published: 1, alreadySynced: 1, failed: 0 },
    published: [{ slug: 'tide-tables', version: '1.0.1' }],
  });
  expect(await versionsOf('bea', 'tide-tables')).toEqual(['1.0.1', '1.0.0']);
}, 120_000);

test('0.23: a refusal is one readable text', async () => {
  const { workdir: cwd, run: attempt } = await publisher(NEW, 'cleo');
  write(cwd, 'star-charts', { name: 'sky-charts' });
  const renamed = await attempt('publish', 'star-charts');
  expect(renamed.code).toBe(1);
  expect(renamed.output).toContain(
    "SKILL.md names the skill 'sky-charts', but it was sent as 'star-charts'. Rename its folder to 'sky-charts', or change name in SKILL.md to 'star-charts'.",
  );
  write(cwd, 'star-charts', { name: 'star-charts', description: 'Too short.' });
  const poor = await attempt('publish', 'star-charts');
  expect(poor.code).toBe(1);
  expect(poor.output).toContain('Stage 2 failed: description is too short');
  expect(await versionsOf('cleo', 'star-charts')).toBe(404);
  const foreign = await attempt('publish', 'star-charts', '--owner', 'ada');
  expect(foreign.code).toBe(1);
  expect(foreign.output).toContain("Your key belongs to the namespace 'cleo', not to 'ada'.");
}, 120_000);

test('0.23: star, delete and undelete, of a skill and of a version', async () => {
  const { workdir: cwd, ok: clawhub, run: attempt } = await publisher(NEW, 'dora');
  write(cwd, 'cloud-atlas', { name: 'cloud-atlas' });
  await clawhub('publish', 'cloud-atlas');
  write(cwd, 'cloud-atlas', { name: 'cloud-atlas', body: '# Cirrus\n\nHigh.\n' });
  await clawhub('publish', 'cloud-atlas');

  expect(await clawhub('star', 'cloud-atlas', '--yes')).toContain('Starred cloud-atlas');
  expect(await clawhub('star', '@dora/cloud-atlas', '--yes')).toContain('cloud-atlas already starred');
  expect(await clawhub('unstar', 'cloud-atlas', '--yes')).toContain('Unstarred cloud-atlas');

  const latest = await attempt('delete', 'cloud-atlas', '--version', '1.0.1', '--yes');
  expect(latest.code).toBe(1);
  expect(latest.output).toContain('1.0.1 is the latest version of @dora/cloud-atlas.');
  expect(await clawhub('delete', 'cloud-atlas', '--version', '1.0.0', '--yes')).toContain('Deleted cloud-atlas');
  expect(await versionsOf('dora', 'cloud-atlas')).toEqual(['1.0.1']);
  expect(await clawhub('undelete', 'cloud-atlas', '--version', '1.0.0', '--yes')).toContain('Undeleted cloud-atlas');
  expect(await versionsOf('dora', 'cloud-atlas')).toEqual(['1.0.1', '1.0.0']);

  expect(await clawhub('delete', '@dora/cloud-atlas', '--reason', 'old', '--yes')).toContain(
    'Deleted @dora/cloud-atlas',
  );
  expect(await versionsOf('dora', 'cloud-atlas')).toBe(404);
  expect((await attempt('install', 'cloud-atlas')).code).toBe(1);
  expect(await clawhub('undelete', 'cloud-atlas', '--yes')).toContain('Undeleted cloud-atlas');
  await clawhub('install', 'cloud-atlas');
}, 120_000);

test.each(OLD)(
  '%s: publish, sync, star, delete, undelete',
  async (client) => {
    const owner = `eve-${client.replaceAll('.', '-')}`;
    const name = `${['amber', 'birch', 'cedar'][OLD.indexOf(client)]}-ledger`;
    const { workdir: cwd, key, ok: clawhub, run: attempt } = await publisher(client, owner);
    write(cwd, `skills/${name}`, { name, files: { 'scripts/run.sh': 'echo hi\n' } });
    const published = await clawhub('publish', `skills/${name}`, '--version', '1.0.0', '--changelog', 'First.');
    expect(published).toContain(`Published ${name}@1.0.0 (${owner}/${name}@1.0.0)`);
    expect(await versionsOf(owner, name)).toEqual(['1.0.0']);
    expect(await clawhub('sync', '--all', '--no-input')).toContain('Nothing to sync.');

    write(cwd, `skills/${name}`, { name, body: '# More\n\nOf it.\n', files: { 'scripts/run.sh': 'echo hi\n' } });
    await clawhub('sync', '--all', '--no-input', '--changelog', 'Second.');
    expect(await versionsOf(owner, name)).toEqual(['1.0.1', '1.0.0']);
    const again = await attempt('publish', `skills/${name}`, '--version', '1.0.1');
    expect(again.code).toBe(1);
    expect(again.output).toContain(`@${owner}/${name}@1.0.1 exists.`);

    expect(await clawhub('star', name, '--yes')).toContain(`Starred ${name}`);
    expect(await clawhub('unstar', name, '--yes')).toContain(`Unstarred ${name}`);
    expect(await clawhub('delete', name, '--yes')).toContain(`Deleted ${name}`);
    expect(await versionsOf(owner, name, key)).toBe(404);
    expect(await clawhub('undelete', name, '--yes')).toContain(`Undeleted ${name}`);
    expect(await versionsOf(owner, name)).toEqual(['1.0.1', '1.0.0']);
  },
  120_000,
);
