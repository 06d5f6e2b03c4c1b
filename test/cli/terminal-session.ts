import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import type { CliContext } from '../../cli/context.ts';
import { COMMANDS, runProgram } from '../../cli/program.ts';

/** The first path of each command, as `cache ls`; the empty one of the overview left out. */
export const commandNames = COMMANDS.flatMap(({ paths = [] }) => paths.slice(0, 1))
  .map((path) => path.join(' '))
  .filter((name) => name !== '');

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

export interface Session {
  /** The working directory; home is beside it. */
  cwd: string;
  home: string;
  run(...argv: string[]): Promise<Outcome>;
  /** Runs with --json, and answers with the one document on stdout. */
  json(...argv: string[]): Promise<{ code: number; document: unknown; stderr: string }>;
  /** How long the command line slept, in milliseconds, call by call. */
  slept: number[];
}

export interface SessionOptions extends Partial<Omit<CliContext, 'stdin' | 'stdout' | 'stderr'>> {
  /** Milliseconds; needed beside a hub with a clock of its own. */
  startsAt?: number;
  /** What comes on stdin, piece by piece. */
  input?: Iterable<string> | AsyncIterable<string>;
  /** Called at each sleep, in place of waiting. */
  onSleep?: () => Promise<void>;
}

const PACKAGE = resolve(import.meta.dirname, '../..');

/** A command line with a world of its own: folders that go away, a clock that stands still, no network. */
export async function newSession(options: SessionOptions = {}): Promise<Session> {
  const { input, onSleep, ...context } = options;
  const base = await mkdtemp(join(tmpdir(), 'skills-cli-'));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  await mkdir(join(base, 'work'));
  const slept: number[] = [];
  let now = options.startsAt ?? Date.UTC(2026, 0, 1);
  const world: Omit<CliContext, 'stdin' | 'stdout' | 'stderr'> = {
    env: {},
    colorDepth: 1,
    terminal: { stdin: false, stdout: false, stderr: false },
    cwd: join(base, 'work'),
    home: join(base, 'home'),
    packagePath: PACKAGE,
    fetch: async (url) => {
      throw new Error(`nobody expected a request to ${url}`);
    },
    clock: {
      now: () => now,
      async sleep(milliseconds) {
        slept.push(milliseconds);
        now += milliseconds;
        await onSleep?.();
      },
    },
    startHub: async () => {
      throw new Error('nobody expected a hub');
    },
    onInterrupt: () => undefined,
    exit: () => undefined,
    ...context,
  };
  const run = async (...argv: string[]) => {
    const stdout = capture();
    const stderr = capture();
    const stdin = Readable.from(input ?? []);
    const code = await runProgram(argv, { ...world, stdin, stdout: stdout.stream, stderr: stderr.stream });
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  };
  return {
    cwd: world.cwd,
    home: world.home,
    slept,
    run,
    async json(...argv) {
      const { code, stdout, stderr } = await run(...argv, '--json');
      return { code, document: JSON.parse(stdout), stderr };
    },
  };
}

function capture() {
  const stream = new PassThrough();
  const chunks: string[] = [];
  stream.on('data', (chunk) => chunks.push(String(chunk)));
  return { stream, text: () => chunks.join('') };
}
