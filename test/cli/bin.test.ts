import { execFile } from 'node:child_process';
import { chmod, copyFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeFiles } from './files.ts';
import { newSession } from './terminal-session.ts';

const BIN = resolve(import.meta.dirname, '../../cli/bin.js');
const MAIN = 'console.log("ran", process.argv.slice(2).join(" ")); process.exitCode = 3;';

/** A package with `bin.js` in it, started by a Node that says it is of another version. */
async function installed(files: Record<string, string>) {
  const { cwd } = await newSession();
  await writeFiles(cwd, { 'package.json': '{"type":"module"}', 'cli/x': '', ...files });
  await copyFile(BIN, join(cwd, 'cli/bin.js'));
  const run = (version: string, ...argv: string[]) => {
    const pretend = `data:text/javascript,Object.defineProperty(process.versions,"node",{value:"${version}"})`;
    return start(process.execPath, ['--import', pretend, join(cwd, 'cli/bin.js'), ...argv]);
  };
  return { cwd, run };
}

function start(file: string, argv: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((done) => {
    const child = execFile(file, argv, (_error, stdout, stderr) => done({ code: child.exitCode, stdout, stderr }));
  });
}

/** Stands in for the Node that the package `node` brings along. */
const PINNED = `#!/bin/sh\nexec "${process.execPath}" "$@"\n`;

describe('bin.js', () => {
  it.each(['22.12.0', '23.0.0', '24.21.0'])('runs the program itself on Node %s', async (version) => {
    const { run } = await installed({ 'dist/cli/main.js': MAIN });
    expect(await run(version, 'a', 'b c')).toEqual({ code: 3, stdout: 'ran a b c\n', stderr: '' });
  });

  it.each(['18.0.0', '20.20.2', '22.11.0'])(
    'starts the pinned Node on %s, and keeps arguments and exit code',
    async (version) => {
      const { cwd, run } = await installed({
        'dist/cli/main.js': MAIN,
        'node_modules/node/package.json': '{"name":"node"}',
      });
      await writeFiles(cwd, { 'node_modules/node/bin/node': PINNED });
      await chmod(join(cwd, 'node_modules/node/bin/node'), 0o755);
      expect(await run(version, 'a', 'b c')).toEqual({ code: 3, stdout: 'ran a b c\n', stderr: '' });
    },
  );

  it('names the version that it found and the one it needs', async () => {
    const { run } = await installed({ 'dist/cli/main.js': MAIN });
    expect(await run('20.1.0')).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'error: skills needs Node.js 22.12 or newer, and this is 20.1.0.\nfix: install a newer Node.js: https://nodejs.org.\n',
    });
  });

  it('says how to build what is not built', async () => {
    const { cwd, run } = await installed({});
    expect(await run('24.0.0')).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: ${join(cwd, 'dist/cli/main.js')} is missing.\nfix: run \`npm run build\` in ${cwd}.\n`,
    });
  });

  it('passes a signal on to the pinned Node', async () => {
    const waiting = 'process.on("SIGTERM", () => process.exit(7)); console.log("up"); setInterval(() => {}, 1000);';
    const { cwd } = await installed({
      'dist/cli/main.js': waiting,
      'node_modules/node/package.json': '{"name":"node"}',
    });
    await writeFiles(cwd, { 'node_modules/node/bin/node': PINNED });
    await chmod(join(cwd, 'node_modules/node/bin/node'), 0o755);
    const pretend = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"18.0.0"})';
    const child = execFile(process.execPath, ['--import', pretend, join(cwd, 'cli/bin.js')]);
    child.stdout?.once('data', () => child.kill('SIGTERM'));
    expect(await new Promise((done) => child.once('exit', (code) => done(code)))).toBe(7);
  });
});
