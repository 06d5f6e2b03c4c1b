import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { newNamespace, publish } from '../support/skills.ts';
import { createWorld, type World } from '../support/world.ts';
import { tree } from './files.ts';
import { type HubSession, hubSession, REGISTRY } from './hub.ts';

const DAY = 24 * 3_600;
/** When the session's clock stands. */
const NOW = Date.UTC(2026, 0, 1) / 1000;

let world: World;
let session: HubSession;
let folder: string;

beforeEach(async () => {
  world = await createWorld();
  const { key } = await newNamespace(world);
  await publish(world, key);
  await publish(world, key, { name: 'csv-summary', body: 'Other.\n' });
  session = await hubSession({ world });
  folder = join(session.home, '.skills/.cache');
  for (const ref of ['@acme/pdf-tools@1.0.0', '@acme/csv-summary@1.0.0'])
    expect((await session.run('info', ref, '--file', 'SKILL.md')).code).toBe(0);
});

const version = (name: string) => ({ registry: REGISTRY, namespace: 'acme', name, version: '1.0.0' });

interface Listed {
  versions: { name: string; sha256: string; size: number }[];
}

async function archiveOf(name: string): Promise<string> {
  const { versions } = (await session.json('cache', 'ls')).document as Listed;
  const { sha256 = '' } = versions.find((one) => one.name === name) ?? {};
  return join(folder, 'sha256', sha256.slice(0, 2), sha256);
}

async function recordOf(name: string): Promise<string> {
  const found = (await tree(folder)).find((path) => path.endsWith(`/${name}/1.0.0.json`));
  return join(folder, found ?? 'nothing');
}

describe('skills cache ls', () => {
  it('lists versions with sizes and what they take together', async () => {
    const { code, document } = await session.json('cache', 'ls');
    const sizes = await Promise.all(
      ['csv-summary', 'pdf-tools'].map(async (name) => (await readFile(await archiveOf(name))).length),
    );
    const [csv = 0, pdf = 0] = sizes;
    expect([code, document]).toEqual([
      0,
      {
        folder,
        size: csv + pdf,
        versions: [
          { ...version('csv-summary'), sha256: expect.any(String), size: csv, used_at: '2026-01-01T00:00:00.000Z' },
          { ...version('pdf-tools'), sha256: expect.any(String), size: pdf, used_at: '2026-01-01T00:00:00.000Z' },
        ],
        strays: [],
      },
    ]);
    expect((await session.run('cache', 'ls')).stdout).toBe(
      [
        `@acme/csv-summary@1.0.0  ${csv} B  used 2026-01-01  ${REGISTRY}`,
        `@acme/pdf-tools@1.0.0    ${pdf} B  used 2026-01-01  ${REGISTRY}`,
        `2 versions, ${csv + pdf} B in ${folder}\n`,
      ].join('\n'),
    );
  });

  it('says when there is nothing', async () => {
    await rm(folder, { recursive: true });
    expect(await session.run('cache', 'ls')).toEqual({ code: 0, stdout: `0 versions, 0 B in ${folder}\n`, stderr: '' });
  });
});

describe('skills cache clean', () => {
  it('removes what was not used for long, and what is used stays', async () => {
    const old = await archiveOf('pdf-tools');
    await utimes(old, NOW - 31 * DAY, NOW - 31 * DAY);
    await utimes(await archiveOf('csv-summary'), NOW - 29 * DAY, NOW - 29 * DAY);
    const size = (await readFile(old)).length;
    const trial = await session.json('cache', 'clean', '--older-than', '30d', '--dry-run');
    const expected = { folder, freed: size, removed: [version('pdf-tools')] };
    expect(trial).toMatchObject({ code: 0, document: expected });
    expect(await archiveOf('pdf-tools')).toBe(old);
    expect(await session.json('cache', 'clean', '--older-than', '30d')).toMatchObject({ code: 0, document: expected });
    const { versions } = (await session.json('cache', 'ls')).document as Listed;
    expect(versions.map(({ name }) => name)).toEqual(['csv-summary']);
  });

  it('counts an install as use', async () => {
    await utimes(await archiveOf('pdf-tools'), NOW - 31 * DAY, NOW - 31 * DAY);
    await session.run('info', '@acme/pdf-tools@1.0.0', '--file', 'SKILL.md');
    expect((await session.json('cache', 'clean', '--older-than', '30d')).document).toMatchObject({ removed: [] });
  });

  it('removes everything without an option, also what searches go by', async () => {
    await session.run('search', '--refresh');
    const { code, stdout } = await session.run('cache', 'clean');
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^@acme\/csv-summary@1\.0\.0\n@acme\/pdf-tools@1\.0\.0\nFreed \d.* in .*\.cache\.\n$/),
    ]);
    expect((await tree(folder)).filter((path) => /\.json$|[0-9a-f]{64}$/.test(path))).toEqual([]);
    expect((await session.run('cache', 'clean')).stdout).toBe(`Freed 0 B in ${folder}.\n`);
  });

  it('refuses a time that is none', async () => {
    expect(await session.json('cache', 'clean', '--older-than', 'soon')).toMatchObject({
      code: 2,
      document: { error: { code: 'usage', message: "--older-than 'soon' is no time span." } },
    });
  });
});

describe('skills cache verify', () => {
  it('finds all whole, without a request', async () => {
    session.sent.length = 0;
    expect(await session.run('cache', 'verify')).toEqual({
      code: 0,
      stdout: `✓ 2 versions in ${folder} are whole.\n`,
      stderr: '',
    });
    expect(session.sent).toEqual([]);
  });

  it.each<[string, string, () => Promise<void>]>([
    ['a changed archive', 'archive_missing', async () => writeFile(await archiveOf('pdf-tools'), 'other')],
    ['a missing archive', 'archive_missing', async () => rm(await archiveOf('pdf-tools'))],
    ['a record that is none', 'damaged', async () => writeFile(await recordOf('pdf-tools'), '{}')],
    [
      'another signature',
      'bad_signature',
      async () => {
        const path = await recordOf('pdf-tools');
        const kept = JSON.parse(await readFile(path, 'utf8'));
        await writeFile(path, JSON.stringify({ ...kept, signature: Buffer.alloc(512).toString('base64') }));
      },
    ],
  ])('removes %s', async (_what, code, damage) => {
    const path = await recordOf('pdf-tools');
    await damage();
    const { code: exitCode, document } = await session.json('cache', 'verify');
    expect([exitCode, document]).toMatchObject([1, { ok: false, problems: [{ path, code }] }]);
    expect(await recordOf('pdf-tools')).toBe(join(folder, 'nothing'));
    expect((await session.json('cache', 'verify')).code).toBe(0);
    expect((await session.run('info', '@acme/csv-summary', '--offline')).code).toBe(0);
  });

  it('tidies up after writers that were killed, but not while they may be at it', async () => {
    const archive = await archiveOf('pdf-tools');
    const [left, fresh] = [`${archive}.aaaaaaaaaaaa.new`, `${archive}.bbbbbbbbbbbb.new`];
    await writeFile(left, 'half');
    await writeFile(fresh, 'half');
    await utimes(left, NOW - 7_200, NOW - 7_200);
    await utimes(fresh, NOW - 60, NOW - 60);
    expect(await session.json('cache', 'verify')).toMatchObject({ code: 0, document: { ok: true, problems: [] } });
    const { strays } = (await session.json('cache', 'ls')).document as { strays: { path: string }[] };
    expect(strays.map(({ path }) => path)).toEqual([fresh]);
  });

  it('checks archives of no version, too', async () => {
    const archive = await archiveOf('pdf-tools');
    await rm(await recordOf('pdf-tools'));
    expect((await session.json('cache', 'verify')).code).toBe(0);
    await writeFile(archive, 'other');
    const { code, document } = await session.json('cache', 'verify');
    expect([code, document]).toMatchObject([1, { problems: [{ path: archive, code: 'digest_mismatch' }] }]);
  });
});
