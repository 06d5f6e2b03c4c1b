import { Miniflare } from 'miniflare';
import { ensureKeys } from '../../cli/serve/keys.ts';
import { miniflareOptions, WORKER_NAME } from '../../cli/serve/miniflare-options.ts';
import { cryptoRandom } from '../../src/adapters/random-crypto.ts';
import { rsaSigner } from '../../src/adapters/signer-rsa.ts';
import { createApp } from '../../src/app.ts';
import type { BundleStore } from '../../src/core/deps.ts';
import { d1 } from '../../src/db/client.ts';
import { readConfig } from '../../src/env.ts';
import { ResponseCache } from '../../src/http/kit/response-cache.ts';
import { countingD1, type Tally } from './counting-d1.ts';
import type { Published } from './publishing.ts';
import { downloadPath, metadataPath, searchPath } from './targets.ts';

export interface RowsRead extends Tally {
  request: string;
}

/** The requests whose cost must not depend on the size of the catalogue. */
export const CONSTANT = ['metadata, pinned', 'metadata, latest', 'download, pinned'];

/**
 * Counts what D1 reads for one request of each kind. The hub on this data must not run: its app runs in this process
 * instead, on a database that counts.
 */
export async function countRows(dataPath: string, scriptPath: string, skill: Published): Promise<RowsRead[]> {
  const keys = await ensureKeys(dataPath);
  const outbox = async () => new Response(null, { status: 404 });
  const setup = { scriptPath, dataPath, host: '127.0.0.1', port: 0, keys, instanceId: 'count', outbox, log, env: {} };
  const miniflare = new Miniflare(miniflareOptions(setup));
  try {
    const tally: Tally = { statements: 0, rowsRead: 0 };
    const fetch = await countingApp(miniflare, keys, tally);
    const counted: RowsRead[] = [];
    for (const [request, path] of requests(skill)) {
      Object.assign(tally, { statements: 0, rowsRead: 0 });
      const response = await fetch(new Request(`http://hub.bench${path}`));
      await response.arrayBuffer();
      if (response.status !== 200) throw new Error(`${path} answers ${response.status}`);
      counted.push({ request, ...tally });
    }
    return counted;
  } finally {
    await miniflare.dispose();
  }
}

function requests(skill: Published): [request: string, path: string][] {
  return [
    ['metadata, pinned', metadataPath(skill)],
    ['metadata, latest', metadataPath({ ...skill, version: 'latest' })],
    ['download, pinned', downloadPath(skill)],
    ['search, narrow', searchPath(skill.name)],
    ['search, broad (`use`)', searchPath('use')],
    ['listing, first page', '/v1/search'],
    ['listing, page 5', '/v1/search?page=5'],
  ];
}

const log = (line: string) => void process.stderr.write(`${line}\n`);
const unused = () => Promise.reject(new Error('reading changes and sends nothing'));

async function countingApp(miniflare: Miniflare, keys: { registryKey: string; sessionKey: string }, tally: Tally) {
  const clock = { now: () => Date.now() };
  return createApp({
    db: d1(countingD1(await miniflare.getD1Database('DB', WORKER_NAME), tally)),
    bundles: readOnly(await miniflare.getR2Bucket('BUNDLES', WORKER_NAME)),
    queue: { send: unused },
    mailer: { send: unused },
    signer: rsaSigner(keys.registryKey),
    clock,
    sleep: unused,
    startTimer: () => () => undefined,
    random: cryptoRandom(clock),
    cache: new ResponseCache(clock, { lifetimeMs: 0, maxBytes: 0, maxEntryBytes: 0 }),
    limiter: { take: () => ({ allowed: true, resetAt: 0 }) },
    downloads: { note: () => undefined, flush: async () => undefined },
    outgoing: { get: unused },
    log: {
      info: () => undefined,
      error: (event, fields) => process.stderr.write(`${event} ${JSON.stringify(fields)}\n`),
    },
    settings: readConfig({ REGISTRY_KEY: keys.registryKey, SESSION_KEY: keys.sessionKey }).settings,
  });
}

type Bucket = Awaited<ReturnType<Miniflare['getR2Bucket']>>;

/** The bucket as Node sees it: its streams are of another kind than the Worker's. */
function readOnly(bucket: Bucket): BundleStore {
  return {
    async open(key) {
      const object = await bucket.get(key);
      return object ? { body: new Blob([await object.arrayBuffer()]).stream(), size: object.size } : undefined;
    },
    put: unused,
    has: unused,
    delete: unused,
    list: unused,
  };
}
