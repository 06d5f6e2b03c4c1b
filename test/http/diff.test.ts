import { expect, test } from 'vitest';
import { writeTarGz } from '../../src/format/archive.ts';
import { MOST_FILE_BYTES } from '../../src/format/file-diff.ts';
import {
  bearer,
  getJson,
  newNamespace,
  postJson,
  problemOf,
  publish,
  skill,
  upload,
  worldWithKey,
} from '../support/skills.ts';
import type { World } from '../support/world.ts';

interface Diff {
  from: string;
  to: string;
  files: {
    path: string;
    status: string;
    binary: boolean;
    hunks: {
      old_start: number;
      old_lines: number;
      new_start: number;
      new_lines: number;
      lines: { kind: string; text: string }[];
    }[];
  }[];
}

const DIFF = '/v1/packages/acme/pdf-tools/diff';
const diff = (world: World, query = '') => getJson<Diff>(world, `${DIFF}${query}`);
const statuses = ({ files }: Diff) =>
  files.map(({ path, status, binary }) => `${status} ${path}${binary ? ' (binary)' : ''}`);

async function worldWith(...bundles: Record<string, string>[]) {
  const acme = await worldWithKey();
  for (const [at, files] of bundles.entries()) await publish(acme.world, acme.key, { version: `1.${at}.0`, files });
  return acme;
}

test('the two newest versions are compared, SKILL.md first', async () => {
  const { world } = await worldWith(
    {},
    { 'assets/a.txt': 'one\ntwo\nthree\n', 'references/old.md': '# Old\n', 'references/same.md': '# Same\n' },
    { 'assets/a.txt': 'one\n2\nthree\n', 'references/new.md': '# New\nText\n', 'references/same.md': '# Same\n' },
  );
  const { from, to, files } = await diff(world);
  expect([from, to]).toEqual(['1.1.0', '1.2.0']);
  expect(files.map(({ path }) => path)).toEqual(['SKILL.md', 'assets/a.txt', 'references/new.md', 'references/old.md']);
  expect(files.slice(1)).toEqual([
    {
      path: 'assets/a.txt',
      status: 'modified',
      binary: false,
      hunks: [
        {
          old_start: 1,
          old_lines: 3,
          new_start: 1,
          new_lines: 3,
          lines: [
            { kind: 'context', text: 'one' },
            { kind: 'delete', text: 'two' },
            { kind: 'insert', text: '2' },
            { kind: 'context', text: 'three' },
          ],
        },
      ],
    },
    {
      path: 'references/new.md',
      status: 'added',
      binary: false,
      hunks: [
        {
          old_start: 1,
          old_lines: 0,
          new_start: 1,
          new_lines: 2,
          lines: [
            { kind: 'insert', text: '# New' },
            { kind: 'insert', text: 'Text' },
          ],
        },
      ],
    },
    {
      path: 'references/old.md',
      status: 'removed',
      binary: false,
      hunks: [{ old_start: 1, old_lines: 1, new_start: 1, new_lines: 0, lines: [{ kind: 'delete', text: '# Old' }] }],
    },
  ]);
});

test('manifest.json is left out, wherever else a file of that name is shown', async () => {
  const manifest = (version: string) => JSON.stringify({ name: 'pdf-tools', version });
  const { world } = await worldWith(
    { 'manifest.json': manifest('1.0.0'), 'assets/manifest.json': '{}\n' },
    { 'manifest.json': manifest('1.1.0'), 'assets/manifest.json': '[]\n' },
  );
  expect(statuses(await diff(world))).toEqual(['modified SKILL.md', 'modified assets/manifest.json']);
});

test('either end may be said, as a number, a tag or a range', async () => {
  const { world } = await worldWith({}, {}, {});
  const ends = async (query: string) => {
    const { from, to } = await diff(world, query);
    return `${from} ${to}`;
  };
  expect(await ends('?from=1.0.0')).toBe('1.0.0 1.2.0');
  expect(await ends('?to=1.1.0')).toBe('1.0.0 1.1.0');
  expect(await ends('?from=1.2.0&to=1.0.0')).toBe('1.2.0 1.0.0');
  expect(await ends('?from=~1.1&to=latest')).toBe('1.1.0 1.2.0');
});

test.each([
  ['?from=1.0.0&to=1.0.0', 400, 'invalid_request'],
  ['?to=latest&from=1.1.0', 400, 'invalid_request'],
  ['?from=9.0.0', 404, 'not_found'],
  ['?to=9.0.0', 404, 'not_found'],
  ['?to=1.0.0', 404, 'not_found'],
  ['?from=%20%20!', 400, 'invalid_request'],
  [`?from=${'1'.repeat(200)}`, 400, 'invalid_request'],
])('%s is %i', async (query, status, code) => {
  const { world } = await worldWith({}, {});
  expect(await problemOf(await world.fetch(`${DIFF}${query}`))).toMatchObject({ status, code });
});

test('a single version has nothing to be compared with, nor has one whose others are yanked', async () => {
  const { world, headers } = await worldWith({});
  expect(await problemOf(await world.fetch(DIFF))).toMatchObject({ status: 404, code: 'not_found' });
  expect(await problemOf(await world.fetch('/v1/packages/acme/no-tools/diff'))).toMatchObject({ status: 404 });
  expect(await problemOf(await world.fetch('/v1/packages/ACME/pdf-tools/diff'))).toMatchObject({ status: 400 });
  await publish(world, headers.authorization.slice(7), { version: '1.1.0' });
  expect((await world.fetch(DIFF)).status).toBe(200);
  await postJson(world, '/v1/packages/acme/pdf-tools/1.0.0/yank', {}, headers);
  for (const as of [{}, headers]) {
    expect(await problemOf(await world.fetch(DIFF, { headers: as }))).toMatchObject({ status: 404 });
  }
});

test('bytes that are no text are flagged, and have no hunks', async () => {
  const acme = await worldWithKey();
  const withBytes = async (version: string, bytes: number[]) => {
    const bundle = skill({ version });
    bundle.files.push({ path: 'assets/a.png', bytes: Uint8Array.from(bytes), executable: false });
    bundle.files.push({
      path: 'assets/b.bin',
      bytes: Uint8Array.from([0, ...bytes.map((byte) => byte & 0x7f)]),
      executable: false,
    });
    expect((await upload(acme.world, acme.key, await writeTarGz(bundle))).status).toBe(202);
    await acme.world.drain();
  };
  await withBytes('1.0.0', [0xff, 0xfe, 0x80]);
  await withBytes('1.1.0', [0xff, 0xfd, 0x81]);
  const { files } = await diff(acme.world);
  expect(files.slice(1)).toEqual([
    { path: 'assets/a.png', status: 'modified', binary: true, hunks: [] },
    { path: 'assets/b.bin', status: 'modified', binary: true, hunks: [] },
  ]);
});

test('large files are not compared line by line', async () => {
  const line = `${'x'.repeat(1023)}\n`;
  const large = line.repeat(MOST_FILE_BYTES / line.length);
  const { world } = await worldWith(
    { 'assets/a.txt': large, 'assets/b.txt': large },
    { 'assets/a.txt': `${large.slice(0, -2)}y\n`, 'assets/b.txt': `${large}y\n` },
  );
  expect(statuses(await diff(world))).toEqual([
    'modified SKILL.md',
    'modified assets/a.txt',
    'modified assets/b.txt (binary)',
  ]);
});

test('an answer holds up to 2 MiB of text', async () => {
  const text = (letter: string) => `${letter.repeat(400 * 1024)}\n`;
  const files = (letter: string) =>
    Object.fromEntries(['a', 'b', 'c'].map((name) => [`assets/${name}.txt`, text(letter)]));
  const { world } = await worldWith(files('x'), files('y'));
  expect(statuses(await diff(world))).toEqual([
    'modified SKILL.md',
    'modified assets/a.txt',
    'modified assets/b.txt',
    'modified assets/c.txt (binary)',
  ]);
});

test('texts that have nothing in common are shown whole', async () => {
  const lines = (letter: string) => Array.from({ length: 3_000 }, (_, at) => `${letter}${at}`);
  const { world } = await worldWith(
    { 'assets/a.txt': lines('x').join('\n') },
    { 'assets/a.txt': `${lines('y').join('\r\n')}\r\n` },
  );
  const { files } = await diff(world);
  const [hunk, ...others] = files[1]?.hunks ?? [];
  expect(others).toEqual([]);
  expect(hunk).toMatchObject({ old_start: 1, old_lines: 3_000, new_start: 1, new_lines: 3_000 });
  expect(hunk?.lines).toEqual([
    ...lines('x').map((text) => ({ kind: 'delete', text })),
    ...lines('y').map((text) => ({ kind: 'insert', text })),
  ]);
});

test('two exact versions never change, everything else is short', async () => {
  const { world, key } = await worldWith({}, {});
  const caching = async (query: string, headers: Record<string, string> = {}) =>
    (await world.fetch(`${DIFF}${query}`, { headers })).headers.get('cache-control');
  expect(await caching('?from=1.0.0&to=1.1.0')).toBe('public, max-age=31536000, immutable');
  expect(await caching('')).toBe('public, max-age=30');
  expect(await caching('?from=1.0.0')).toBe('public, max-age=30');
  expect(await caching('?from=1.0.0&to=latest')).toBe('public, max-age=30');
  expect(await caching('', bearer(key))).toBe('private, no-cache');
  await publish(world, key, { version: '1.2.0' });
  expect(await diff(world)).toMatchObject({ from: '1.1.0', to: '1.2.0' });
});

test('of a private skill only its own namespace sees anything', async () => {
  const { world, key, headers } = await worldWithKey();
  await publish(world, key, { version: '1.0.0' }, '?visibility=private');
  await publish(world, key, { version: '1.1.0' });
  const neighbour = await newNamespace(world, 'umbrella');
  for (const as of [{}, neighbour.headers]) {
    const hidden = await problemOf(await world.fetch(DIFF, { headers: as }));
    const missing = await problemOf(await world.fetch(DIFF.replace('pdf', 'no'), { headers: as }));
    expect(hidden).toMatchObject({ status: 404, code: 'not_found' });
    expect(JSON.stringify(missing).replaceAll('no-tools', 'pdf-tools')).toBe(JSON.stringify(hidden));
  }
  const own = await world.fetch(`${DIFF}?from=1.0.0&to=1.1.0`, { headers });
  expect(own.status).toBe(200);
  expect(own.headers.get('cache-control')).toBe('private, no-cache');
});
