import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { PACKAGE_PATH, poll } from './hub-process.ts';

const DEADLINE_MS = 30_000;

export interface Terminal {
  /** What the terminal has shown so far, control sequences and all. */
  shown(): string;
  /** Types once the text is there. */
  type(after: string, keys: string): Promise<void>;
  /** The exit code of the command, once it has ended. */
  ended: Promise<number | null>;
}

/** Runs the built `skills` in a pseudo-terminal, made by `script` of util-linux. */
export function openTerminal(
  args: string[],
  { cwd, env, columns = 80 }: { cwd: string; env: Record<string, string>; columns?: number },
): Terminal {
  const words = [process.execPath, join(PACKAGE_PATH, 'cli/bin.js'), ...args].map(quoted).join(' ');
  const command = `stty cols ${columns} rows 24; exec ${words}`;
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', command, '/dev/null'], {
    cwd,
    env: { PATH: process.env.PATH, TERM: 'xterm-256color', SHELL: '/bin/sh', ...env },
  });
  let shown = '';
  child.stdout.on('data', (chunk) => {
    shown += chunk;
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return {
    shown: () => shown,
    async type(after, keys) {
      await poll(
        DEADLINE_MS,
        () => shown,
        async () => shown.includes(after),
      );
      child.stdin.write(keys);
    },
    ended,
  };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
