import { generateKeyPairSync } from 'node:crypto';
import { inject } from 'vitest';
import { DownloadBuffer } from '../../src/adapters/download-buffer.ts';
import { ed25519LogSigner } from '../../src/adapters/log-signer-ed25519.ts';
import { cryptoRandom } from '../../src/adapters/random-crypto.ts';
import { rsaSigner } from '../../src/adapters/signer-rsa.ts';
import { type AppDeps, createApp } from '../../src/app.ts';
import {
  DEFAULT_SKILL_HUB,
  DEFAULT_VERDICT_POLICY,
  type JobMessage,
  type LogFields,
  type Mail,
  type Settings,
} from '../../src/core/deps.ts';
import { sha256Hex } from '../../src/format/digest.ts';
import { DEFAULT_LIMITS } from '../../src/format/limits.ts';
import { ResponseCache } from '../../src/http/kit/response-cache.ts';
import { consume } from '../../src/jobs/consume.ts';
import { runScheduled } from '../../src/jobs/scheduled.ts';
import { type TestDatabase, testDatabase } from './database.ts';
import { memoryBundles } from './memory-bundles.ts';

export const OPERATOR_KEY = `skh_${'0123456789abcdef'.repeat(4)}`;
const ORIGIN = 'http://hub.test';

/** Signs the checkpoints of every world. */
export const LOG_KEY = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

export interface World {
  deps: AppDeps;
  /** Sends a request to the app; a path is taken relative to the hub. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Delivers what is due in the queue, over and over, until it is empty; retries wait for `advance`. */
  drain(): Promise<void>;
  /** Delivers one message, as often as one likes. */
  deliver(message: JobMessage): Promise<void>;
  /** Moves the clock, and calls what waits for it. */
  advance(milliseconds: number): void;
  /** Sends the downloads that were noted through the queue, which counts them. */
  count(): Promise<void>;
  /** What the cron trigger does. */
  sweep(): Promise<void>;
  queue: { message: JobMessage; at: number }[];
  /** What waits for the clock. */
  timers: Set<{ at: number; then: () => void }>;
  outbox: Mail[];
  logs: { level: 'info' | 'error'; event: string; fields: LogFields }[];
  bundles: ReturnType<typeof memoryBundles>;
  client: TestDatabase;
  clock: { now(): number };
}

/** A small world: the real app on real SQLite, with a queue that delivers when told to and a clock that stands still. */
export async function createWorld(
  overrides: { deps?: Partial<AppDeps>; settings?: Partial<Settings> } = {},
): Promise<World> {
  let now = Date.UTC(2026, 0, 1);
  const clock = { now: () => now };
  const client = await testDatabase();
  const bundles = memoryBundles(clock.now);
  const queue: World['queue'] = [];
  const timers: World['timers'] = new Set();
  const outbox: Mail[] = [];
  const logs: World['logs'] = [];
  const deps: AppDeps = {
    db: client.db,
    bundles,
    queue: { send: async (message) => void queue.push({ message, at: now }) },
    mailer: { send: async (mail) => void outbox.push(mail) },
    signer: rsaSigner(inject('registryKey')),
    logSigner: ed25519LogSigner(LOG_KEY),
    clock,
    // Time passes only here and in `advance`, and the queue delivers meanwhile.
    sleep: async (milliseconds) => {
      now += milliseconds;
      await drain();
    },
    startTimer(milliseconds, then) {
      const timer = { at: now + milliseconds, then };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    random: cryptoRandom(clock),
    cache: new ResponseCache(clock, { lifetimeMs: 60_000, maxBytes: 1 << 20, maxEntryBytes: 1 << 18 }),
    limiter: { take: () => ({ allowed: true, resetAt: 0 }) },
    downloads: {
      note: (versionId, client) => downloads.note(versionId, client),
      flush: () => downloads.flush(),
    },
    outgoing: { get: (url) => Promise.reject(new Error(`no test expects a request to ${url}`)) },
    log: {
      info: (event, fields = {}) => void logs.push({ level: 'info', event, fields }),
      error: (event, fields = {}) => void logs.push({ level: 'error', event, fields }),
    },
    settings: {
      limits: DEFAULT_LIMITS,
      maxNameDistance: 2,
      verdictPolicy: DEFAULT_VERDICT_POLICY,
      reportsToHide: 4,
      mailDomain: 'mail.example.com',
      operatorKeyHash: await sha256Hex(new TextEncoder().encode(OPERATOR_KEY)),
      sessionKey: 'ab'.repeat(32),
      skillHub: DEFAULT_SKILL_HUB,
      previousSessionKeys: [],
      ...overrides.settings,
    },
    ...overrides.deps,
  };
  const { log, random, settings } = deps;
  // By way of `deps`, so that a test can take the queue away later.
  const send = (message: JobMessage) => deps.queue.send(message);
  const downloads = new DownloadBuffer({ queue: { send }, clock, sleep: deps.sleep, random, log, settings });
  const app = createApp(deps);

  const deliver = async (message: JobMessage) => {
    const retry = (options?: { delaySeconds?: number }) =>
      void queue.push({ message, at: now + (options?.delaySeconds ?? 0) * 1000 });
    await consume(deps, [{ body: message, ack: () => undefined, retry }]);
  };
  const drain = async () => {
    for (let at = due(queue, now); at !== -1; at = due(queue, now)) {
      for (const { message } of queue.splice(at, 1)) await deliver(message);
    }
  };
  return {
    deps,
    async fetch(input, init) {
      const request = input instanceof Request ? input : new Request(new URL(input, ORIGIN), init);
      return app(request);
    },
    deliver,
    drain,
    advance(milliseconds) {
      now += milliseconds;
      for (const timer of timers) {
        if (timer.at <= now && timers.delete(timer)) timer.then();
      }
    },
    async count() {
      await deps.downloads.flush();
      await drain();
    },
    sweep: () => runScheduled(deps),
    queue,
    timers,
    outbox,
    logs,
    bundles,
    client,
    clock,
  };
}

function due(queue: World['queue'], now: number): number {
  return queue.findIndex(({ at }) => at <= now);
}
