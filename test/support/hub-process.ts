import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const PACKAGE_PATH = join(import.meta.dirname, '../..');
const READY_DEADLINE_MS = 60_000;

export interface HubProcess {
  url: string;
  data: string;
  child: ChildProcess;
  /** Everything that the process has printed so far. */
  output(): string;
  /** Sends the signal and answers with the exit code once the process is gone. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface HubProcessOptions {
  data?: string;
  port?: number;
  args?: string[];
  env?: Record<string, string>;
}

/** Starts `skills serve` as a process of its own and waits for its `ready on` line. */
export async function startHubProcess(options: HubProcessOptions = {}): Promise<HubProcess> {
  const data = options.data ?? temporaryDirectory();
  const port = options.port ?? (await freePort());
  const started = spawnHub(
    ['serve', '--port', String(port), '--data', data, ...(options.args ?? ['--no-examples'])],
    options.env,
  );
  await poll(READY_DEADLINE_MS, started.output, async () => {
    if (started.child.exitCode !== null)
      throw new Error(`the hub ended with ${started.child.exitCode}:\n${started.output()}`);
    return /^ready on /m.test(started.output());
  });
  const [, url = ''] = /^ready on (\S+)$/m.exec(started.output()) ?? [];
  return { ...started, url, data };
}

/** Starts `skills …` as a process of its own. */
export function spawnHub(args: string[], env: Record<string, string> = {}): Omit<HubProcess, 'url' | 'data'> {
  const child = spawn(process.execPath, ['cli/bin.js', ...args], {
    cwd: PACKAGE_PATH,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  child.stderr.on('data', (chunk) => {
    text += chunk;
  });
  const gone = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  return {
    child,
    output: () => text,
    stop(signal = 'SIGINT') {
      child.kill(signal);
      return gone;
    },
  };
}

export function temporaryDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'skills-hub-e2e-'));
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Asks again and again until the answer is true; past the deadline, fails with what `state` says. */
export async function poll(deadlineMs: number, state: () => string, done: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!(await done())) {
    if (Date.now() > deadline) throw new Error(`nothing after ${deadlineMs} ms: ${state()}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/**
 * Makes a namespace on a running hub, and answers with its key.
 *
 * @param operatorKey for names that are reserved
 */
export async function newKey(url: string, slug: string, operatorKey?: string): Promise<string> {
  const authorization: Record<string, string> = operatorKey ? { authorization: `Bearer ${operatorKey}` } : {};
  const response = await fetch(`${url}/v1/namespaces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization },
    body: JSON.stringify({ slug, email: `${slug}@example.com` }),
  });
  if (response.status !== 200) throw new Error(`${slug}: ${response.status} ${await response.text()}`);
  const { api_key } = (await response.json()) as { api_key: string };
  return api_key;
}
