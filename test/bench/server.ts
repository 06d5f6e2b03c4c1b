import { join } from 'node:path';
import { Miniflare } from 'miniflare';
import { startHub } from '../../cli/serve/hub.ts';
import { ensureKeys } from '../../cli/serve/keys.ts';
import { miniflareOptions, WORKER_NAME } from '../../cli/serve/miniflare-options.ts';

/** What a server process tells its parent when it answers requests. */
export interface Ready {
  url: string;
  /** From the call that starts the server to its end. */
  startMilliseconds: number;
}

type Running = { url: string; close(): Promise<void> };

const HOST = '127.0.0.1';
const PACKAGE = join(import.meta.dirname, '../..');

function hub(dataPath: string): Promise<Running> {
  const log = (line: string) => process.stderr.write(`${line}\n`);
  return startHub({ host: HOST, port: 0, dataPath, examples: false, env: {}, packagePath: PACKAGE, log });
}

/** The yardstick: a Worker that does nothing, in the same clothes as the hub. */
async function emptyWorker(dataPath: string): Promise<Running> {
  const scriptPath = join(import.meta.dirname, 'empty-worker.js');
  const keys = await ensureKeys(dataPath);
  const outbox = async () => new Response(null, { status: 404 });
  const miniflare = new Miniflare(
    miniflareOptions({ scriptPath, dataPath, host: HOST, port: 0, keys, instanceId: 'empty', outbox, env: {} }),
  );
  await miniflare.ready;
  const url = (await miniflare.unsafeGetDirectURL(WORKER_NAME)).origin;
  return { url, close: () => miniflare.dispose() };
}

const [kind, dataPath] = process.argv.slice(2);
if (dataPath === undefined || process.send === undefined)
  throw new Error('server.ts is started by bench.ts, with a kind and a data directory');
const begun = performance.now();
const running = await (kind === 'empty' ? emptyWorker(dataPath) : hub(dataPath));
// The parent ends this process by letting go of the channel, and so does the parent's own end.
process.once('disconnect', async () => {
  await running.close();
  process.exit(0);
});
process.send({ url: running.url, startMilliseconds: performance.now() - begun } satisfies Ready);
