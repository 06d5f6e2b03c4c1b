import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clawhubPublisher } from '../support/clawhub-client.ts';
import { type HubProcess, startHubProcess, temporaryDirectory } from '../support/hub-process.ts';
import { type SkillOptions, skill } from '../support/skills.ts';

let hub: HubProcess;
beforeAll(async () => {
  hub = await startHubProcess();
}, 120_000);
afterAll(() => hub.stop('SIGINT'));

const publisher = (namespace: string) => clawhubPublisher('0.23.3', hub.url, namespace);

function write(cwd: string, options: SkillOptions & { name: string }): void {
  for (const { path, bytes } of skill({ version: null, ...options }).files) {
    const file = join(cwd, options.name, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}

const readme = (cwd: string, name: string) => readFileSync(join(cwd, 'skills', name, 'SKILL.md'), 'utf8');

test('rename: what was installed before goes on, under the old name and the new one', async () => {
  const { workdir: cwd, ok: clawhub, run: attempt } = await publisher('ada');
  write(cwd, { name: 'field-notes' });
  await clawhub('publish', 'field-notes');
  await clawhub('install', 'field-notes');
  const elsewhere = temporaryDirectory();
  await clawhub('--workdir', elsewhere, 'install', '@ada/field-notes');

  expect(await clawhub('skill', 'rename', 'field-notes', 'trail-notes', '--yes')).toContain(
    'Renamed field-notes to trail-notes',
  );
  write(cwd, { name: 'trail-notes', body: '# Trails\n\nLonger.\n' });
  expect(await clawhub('publish', 'trail-notes')).toContain('trail-notes@1.0.1');
  for (const workdir of [cwd, elsewhere]) {
    expect(await clawhub('--workdir', workdir, 'update', '--all')).toMatch(/^Updated \S*field-notes -> v1\.0\.1$/m);
  }
  expect(readme(cwd, 'field-notes')).toContain('# Trails');
  expect(readme(elsewhere, '@ada/field-notes')).toContain('# Trails');
  expect(await clawhub('update', 'field-notes')).toContain('field-notes up to date v1.0.1');

  for (const ref of ['field-notes', '@ada/field-notes']) await clawhub('install', ref, '--force');
  await clawhub('install', 'trail-notes');
  expect(readme(cwd, 'trail-notes')).toBe(readme(cwd, 'field-notes'));
  expect(await clawhub('inspect', 'field-notes')).toContain('trail-notes');
  const stale = await attempt('publish', 'field-notes', '--version', '2.0.0');
  expect(stale.code).toBe(1);
  expect(stale.output).toContain('The name @ada/field-notes leads to @ada/trail-notes now.');
}, 120_000);

test('merge: installs of the old skill become the new one', async () => {
  const { workdir: cwd, ok: clawhub } = await publisher('bea');
  write(cwd, { name: 'tide-tables', body: '# Old\n\nOld.\n' });
  await clawhub('publish', 'tide-tables');
  await clawhub('install', 'tide-tables');
  write(cwd, { name: 'ocean-almanac', body: '# New\n\nNew.\n' });
  await clawhub('publish', 'ocean-almanac', '--version', '4.0.0');
  expect(await clawhub('skill', 'merge', '@bea/tide-tables', '@bea/ocean-almanac', '--yes')).toContain(
    'Merged tide-tables into ocean-almanac',
  );
  expect(await clawhub('explore', '--json')).not.toContain('tide-tables');
  expect(await clawhub('update', 'tide-tables')).toContain('Updated tide-tables -> v4.0.0');
  expect(readme(cwd, 'tide-tables')).toContain('# New');
  const elsewhere = temporaryDirectory();
  await clawhub('--workdir', elsewhere, 'install', '@bea/tide-tables');
  expect(readme(elsewhere, '@bea/tide-tables')).toContain('# New');
}, 120_000);

test('tag: versions by name, and latest back and forth', async () => {
  const { workdir: cwd, ok: clawhub, run: attempt } = await publisher('cleo');
  write(cwd, { name: 'star-charts', body: '# One\n\nOne.\n' });
  await clawhub('publish', 'star-charts', '--tags', 'latest,stable');
  write(cwd, { name: 'star-charts', body: '# Two\n\nTwo.\n' });
  await clawhub('publish', 'star-charts');

  expect(await clawhub('inspect', 'star-charts', '--tag', 'stable', '--file', 'SKILL.md')).toContain('# One');
  expect(await clawhub('skill', 'tag', 'star-charts', '1.0.1', '--tag', 'stable', '--yes')).toContain(
    'Set stable for star-charts to 1.0.1',
  );
  expect(await clawhub('inspect', 'star-charts', '--tag', 'stable', '--file', 'SKILL.md')).toContain('# Two');
  expect(await clawhub('skill', 'tag', '@cleo/star-charts', '1.0.0', '--yes')).toContain(
    'Set latest for @cleo/star-charts to 1.0.0',
  );
  await clawhub('install', 'star-charts');
  expect(readme(cwd, 'star-charts')).toContain('# One');
  const bad = await attempt('skill', 'tag', 'star-charts', '1.0.0', '--tag', 'v1', '--yes');
  expect(bad.code).toBe(1);
  expect(bad.output).toContain("The tag 'v1' would be read as a version or a range.");
}, 120_000);
