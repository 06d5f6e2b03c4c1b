import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { bundleOf } from '../../src/format/accept-files.ts';
import { readArchive, sniffArchive } from '../../src/format/archive.ts';
import type { BundleFile } from '../../src/format/bundle.ts';
import { FormatError } from '../../src/format/format-error.ts';
import { readZipDirectory } from '../../src/format/zip-directory.ts';
import { randomOf } from '../fuzz/random.ts';
import { openTarget } from '../fuzz/targets.ts';

const UTF8_FLAG = 0x800;
const CASES = 2000;
const accepted: { name: string; archive: Uint8Array; files: BundleFile[] }[] = [];

/** Random archives, honest and changed; what our reader refuses needs no comparison. */
beforeAll(async () => {
  const target = await openTarget('archive', []);
  for (const seed of fc.sample(fc.nat(), { numRuns: CASES, seed: 20_262 })) {
    const archive = target.generate(randomOf(seed, 0));
    const files = await read(archive);
    if (files !== undefined && !isAmbiguous(archive))
      accepted.push({ name: `${accepted.length}.${sniffArchive(archive)}`, archive, files });
  }
}, 60_000);

/** Without its flag a name that is not ASCII has no stated encoding. Ours takes UTF-8; a zip is never passed on as it came. */
function isAmbiguous(archive: Uint8Array): boolean {
  if (sniffArchive(archive) !== 'zip') return false;
  const { records } = readZipDirectory(archive, 0xffff);
  return records.some(({ flags, path }) => !(flags & UTF8_FLAG) && /[^ -~]/.test(path));
}

async function read(archive: Uint8Array): Promise<BundleFile[] | undefined> {
  try {
    return (await readArchive(archive)).files;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'differential-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const { name, archive } of accepted) writeFileSync(join(folder, name), archive);
  return folder;
}

const hexOf = (files: readonly Pick<BundleFile, 'path' | 'bytes'>[]) =>
  files.map(({ path, bytes }) => [path, Buffer.from(bytes).toString('hex')]);
const has = (command: string, flag: string) => spawnSync(command, [flag]).status === 0;

/** What another reader found, less the junk and the wrapper that ours takes away, must be the same bundle. */
function expectSame(name: string, files: readonly BundleFile[], found: BundleFile[]): void {
  expect([name, hexOf(bundleOf(found).files)]).toEqual([name, hexOf(files)]);
}

test('there are hundreds of archives of either kind to compare', () => {
  const zips = accepted.filter(({ name }) => name.endsWith('.zip')).length;
  expect(zips).toBeGreaterThan(150);
  expect(accepted.length - zips).toBeGreaterThan(150);
});

const PYTHON = `
import json, os, sys, tarfile, zipfile
def tar(path):
    with tarfile.open(path) as archive:
        members = archive.getmembers()
        assert all(m.isreg() or m.isdir() for m in members), 'neither file nor folder'
        return [[m.name, archive.extractfile(m).read().hex()] for m in members if m.isreg()]
def zip(path):
    with zipfile.ZipFile(path) as archive:
        return [[i.filename, archive.read(i).hex()] for i in archive.infolist() if not i.is_dir()]
def read(path):
    try:
        return (zip if path.endswith('.zip') else tar)(path)
    except Exception as error:
        return repr(error)
json.dump({name: read(name) for name in os.listdir('.')}, sys.stdout)
`;

test.skipIf(!has('python3', '--version'))('Python finds the same files', { timeout: 60_000 }, () => {
  const cwd = workFolder();
  const output = execFileSync('python3', ['-X', 'utf8', '-c', PYTHON], { cwd, maxBuffer: 2 ** 30, encoding: 'utf8' });
  const found: Record<string, [string, string][] | string> = JSON.parse(output);
  for (const { name, files } of accepted) {
    const listed = found[name];
    if (!Array.isArray(listed)) throw new Error(`${name}: ${listed}`);
    const asFiles = listed.map(([path, hex]) => ({ path, bytes: Buffer.from(hex, 'hex'), executable: false }));
    expectSame(name, files, asFiles);
  }
});

const isAscii = ({ path }: BundleFile) => /^[ -~]*$/.test(path);
// unzip changes names beyond ASCII by the system that made the archive, flag or not.
const extractors: [string, string, string, string[], (file: BundleFile) => boolean][] = [
  ['tar', '--version', '.tar.gz', ['-xzf'], () => true],
  ['unzip', '-v', '.zip', ['-q', '-o'], isAscii],
];

for (const [command, flag, ending, options, isComparable] of extractors) {
  test.skipIf(!has(command, flag))(`${command} finds the same files`, { timeout: 120_000 }, () => {
    const folder = workFolder();
    for (const { name, files } of accepted.filter(
      (one) => one.name.endsWith(ending) && one.files.every(isComparable),
    )) {
      const cwd = join(folder, `${name}.out`);
      mkdirSync(cwd);
      const env = { ...process.env, LC_ALL: 'C.UTF-8' };
      const { status } = spawnSync(command, [...options, join(folder, name)], { cwd, env, encoding: 'utf8' });
      expect([name, status]).toEqual([name, 0]);
      expectSame(name, files, filesIn(cwd));
    }
  });
}

function filesIn(folder: string): BundleFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => ({ path, bytes: readFileSync(join(folder, path)), executable: false }));
}
