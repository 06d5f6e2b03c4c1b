#!/usr/bin/env node
// Runs on any Node from 18 on: either the program itself, or the Node that the program needs.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = [22, 12];
const here = fileURLToPath(import.meta.url);
const main = join(dirname(here), '../dist/cli/main.js');

if (!existsSync(main)) {
  fail(`${main} is missing`, `run \`npm run build\` in ${join(dirname(here), '..')}`);
} else if (isNewEnough(process.versions.node)) {
  await import('../dist/cli/main.js');
} else {
  const node = process.env.SKILLS_PINNED_NODE === '1' ? undefined : pinnedNode();
  if (node) runWith(node);
  else
    fail(
      `skills needs Node.js ${NEEDED.join('.')} or newer, and this is ${process.versions.node}`,
      'install a newer Node.js: https://nodejs.org',
    );
}

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
}

/** The Node that the package `node` brings along, if it is installed. */
function pinnedNode() {
  try {
    const manifest = createRequire(here).resolve('node/package.json');
    const node = join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(node) ? node : undefined;
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

function runWith(node) {
  const env = { ...process.env, SKILLS_PINNED_NODE: '1' };
  const child = spawn(node, [here, ...process.argv.slice(2)], { stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // A terminal sends Ctrl-C to both processes; passing it on would make two of one.
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
  }
  child.on('error', (error) =>
    fail(`${node} cannot be started (${error.message})`, 'install the packages again: npm ci'),
  );
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function fail(problem, fix) {
  console.error(`error: ${problem}.\nfix: ${fix}.`);
  process.exitCode = 1;
}
