import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { processIdentity } from './process-identity.ts';

/**
 * Makes Miniflare start workerd through a script that notes its process id. A killed Node process leaves its workerd
 * running: with the id, a watcher can end it at once, and the next start can make sure.
 */
export class WorkerdProcess {
  readonly #pidFile: string;

  constructor(scriptPath: string, dataPath: string) {
    this.#pidFile = join(dataPath, 'workerd.pid');
    if (process.platform === 'win32') return;
    const wrapper = join(dataPath, 'workerd.sh');
    copyFileSync(scriptPath, wrapper);
    chmodSync(wrapper, 0o700);
    process.env.HUB_WORKERD = workerdBinary();
    process.env.HUB_WORKERD_PID = this.#pidFile;
    process.env.MINIFLARE_WORKERD_PATH = wrapper;
  }

  /** The process id of the workerd that runs now. */
  pid(): number | undefined {
    if (process.platform === 'win32') return undefined;
    return Number(readFileSync(this.#pidFile, 'utf8'));
  }

  /**
   * Ends workerd as soon as this process is gone, however it went: the watcher's input then closes. By then the number
   * may belong to another process, so on Linux the watcher compares the start time first.
   */
  watch(pid: number): void {
    const stat = `/proc/${pid}/stat`;
    const identity = processIdentity(pid) ?? '';
    const same = `[ ! -e /proc/self/stat ] || [ "$(cut -d ' ' -f 22 ${stat} 2>/dev/null)" = "${identity}" ]`;
    const script = `cat >/dev/null; if ${same}; then kill -9 ${pid} 2>/dev/null; fi`;
    const watcher = spawn('sh', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    watcher.unref();
    if (watcher.stdin && 'unref' in watcher.stdin && typeof watcher.stdin.unref === 'function') watcher.stdin.unref();
  }
}

function workerdBinary(): string {
  const fromHere = createRequire(import.meta.url);
  const fromMiniflare = createRequire(fromHere.resolve('miniflare'));
  const exported: { default: string } = fromMiniflare('workerd');
  return exported.default;
}
