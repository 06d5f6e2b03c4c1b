import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type InstallSteps, installSkills, type VerifiedSkill } from '../../cli/installer.ts';
import { readIndex, writeIndex } from '../../cli/skill-index.ts';
import { skill } from '../support/skills.ts';
import { tree, writeFiles } from './files.ts';
import { newSession } from './terminal-session.ts';

function verified(version: string, change: Partial<VerifiedSkill['record']> = {}): VerifiedSkill {
  const { name = 'pdf-tools' } = change;
  const registry = 'https://one.example';
  const digests = { sha256: 'a'.repeat(64), treeDigest: 'b'.repeat(64), keyId: 'k' };
  const record = {
    namespace: 'acme',
    name,
    version,
    registry,
    ...digests,
    installedAt: '2026-01-01T00:00:00.000Z',
    ...change,
  };
  return { record, needs: [], bundle: skill({ name, version, files: { 'scripts/run.sh': version } }) };
}

const root = async () => join((await newSession()).cwd, '.skills');
const installedVersion = async (path: string) => readFile(join(path, 'pdf-tools/scripts/run.sh'), 'utf8');
const SETTLED = ['index.json', 'pdf-tools', 'pdf-tools/SKILL.md', 'pdf-tools/scripts', 'pdf-tools/scripts/run.sh'];

describe('installSkills', () => {
  it('writes files with their modes, and a sorted index', async () => {
    const path = await root();
    await installSkills(path, [verified('1.0.0'), verified('2.0.0', { name: 'a-skill' })]);
    expect((await stat(join(path, 'pdf-tools/scripts/run.sh'))).mode & 0o111).toBe(0o111);
    expect((await stat(join(path, 'pdf-tools/SKILL.md'))).mode & 0o111).toBe(0);
    const index: unknown = JSON.parse(await readFile(join(path, 'index.json'), 'utf8'));
    expect(index).toEqual({
      skills: { 'a-skill': verified('2.0.0', { name: 'a-skill' }).record, 'pdf-tools': verified('1.0.0').record },
    });
    expect([...(await readIndex(path)).keys()]).toEqual(['a-skill', 'pdf-tools']);
  });

  it('replaces a version as a whole', async () => {
    const path = await root();
    await installSkills(path, [verified('1.0.0')]);
    await writeFiles(path, { 'pdf-tools/left-over.md': 'x' });
    await installSkills(path, [verified('1.1.0')]);
    expect(await tree(path)).toEqual(SETTLED);
    expect(await installedVersion(path)).toBe('1.1.0');
    expect((await readIndex(path)).get('pdf-tools')?.version).toBe('1.1.0');
  });

  it.each<[string, Partial<InstallSteps>]>([
    ['moving the old folder aside', { rename: failAt(1) }],
    ['moving the new folder in', { rename: failAt(2) }],
    ['writing the index', { writeIndex: async () => Promise.reject(new Error('disk full')) }],
  ])('leaves the old version whole when %s fails', async (_step, steps) => {
    const path = await root();
    await installSkills(path, [verified('1.0.0')]);
    await expect(installSkills(path, [verified('1.1.0')], { rename, writeIndex, ...steps })).rejects.toThrow(
      'disk full',
    );
    expect(await tree(path)).toEqual(SETTLED);
    expect(await installedVersion(path)).toBe('1.0.0');
    expect((await readIndex(path)).get('pdf-tools')?.version).toBe('1.0.0');
  });

  it('leaves nothing when the first install fails', async () => {
    const path = await root();
    await expect(installSkills(path, [verified('1.0.0')], { rename: failAt(1), writeIndex })).rejects.toThrow(
      'disk full',
    );
    expect(await tree(path)).toEqual([]);
  });

  it('brings the old version back after a crash between the two moves', async () => {
    const path = await root();
    await installSkills(path, [verified('1.0.0')]);
    await rename(join(path, 'pdf-tools'), join(path, '.old-pdf-tools'));
    await writeFiles(path, { '.new-pdf-tools/half': '' });
    await expect(installSkills(path, [verified('1.1.0', { namespace: 'other' })])).rejects.toThrow('installed as');
    expect(await tree(path)).toEqual(SETTLED);
    expect(await installedVersion(path)).toBe('1.0.0');
  });

  it.each<[string, Partial<VerifiedSkill['record']>, string]>([
    ['namespace', { namespace: 'evil' }, "@acme/pdf-tools@1.0.0 is installed as 'pdf-tools' already."],
    [
      'registry',
      { registry: 'https://two.example' },
      "@acme/pdf-tools@1.0.0 from https://one.example is installed as 'pdf-tools' already.",
    ],
  ])('never overwrites the skill of another %s', async (_what, change, message) => {
    const path = await root();
    await installSkills(path, [verified('1.0.0')]);
    const attempt = installSkills(path, [verified('1.0.0', { name: 'b-skill' }), verified('9.0.0', change)]);
    await expect(attempt).rejects.toMatchObject({ code: 'conflict', message, fix: expect.stringContaining('Remove') });
    expect(await tree(path)).toEqual(SETTLED);
    expect(await installedVersion(path)).toBe('1.0.0');
  });

  it('never overwrites a folder that it did not make', async () => {
    const path = await root();
    await writeFiles(path, { 'pdf-tools/mine.md': 'x' });
    await expect(installSkills(path, [verified('1.0.0')])).rejects.toMatchObject({
      code: 'conflict',
      fix: 'Move it away, then install again.',
    });
    expect(await tree(path)).toEqual(['pdf-tools', 'pdf-tools/mine.md']);
  });

  it('refuses two skills of one name', async () => {
    const path = await root();
    const attempt = installSkills(path, [verified('1.0.0'), verified('1.0.0', { namespace: 'other' })]);
    await expect(attempt).rejects.toMatchObject({ code: 'conflict' });
    expect(await tree(path)).toEqual([]);
  });

  it('keeps out while another process is at work, and takes over from a dead one', async () => {
    const path = await root();
    await mkdir(path);
    await writeFile(join(path, '.lock'), String(process.ppid));
    await expect(installSkills(path, [verified('1.0.0')])).rejects.toMatchObject({
      fix: expect.stringContaining(join(path, '.lock')),
    });
    expect(await tree(path)).toEqual(['.lock']);
    await writeFile(join(path, '.lock'), '');
    await installSkills(path, [verified('1.0.0')]);
    expect(await tree(path)).toEqual(SETTLED);
  });

  it('takes a damaged index for what it is', async () => {
    const path = await root();
    await writeFiles(path, { 'index.json': '{"skills":' });
    await expect(installSkills(path, [verified('1.0.0')])).rejects.toMatchObject({
      message: `${join(path, 'index.json')} is damaged.`,
    });
    expect(await tree(path)).toEqual(['index.json']);
  });
});

/** Lets moves pass until the given one. */
function failAt(which: number): InstallSteps['rename'] {
  let calls = 0;
  return async (from, to) => {
    calls++;
    if (calls === which) throw new Error('disk full');
    await rename(from, to);
  };
}
