import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { MiniflareOptions } from 'miniflare';
import type { HubKeys } from './keys.ts';

export interface WorkerSetup {
  /** The bundle that `wrangler deploy` would upload. */
  scriptPath: string;
  dataPath: string;
  host: string;
  port: number;
  keys: HubKeys;
  /** Names this process among those that had the directory before; see `Settings.instanceId`. */
  instanceId: string;
  outbox: (request: Request) => Promise<Response>;
  /** Takes the lines that the Worker and workerd write. */
  log: (line: string) => void;
  /** The environment that an operator sets; see `PASSED_ON`. */
  env: Record<string, string | undefined>;
}

/** Variables that reach the Worker as they are. */
export const PASSED_ON = [
  'PUBLIC_URL',
  'LOG_ORIGIN',
  'SMTP_URL',
  'MAIL_API_URL',
  'MAIL_API_KEY',
  'MAIL_FROM',
  'LIBSQL_URL',
  'LIBSQL_AUTH_TOKEN',
  'MAX_FILES',
  'MAX_UNPACKED_BYTES',
  'MAX_FILE_BYTES',
  'MAX_ARCHIVE_BYTES',
  'MAX_NAME_DISTANCE',
  'VERDICT_POLICY',
  'SCANNERS',
  'SCANNER_TOKENS',
  'REPORTS_TO_HIDE',
  'RESERVED_NAMES',
  'SESSION_KEYS_PREVIOUS',
  'SKILL_HUB_API_PREFIX',
  'SKILL_HUB_LEGACY_API_PREFIX',
  'SKILL_HUB_AUTH_HEADER',
  'SKILL_HUB_AUTH_SCHEME',
  'CURATED_SKILLS',
  'FETCH_HOSTS',
  'RATE_LIMITS',
  'CLIENT_ADDRESS_HEADER',
];

/** Of these, being empty says something; elsewhere it is the same as not being set. */
export const MAY_BE_EMPTY = ['SKILL_HUB_AUTH_SCHEME'];

export const WORKER_NAME = 'skills-hub';
export const COMPATIBILITY = { date: '2026-07-30', flags: ['nodejs_compat'] };

/**
 * The bindings of `wrangler.toml` on disk. People's requests come in through a socket of the Worker's own: Miniflare's
 * development proxy in front of it would cost most of the speed.
 */
export function miniflareOptions(setup: WorkerSetup): MiniflareOptions {
  const isSet = (name: string) => (MAY_BE_EMPTY.includes(name) ? setup.env[name] !== undefined : setup.env[name]);
  const passedOn = Object.fromEntries(PASSED_ON.filter(isSet).map((name) => [name, setup.env[name]]));
  return {
    host: '127.0.0.1',
    port: 0,
    handleRuntimeStdio(stdout: Readable, stderr: Readable) {
      for (const stream of [stdout, stderr]) createInterface(stream).on('line', setup.log);
    },
    d1Persist: join(setup.dataPath, 'd1'),
    r2Persist: join(setup.dataPath, 'r2'),
    workers: [
      {
        name: WORKER_NAME,
        modules: [{ type: 'ESModule', path: setup.scriptPath }],
        modulesRoot: dirname(setup.scriptPath),
        compatibilityDate: COMPATIBILITY.date,
        compatibilityFlags: COMPATIBILITY.flags,
        d1Databases: { DB: 'skills-hub' },
        r2Buckets: { BUNDLES: 'skills-hub-bundles' },
        queueProducers: { JOBS: 'skills-hub-jobs' },
        queueConsumers: { 'skills-hub-jobs': { maxBatchSize: 10, maxBatchTimeout: 0, maxRetries: 10 } },
        serviceBindings: { OUTBOX: setup.outbox },
        bindings: {
          ...passedOn,
          REGISTRY_KEY: setup.keys.registryKey,
          REGISTRY_KEYS_PREVIOUS: setup.keys.previousRegistryKeys,
          LOG_KEY: setup.keys.logKey,
          SESSION_KEY: setup.keys.sessionKey,
          VAULT_KEY: setup.keys.vaultKey,
          OPERATOR_KEY_SHA256: setup.keys.operatorKeySha256,
          INSTANCE_ID: setup.instanceId,
        },
        unsafeDirectSockets: [{ host: setup.host, port: setup.port }],
      },
    ],
  };
}
