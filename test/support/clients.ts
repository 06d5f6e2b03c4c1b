import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_PATH, poll } from './hub-process.ts';

const CLIENTS = join(PACKAGE_PATH, 'test/clients');
const LOCK = join(CLIENTS, '.installing');
const INSTALL_DEADLINE_MS = 120_000;

/**
 * The script of a real client, by its alias in test/clients/package.json. The first test that needs one installs them
 * all; others wait for it.
 */
export async function clientScript(alias: string, script: string): Promise<string> {
  const path = join(CLIENTS, 'node_modules', alias, script);
  await poll(
    INSTALL_DEADLINE_MS,
    () => `${path} is not there; if nobody installs it, remove ${LOCK}`,
    async () => {
      if (!existsSync(LOCK) && existsSync(path)) return true;
      if (takeLock()) install();
      return false;
    },
  );
  return path;
}

function takeLock(): boolean {
  try {
    mkdirSync(LOCK);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function install(): void {
  try {
    const npm = spawnSync('npm', ['ci', '--prefix', CLIENTS, '--no-audit', '--no-fund'], { encoding: 'utf8' });
    if (npm.status !== 0) throw new Error(`npm ci --prefix test/clients failed:\n${npm.stderr}`);
  } finally {
    rmdirSync(LOCK);
  }
}

export interface ClientRun {
  code: number | null;
  /** Standard output and standard error, in the order in which they came. */
  output: string;
}

/** Runs a client's script with the pinned Node, without a terminal, and with nothing of our own environment but PATH. */
export async function runClient(
  script: string,
  args: string[],
  { cwd, env }: { cwd: string; env: Record<string, string> },
): Promise<ClientRun> {
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env: { PATH: process.env.PATH, CI: '1', NO_COLOR: '1', DISABLE_TELEMETRY: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, output };
}
