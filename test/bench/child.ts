import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Ready } from './server.ts';

export interface Server extends Ready {
  pid: number;
  dataPath: string;
  stop(): Promise<void>;
}

const readySchema = z.object({ url: z.string(), startMilliseconds: z.number() });

/** Starts a hub or the empty Worker in a process of its own, so that it shares no event loop with whoever measures. */
export async function startServer(kind: 'hub' | 'empty', dataPath: string): Promise<Server> {
  mkdirSync(dataPath, { recursive: true });
  const child = fork(join(import.meta.dirname, 'server.ts'), [kind, dataPath], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ready = await firstMessage(child, kind);
  return {
    ...ready,
    pid: child.pid ?? 0,
    dataPath,
    async stop() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

function firstMessage(child: ChildProcess, kind: string): Promise<Ready> {
  return new Promise((resolve, reject) => {
    const failed = (code: number | null) => reject(new Error(`the ${kind} server ended with code ${code}`));
    child.once('exit', failed);
    child.once('message', (message) => {
      child.off('exit', failed);
      resolve(readySchema.parse(message));
    });
  });
}

/** Runs one hub after the other on the same data, and says what is needed to write to it. */
export function operatorKey({ dataPath }: Pick<Server, 'dataPath'>): string {
  return readFileSync(join(dataPath, 'keys/operator.key'), 'utf8').trim();
}

/** Resident memory in bytes: of the Node process that holds the hub, and of its workerd. */
export function memoryOf(server: Server): { node: number; workerd: number } {
  const workerd = Number(readFileSync(join(server.dataPath, 'workerd.pid'), 'utf8'));
  return { node: residentBytes(server.pid), workerd: residentBytes(workerd) };
}

function residentBytes(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024;
}
