import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../user-error.ts';
import { requireFreeAddress } from './address.ts';
import { type DataDirectory, openDataDirectory } from './data-directory.ts';
import { publishExamples } from './examples.ts';
import { ensureKeys, type HubKeys } from './keys.ts';
import { APPLIED_MIGRATIONS, migrate } from './migrate.ts';
import { miniflareOptions, WORKER_NAME } from './miniflare-options.ts';
import { writeToOutbox } from './outbox.ts';
import { WorkerdProcess } from './workerd-process.ts';

const SWEEP_MS = 15_000;

export interface HubOptions {
  host: string;
  port: number;
  dataPath: string;
  examples: boolean;
  env: Record<string, string | undefined>;
  /** Where the package is installed: holds `dist/`, `drizzle/` and `docs/examples/`. */
  packagePath: string;
  log: (line: string) => void;
}

export interface RunningHub {
  url: string;
  keys: HubKeys;
  publishedExamples: string[];
  close(): Promise<void>;
}

/**
 * Starts a hub on a data directory: keys, database, Worker, examples, and a timer in place of the cron trigger.
 *
 * @throws UserError for a directory or an address that is in use, or a package that was not built
 */
export async function startHub(options: HubOptions): Promise<RunningHub> {
  const scriptPath = join(options.packagePath, 'dist/worker/worker.js');
  if (!existsSync(scriptPath))
    throw new UserError('The Worker bundle is not built.', 'Run `npm run build` in the checkout.');
  // Before anything is written: it may be missing.
  const library = await loadMiniflare(options.packagePath);
  const directory = await openDataDirectory(options.dataPath);
  try {
    return await start(options, directory, scriptPath, library);
  } catch (error) {
    directory.release();
    throw error;
  }
}

type MiniflareLibrary = typeof import('miniflare');

async function start(
  options: HubOptions,
  directory: DataDirectory,
  scriptPath: string,
  { Miniflare, CoreHeaders }: MiniflareLibrary,
): Promise<RunningHub> {
  const { packagePath, log } = options;
  await requireFreeAddress(options.host, options.port);
  const keys = await ensureKeys(directory.path);
  const workerd = new WorkerdProcess(join(packagePath, 'cli/serve/workerd.sh'), directory.path);
  letWorkerdTellAddresses(CoreHeaders);
  const outbox = writeToOutbox(join(directory.path, 'outbox'), log);
  const setup = { ...options, scriptPath, dataPath: directory.path, keys, instanceId: randomUUID(), outbox };
  const miniflare = withoutSignalHandlers(() => new Miniflare(miniflareOptions(setup)));
  try {
    await miniflare.ready;
    const pid = workerd.pid();
    if (pid !== undefined) {
      directory.noteWorkerd(pid);
      workerd.watch(pid);
    }
    await migrateHub(miniflare, join(packagePath, 'drizzle'));
    const url = (await miniflare.unsafeGetDirectURL(WORKER_NAME)).origin;
    const stopSweeping = await keepSweeping(miniflare, log);
    const publishedExamples = options.examples ? await firstExamples(directory.path, packagePath, keys, url) : [];
    return {
      url,
      keys,
      publishedExamples,
      async close() {
        await stopSweeping();
        try {
          await miniflare.dispose();
        } finally {
          directory.release();
        }
      },
    };
  } catch (error) {
    // After a failed start, disposing fails with the same error again.
    await Promise.allSettled([miniflare.dispose()]);
    throw error;
  }
}

type MiniflareInstance = InstanceType<MiniflareLibrary['Miniflare']>;

/** Miniflare would end the process at the first Ctrl-C, before the hub is closed. */
function withoutSignalHandlers<T>(construct: () => T): T {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const before = signals.map((signal) => process.listeners(signal));
  const constructed = construct();
  signals.forEach((signal, i) => {
    for (const listener of process.listeners(signal)) {
      if (!before[i]?.includes(listener)) process.off(signal, listener);
    }
  });
  return constructed;
}

/**
 * Miniflare has workerd read `request.cf` from a header, which nobody sends to the Worker's own socket but clients with
 * ill intent. Without the header's name, workerd fills `request.cf` itself: with the address of the client.
 */
function letWorkerdTellAddresses(headers: object): void {
  if (!Reflect.set(headers, 'CF_BLOB', undefined)) throw new Error('this Miniflare does not let go of MF-CF-Blob');
}

async function loadMiniflare(packagePath: string): Promise<MiniflareLibrary> {
  try {
    return await import('miniflare');
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND')) throw cause;
    const { peerDependencies } = JSON.parse(readFileSync(join(packagePath, 'package.json'), 'utf8'));
    throw new UserError(
      '`skills serve` needs the package miniflare, which is not installed.',
      `Install it beside skills-hub: npm install miniflare@${peerDependencies.miniflare}`,
      1,
      { cause },
    );
  }
}

async function migrateHub(miniflare: MiniflareInstance, directory: string): Promise<void> {
  const database = await miniflare.getD1Database('DB', WORKER_NAME);
  await migrate(
    {
      async exec(statements) {
        await database.batch(statements.map(({ sql, values = [] }) => database.prepare(sql).bind(...values)));
      },
      async names() {
        const { results } = await database.prepare(APPLIED_MIGRATIONS).all<{ name: string }>();
        return results.map(({ name }) => name);
      },
    },
    directory,
  );
}

/** Sweeps now, for what an earlier process left, and then in the rhythm of the cron trigger in `wrangler.toml`. */
async function keepSweeping(miniflare: MiniflareInstance, log: (line: string) => void): Promise<() => Promise<void>> {
  const worker = await miniflare.getWorker(WORKER_NAME);
  const sweep = async () => {
    try {
      const { outcome } = await worker.scheduled({});
      if (outcome !== 'ok') log(`sweep: ${outcome}`);
    } catch (error) {
      log(`sweep: ${error instanceof Error ? error.message : error}`);
    }
  };
  let running = sweep();
  await running;
  const timer = setInterval(() => {
    running = running.then(sweep);
  }, SWEEP_MS);
  return async () => {
    clearInterval(timer);
    await running;
  };
}

/** Examples come once in a directory's life: deleting them is the operator's right. */
async function firstExamples(dataPath: string, packagePath: string, keys: HubKeys, url: string): Promise<string[]> {
  const marker = join(dataPath, 'examples-published');
  if (existsSync(marker)) return [];
  const published = await publishExamples(join(packagePath, 'docs/examples'), keys.operatorKey, (path, init) =>
    fetch(url + path, init),
  );
  writeFileSync(marker, `${new Date().toISOString()}\n`, { mode: 0o600 });
  return published;
}
