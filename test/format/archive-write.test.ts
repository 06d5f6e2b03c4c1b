import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readArchive, writeTarGz, writeZip } from '../../src/format/archive.ts';
import type { Bundle } from '../../src/format/bundle.ts';
import { treeDigest } from '../../src/format/digest.ts';
import { checkEntryPath } from '../../src/format/entry-path.ts';
import { FormatError } from '../../src/format/format-error.ts';
import { DEFAULT_LIMITS } from '../../src/format/limits.ts';
import { PathSet } from '../../src/format/path-set.ts';
import { bundleWith, formatErrorFrom, SKILL_MD, textFile, utf8 } from '../support/archives.ts';

const writers = [
  ['tar.gz', writeTarGz],
  ['zip', writeZip],
] as const;

const longPath = `references/${'a'.repeat(95)}/${'b'.repeat(95)}.md`;
const sample = bundleWith({ '1': 'one', __proto__: '', [longPath]: 'long', 'docs/技能.md': '技能\n', empty: '' });
sample.files.push({ path: 'scripts/run.sh', bytes: utf8('echo hi\n'), executable: true });
sample.files.push({ path: '__proto__', bytes: utf8('odd'), executable: false });
sample.files.sort((a, b) => (a.path < b.path ? -1 : 1));

const segment = fc.oneof(
  fc.stringMatching(/^[a-z0-9_][a-zA-Z0-9._-]{0,30}[a-z0-9]$/),
  fc.constantFrom('__proto__', '1', '42', 'constructor', 'é', '技能', 'a b'),
);
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));
const bundles: fc.Arbitrary<Bundle> = fc
  .array(fc.record({ path, bytes: fc.uint8Array({ maxLength: 3000 }), executable: fc.boolean() }), { maxLength: 8 })
  .map((files) => {
    const paths = new PathSet();
    paths.addFile('SKILL.md');
    const kept = files.filter(
      (file) => checkEntryPath(file.path) === undefined && paths.addFile(file.path) === undefined,
    );
    return { files: [textFile('SKILL.md', SKILL_MD), ...kept].sort((a, b) => (a.path < b.path ? -1 : 1)) };
  });

describe.each(writers)('the canonical %s', (_, write) => {
  test('has the same bytes twice and for files in any order', async () => {
    const first = await write(sample);
    expect(await write(sample)).toEqual(first);
    expect(await write({ files: [...sample.files].reverse() })).toEqual(first);
  });

  test('does not change the bundle it is given', async () => {
    const reversed = { files: [...sample.files].reverse() };
    const before = reversed.files.map((file) => file.path);
    await write(reversed);
    expect(reversed.files.map((file) => file.path)).toEqual(before);
  });

  test('reads back as the same bundle', async () => {
    await fc.assert(
      fc.asyncProperty(bundles, async (bundle) => {
        expect(await readArchive(await write(bundle))).toEqual(bundle);
      }),
    );
  });

  test('carries a bundle into the other kind and back without a difference', async () => {
    const other = write === writeZip ? writeTarGz : writeZip;
    const archive = await write(sample);
    const there = await readArchive(await other(await readArchive(archive)));
    expect(await write(there)).toEqual(archive);
    expect(await treeDigest(there)).toBe(await treeDigest(sample));
  });

  test('damaged anywhere gives a FormatError or a bundle, never another error', async () => {
    const archive = await write(bundleWith({ 'docs/a.md': 'a'.repeat(700), 'b.bin': '\u0000\u0001' }));
    const change = fc.record({ at: fc.nat(archive.length - 1), value: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.nat(archive.length),
        async (changes, end) => {
          const damaged = Uint8Array.from(archive);
          for (const { at, value } of changes) damaged[at] = value;
          for (const bytes of [damaged, damaged.subarray(0, end)]) {
            await readArchive(bytes, { ...DEFAULT_LIMITS, maxUnpackedBytes: 100_000 }).catch(expectFormatError);
          }
        },
      ),
      { numRuns: 1500 },
    );
  });
});

function expectFormatError(error: unknown): void {
  if (!(error instanceof FormatError)) throw error;
  expect(error.message).not.toBe('');
}

test('damage inside the tar is found behind the compression too', async () => {
  const { writeGzip } = await import('../../src/format/gzip.ts');
  const tar = gunzipSync(await writeTarGz(bundleWith({ 'docs/a.md': 'a'.repeat(700) })));
  await fc.assert(
    fc.asyncProperty(fc.nat(tar.length - 1), fc.nat(255), async (at, value) => {
      const damaged = Uint8Array.from(tar);
      damaged[at] = value;
      await readArchive(writeGzip(damaged)).catch(expectFormatError);
    }),
    { numRuns: 1500 },
  );
});

test('tar headers are plain ustar without times and owners', async () => {
  const archive = await writeTarGz(bundleWith());
  expect([...archive.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
  const tar = gunzipSync(archive);
  expect(tar.length).toBe(512 * 4);
  expect(tar.subarray(0, 8).toString()).toBe('SKILL.md');
  expect(tar.subarray(100, 124).toString('latin1')).toBe('0000644\x000000000\x000000000\0');
  expect(tar.subarray(136, 148).toString('latin1')).toBe('00000000000\0');
  expect(tar.subarray(156, 157).toString()).toBe('0');
  expect(tar.subarray(257, 345).toString('latin1')).toBe(`ustar\x0000${'\0'.repeat(80)}`);
});

test('the canonical bytes never change', async () => {
  const digest = async (bytes: Uint8Array) =>
    Buffer.from(await crypto.subtle.digest('SHA-256', bytes.slice())).toString('hex');
  expect({
    tarGz: await digest(await writeTarGz(sample)),
    zip: await digest(await writeZip(sample)),
  }).toMatchInlineSnapshot(`
    {
      "tarGz": "cf296b2b9201a593bf77dfc964187f4ccde459b6efb739ce3c6244a1e65e5157",
      "zip": "bbca5ff55396e0dc7464fc5e41d1e9927c6154f92d291b978258cb43492cc84c",
    }
  `);
});

test('a path that fits no ustar header is refused', async () => {
  const bundle = { files: [textFile('a'.repeat(101), '')] };
  expect(await formatErrorFrom(() => writeTarGz(bundle))).toMatchObject({ code: 'hostile_archive' });
});

const hasPython = spawnSync('python3', ['--version']).status === 0;

test.skipIf(!hasPython)('Python reads both archives', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'skill-archive-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'a.tar.gz'), await writeTarGz(sample));
  writeFileSync(join(folder, 'a.zip'), await writeZip(sample));
  const script = [
    'import tarfile, zipfile, json',
    't = tarfile.open("a.tar.gz"); z = zipfile.ZipFile("a.zip")',
    'assert z.testzip() is None',
    'tar = [[m.name, m.size, oct(m.mode)] for m in t.getmembers()]',
    'zip = [[i.filename, i.file_size, oct((i.external_attr >> 16) & 0o777)] for i in z.infolist()]',
    'print(json.dumps([tar, zip]))',
  ].join('\n');
  const output = execFileSync('python3', ['-c', script], { cwd: folder, encoding: 'utf8' });
  const expected = sample.files.map((file) => [file.path, file.bytes.length, file.executable ? '0o755' : '0o644']);
  expect(JSON.parse(output)).toEqual([expected, expected]);
});
