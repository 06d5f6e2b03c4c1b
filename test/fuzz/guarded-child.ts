import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildStart, Order, Report } from './protocol.ts';
import type { Trouble } from './target.ts';

const HEAP_MIB = 256;
/** Buffers lie outside the heap, so the whole process is measured, where the system tells. */
const MAX_RESIDENT_MIB = 1024;
const PAGE_BYTES = 4096;
const LOOK_EVERY_MS = 100;

/** A child died over the case with this index. */
export class ChildLost extends Error {
  readonly trouble: Trouble;
  readonly index: number;

  constructor(trouble: Trouble, index: number) {
    super(trouble.message);
    this.trouble = trouble;
    this.index = index;
  }
}

/** A process of its own under a watchdog, which kills it when a case does not end or takes too much memory. */
export class GuardedChild {
  readonly #child: ChildProcess;
  readonly #folder = mkdtempSync(join(tmpdir(), 'skills-fuzz-'));
  readonly #progressFile = join(this.#folder, 'progress');
  readonly #stuckMs: number;

  private constructor(stuckMs: number) {
    this.#stuckMs = stuckMs;
    writeFileSync(this.#progressFile, new Int32Array(1));
    this.#child = fork(join(import.meta.dirname, 'child.ts'), {
      execArgv: [`--max-old-space-size=${HEAP_MIB}`],
      serialization: 'advanced',
      // A heap that bursts prints pages.
      stdio: ['ignore', 'inherit', 'ignore', 'ipc'],
    });
  }

  /** @param stuckMs wall time after which a case is taken for one that never ends */
  static async start(what: Omit<ChildStart, 'progressFile'>, stuckMs: number): Promise<GuardedChild> {
    const child = new GuardedChild(stuckMs);
    const { module, target, withCorpus } = what;
    await child.#give(
      { do: 'start', module, target, withCorpus, progressFile: child.#progressFile },
      () => undefined,
      60_000,
    );
    return child;
  }

  /**
   * Gives an order and resolves with its last report.
   * @throws ChildLost when the child was killed or ran out of memory; it is of no use after that
   */
  run(order: Order, onTrouble: (index: number, trouble: Trouble) => void): Promise<Report> {
    return this.#give(order, onTrouble, this.#stuckMs);
  }

  stop(): void {
    this.#child.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #give(order: Order, onTrouble: (index: number, trouble: Trouble) => void, stuckMs: number): Promise<Report> {
    const { promise, resolve, reject } = Promise.withResolvers<Report>();
    const lose = (trouble: Trouble) => reject(new ChildLost(trouble, this.#index()));
    const onMessage = (report: Report) => {
      if (report.say === 'trouble') onTrouble(report.index, report.trouble);
      else resolve(report);
    };
    const onExit = (code: number | null, signal: string | null) => lose(deathOf(code, signal));
    this.#child.on('message', onMessage).on('exit', onExit);
    const timer = this.#watch(lose, stuckMs);
    this.#child.send(order);
    return promise.finally(() => {
      clearInterval(timer);
      this.#child.off('message', onMessage).off('exit', onExit);
    });
  }

  #watch(lose: (trouble: Trouble) => void, stuckMs: number): NodeJS.Timeout {
    let [last, since] = [-1, Date.now()];
    return setInterval(() => {
      const index = this.#index();
      if (index !== last) [last, since] = [index, Date.now()];
      if (this.#residentMiB() > MAX_RESIDENT_MIB) {
        lose({ kind: 'memory', message: `the process has more than ${MAX_RESIDENT_MIB} MiB` });
      }
      if (Date.now() - since > stuckMs) lose({ kind: 'hang', message: `did not end within ${stuckMs} ms` });
    }, LOOK_EVERY_MS);
  }

  #index(): number {
    return readFileSync(this.#progressFile).readInt32LE(0);
  }

  /** 0 where there is no /proc, and once the process has ended. */
  #residentMiB(): number {
    const path = `/proc/${this.#child.pid}/statm`;
    const pages = existsSync(path) ? Number(readFileSync(path, 'utf8').split(' ')[1] ?? 0) : 0;
    return (pages * PAGE_BYTES) / (1024 * 1024);
  }
}

/** V8 aborts when the heap is full. */
function deathOf(code: number | null, signal: string | null): Trouble {
  if (signal === 'SIGABRT' || code === 134)
    return { kind: 'memory', message: `needs more than ${HEAP_MIB} MiB of heap` };
  return { kind: 'crash', message: `the process ended with ${signal ?? code}` };
}
