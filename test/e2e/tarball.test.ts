import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type HubProcess, PACKAGE_PATH, poll, startHubProcess, temporaryDirectory } from '../support/hub-process.ts';

const run = promisify(execFile);
const MIB = 1024 * 1024;

interface PackedFile {
  path: string;
  size: number;
}

let hub: HubProcess;
let app: string;
let packed: { size: number; unpackedSize: number; files: PackedFile[] };

/** Packs the package as it would be published, and installs it where nothing else is. */
async function installTarball(): Promise<void> {
  const folder = temporaryDirectory();
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await run('npm', pack, { cwd: PACKAGE_PATH });
  const [report] = JSON.parse(stdout);
  packed = report;
  app = join(folder, 'app');
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), '{"name": "app", "private": true, "type": "module"}');
  const tarball = join(folder, report.filename);
  // Offline: whatever the package needs has to be in it.
  await run('npm', ['install', '--offline', '--no-audit', '--no-fund', tarball], { cwd: app });
}

beforeAll(async () => {
  [hub] = await Promise.all([startHubProcess({ args: [] }), installTarball()]);
}, 60_000);
afterAll(() => hub.stop('SIGINT'));

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

async function skills(...args: string[]): Promise<Outcome> {
  const env = {
    PATH: process.env.PATH,
    HOME: join(app, 'home'),
    USERPROFILE: join(app, 'home'),
    SKILLS_REGISTRY: hub.url,
  };
  const bin = join(app, 'node_modules/.bin/skills');
  return new Promise((resolve) => {
    const child = execFile(bin, args, { cwd: app, env }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

test('the tarball holds what runs, and nothing else', () => {
  const paths = packed.files.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining([
      'package.json',
      'README.md',
      'LICENSE',
      'CHANGELOG.md',
      'cli/bin.js',
      'cli/serve/workerd.sh',
      'dist/cli/main.js',
      'dist/loader/index.js',
      'dist/loader/index.d.ts',
      'dist/worker/worker.js',
      'docs/examples/csv-summary/SKILL.md',
    ]),
  );
  const allowed =
    /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|cli\/bin\.js|cli\/serve\/workerd\.sh|dist\/(cli|worker)\/[\w.-]+\.js|dist\/loader\/index\.(d\.ts|js)|drizzle\/\w+\.sql|docs\/examples\/.+)$/;
  expect(paths.filter((path) => !allowed.test(path))).toEqual([]);
  expect(packed.size).toBeLessThan(2 * MIB);
  expect(packed.unpackedSize).toBeLessThan(8 * MIB);
});

test('installed alone, it searches and installs', async () => {
  const { version } = JSON.parse(readFileSync(join(PACKAGE_PATH, 'package.json'), 'utf8'));
  expect(await skills('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  const search = await skills('search', 'csv', '--json');
  expect(search.code).toBe(0);
  expect(JSON.parse(search.stdout).packages).toMatchObject([{ namespace: 'examples', name: 'csv-summary' }]);
  const install = await skills('install', '@examples/csv-summary');
  expect(install.code, install.stderr).toBe(0);
  expect(statSync(join(app, '.agents/skills/csv-summary/SKILL.md')).isFile()).toBe(true);
  expect((await skills('verify')).code).toBe(0);
});

test('serve names the package that is missing', async () => {
  const { code, stdout, stderr } = await skills('serve', '--port', '0', '--data', join(app, 'hub'));
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toBe(
    'error: `skills serve` needs the package miniflare, which is not installed.\nfix: Install it beside skills-hub: npm install miniflare@4.20260730.0\n',
  );
  expect(existsSync(join(app, 'hub'))).toBe(false);
});

test('serve runs once that package is there, with all that is in the tarball', async () => {
  symlinkSync(join(PACKAGE_PATH, 'node_modules/miniflare'), join(app, 'node_modules/miniflare'));
  const data = join(app, 'hub');
  const bin = join(app, 'node_modules/skills-hub/cli/bin.js');
  const child = spawn(process.execPath, [bin, 'serve', '--port', '0', '--data', data], { cwd: app });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  onTestFinished(() => void child.kill('SIGKILL'));
  const gone = new Promise((resolve) => child.once('close', resolve));
  await poll(
    20_000,
    () => output,
    async () => /^ready on /m.test(output),
  );
  const [, url = ''] = /^ready on (\S+)$/m.exec(output) ?? [];
  const response = await fetch(`${url}/v1/packages/examples/csv-summary/latest`);
  child.kill('SIGINT');
  expect([response.status, await gone]).toEqual([200, 0]);
});

test('a program loads the installed skills, and its types are right', async () => {
  writeFileSync(
    join(app, 'agent.ts'),
    `import { loadSkills, SkillFileError, type Skill } from 'skills-hub/loader';
const { skills, warnings } = await loadSkills({ scopes: ['project'], verify: true });
const found: Skill | undefined = skills.find(({ name }) => name === 'csv-summary');
if (found === undefined) throw new Error('not there');
const paths: string[] = (await found.files()).map((file) => file.path);
const refused: unknown = await found.read('../x').catch((error: unknown) => error instanceof SkillFileError && error.code);
console.log(JSON.stringify({ version: found.version, namespace: found.namespace, paths, refused, warnings }));
`,
  );
  const options = [
    '--noEmit',
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2022',
    '--types',
    '',
    '--lib',
    'es2022,dom',
  ];
  const tsc = join(PACKAGE_PATH, 'node_modules/.bin/tsc');
  await run(tsc, [...options, '--skipLibCheck', 'false', 'agent.ts'], { cwd: app });
  const { stdout } = await run(process.execPath, ['--experimental-strip-types', 'agent.ts'], { cwd: app });
  expect(JSON.parse(stdout)).toEqual({
    version: '1.0.0',
    namespace: 'examples',
    paths: ['SKILL.md', 'scripts/summary.py', 'skill.yaml'],
    refused: 'invalid_path',
    warnings: [],
  });
});
