import { join } from 'node:path';
import { Miniflare } from 'miniflare';
import { ensureKeys } from '../../cli/serve/keys.ts';
import { miniflareOptions, WORKER_NAME } from '../../cli/serve/miniflare-options.ts';

const HOST = '127.0.0.1';

// The yardstick: a Worker that does nothing, in the same clothes as the hub.
const [dataPath] = process.argv.slice(2);
if (dataPath === undefined) throw new Error('name a data directory');
const scriptPath = join(import.meta.dirname, 'empty-worker.js');
const keys = await ensureKeys(dataPath);
const outbox = async () => new Response(null, { status: 404 });
const log = (line: string) => void process.stderr.write(`${line}\n`);
const miniflare = new Miniflare(
  miniflareOptions({ scriptPath, dataPath, host: HOST, port: 0, keys, instanceId: 'empty', outbox, log, env: {} }),
);
await miniflare.ready;
process.once('SIGINT', async () => {
  await miniflare.dispose();
  process.exit(0);
});
process.stdout.write(`ready on ${(await miniflare.unsafeGetDirectURL(WORKER_NAME)).origin}\n`);
