import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Server {
  url: string;
  pid: number;
  dataPath: string;
  /** From the start of the process until it says that it is ready. */
  startMilliseconds: number;
  stop(): Promise<void>;
}

const PACKAGE = join(import.meta.dirname, '../..');

/** Requests are counted as on any hub, but all the load comes from one address. */
const FAR = 900_000_000;
const RATE_LIMITS = ['read', 'search', 'write', 'download'].map((kind) => `${kind}=${FAR}/${FAR}`).join(',');
const ENV = { ...process.env, RATE_LIMITS: `${RATE_LIMITS},account=${FAR}` };

/** The hub as people run it. */
export function startHub(dataPath: string): Promise<Server> {
  return start(dataPath, ['cli/bin.js', 'serve', '--no-examples', '--port', '0', '--data', dataPath]);
}

export function startEmptyWorker(dataPath: string): Promise<Server> {
  return start(dataPath, ['--import', 'tsx', 'test/bench/empty-server.ts', dataPath]);
}

/** Each server has a process of its own, so that it shares no event loop with whoever measures. */
async function start(dataPath: string, args: string[]): Promise<Server> {
  mkdirSync(dataPath, { recursive: true });
  const begun = performance.now();
  const child = spawn(process.execPath, args, { cwd: PACKAGE, stdio: ['ignore', 'pipe', 'pipe'], env: ENV });
  createInterface({ input: child.stderr }).on('line', showFault);
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const url = await readyUrl(child, args);
  return {
    url,
    pid: child.pid ?? 0,
    dataPath,
    startMilliseconds: performance.now() - begun,
    async stop() {
      process.off('exit', kill);
      const ended = once(child, 'exit');
      child.kill('SIGINT');
      await ended;
    },
  };
}

/** The hub's log without the events that are as they should be. */
function showFault(line: string): void {
  if (!line.startsWith('{"level":"info"')) process.stderr.write(`${line}\n`);
}

/** Reads on after the line, since a full pipe would stop the server. */
function readyUrl(child: ChildProcess & { stdout: NonNullable<ChildProcess['stdout']> }, args: string[]) {
  return new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`node ${args.join(' ')} ended with ${code} before it was ready`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, url] = /^ready on (\S+)$/.exec(line) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
}

export function operatorKey({ dataPath }: Pick<Server, 'dataPath'>): string {
  return readFileSync(join(dataPath, 'keys/operator.key'), 'utf8').trim();
}

/** Resident memory in bytes: of the Node process that holds the hub, and of its workerd. */
export function memoryOf(server: Server): { node: number; workerd: number } {
  return { node: residentBytes(server.pid), workerd: residentBytes(workerdOf(server)) };
}

/** Milliseconds that the threads of a hub's workerd have been on a processor; nothing where the system does not tell. */
export function processorTimeOf(server: Server): number | undefined {
  const threads = `/proc/${workerdOf(server)}/task`;
  if (!existsSync(threads)) return undefined;
  const nanoseconds = readdirSync(threads).map((thread) =>
    Number(readFileSync(join(threads, thread, 'schedstat'), 'utf8').split(' ')[0]),
  );
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6;
}

function workerdOf({ dataPath }: Server): number {
  return Number(readFileSync(join(dataPath, 'workerd.pid'), 'utf8'));
}

function residentBytes(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024;
}
