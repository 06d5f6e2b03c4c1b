import { homedir } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { BaseContext } from 'clipanion';
import type { HubOptions, RunningHub } from './serve/hub.ts';

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/** What may be sent: a subset that both the types of Node and those of the web agree on. */
export interface SendOptions {
  method: string;
  headers: Record<string, string>;
  body?: string | ReadableStream<Uint8Array>;
  /** `half` when the body is a stream. */
  duplex?: 'half';
}

/** Everything that a command sees of the world; a test gives its own. */
export interface CliContext extends BaseContext {
  env: Record<string, string | undefined>;
  stdin: Readable;
  stdout: Writable;
  stderr: Writable;
  colorDepth: number;
  terminal: { stdin: boolean; stdout: boolean; stderr: boolean };
  /** How wide the terminal is that shows stderr; absent where that is unknown. */
  columns?: number | undefined;
  cwd: string;
  /** The user's home directory. */
  home: string;
  /** Where the package is installed: holds `package.json`, `dist/` and `drizzle/`. */
  packagePath: string;
  fetch(url: string, options: SendOptions): Promise<Response>;
  clock: Clock;
  startHub(options: HubOptions): Promise<RunningHub>;
  /** Calls back at each SIGINT and SIGTERM, in place of ending. */
  onInterrupt(listener: () => void): void;
  /** Ends at once. */
  exit(code: number): void;
}

export function processContext(packagePath: string): CliContext {
  const { stdin, stdout, stderr, env } = process;
  const home = homedir();
  let proxied: Promise<CliContext['fetch']> | undefined;
  return {
    env,
    stdin,
    stdout,
    stderr,
    colorDepth: stdout.isTTY ? stdout.getColorDepth() : 1,
    terminal: { stdin: stdin.isTTY === true, stdout: stdout.isTTY === true, stderr: stderr.isTTY === true },
    columns: stderr.columns,
    cwd: process.cwd(),
    home,
    packagePath,
    fetch: async (url, options) => {
      proxied ??= import('./proxy/fetch.ts').then(({ proxiedFetch }) =>
        proxiedFetch({ env, home }, (url, options) => fetch(url, options)),
      );
      return (await proxied)(url, options);
    },
    clock: { now: () => Date.now(), sleep: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)) },
    startHub: async (options) => (await import('./serve/hub.ts')).startHub(options),
    onInterrupt(listener) {
      process.on('SIGINT', listener);
      process.on('SIGTERM', listener);
    },
    exit: (code) => process.exit(code),
  };
}
