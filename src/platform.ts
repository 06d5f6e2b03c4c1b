import { connect } from 'cloudflare:sockets';
import { r2Bundles } from './adapters/bundles-r2.ts';
import { libsql } from './adapters/db-libsql.ts';
import { DownloadBuffer } from './adapters/download-buffer.ts';
import { bindingLimiter, limitBindings } from './adapters/limiter-binding.ts';
import { memoryLimiter } from './adapters/limiter-memory.ts';
import { consoleLog } from './adapters/log-console.ts';
import { ed25519LogSigner } from './adapters/log-signer-ed25519.ts';
import { apiMailer } from './adapters/mail-api.ts';
import { outboxMailer } from './adapters/mail-outbox.ts';
import { smtpMailer } from './adapters/mail-smtp.ts';
import { outgoingFetch } from './adapters/outgoing-fetch.ts';
import { cloudflareQueue } from './adapters/queue-cloudflare.ts';
import { cryptoRandom } from './adapters/random-crypto.ts';
import { httpScanner } from './adapters/scanner-http.ts';
import { rsaSigner } from './adapters/signer-rsa.ts';
import type { AppDeps } from './app.ts';
import type { Clock, Mailer, Random, RateLimiter, RateLimits } from './core/deps.ts';
import { d1 } from './db/client.ts';
import { type Bindings, type MailConfig, readConfig } from './env.ts';
import { ResponseCache } from './http/kit/response-cache.ts';

const CACHE = { maxBytes: 32 * 1024 * 1024, maxEntryBytes: 1024 * 1024 };
/** A single instance forgets what it changes itself; among many, this bounds how long one may lag behind. */
const LIFETIME_MS = { alone: 60_000, amongMany: 5_000 };

/** Picks the adapter for every port from what the environment offers. */
export function platform(env: Bindings & Record<string, unknown>): AppDeps & { downloads: DownloadBuffer } {
  const config = readConfig(env);
  const clock: Clock = { now: () => Date.now() };
  const random = cryptoRandom(clock);
  const queue = cloudflareQueue(env.JOBS);
  const sleep: AppDeps['sleep'] = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const { settings } = config;
  const lifetimeMs = settings.instanceId ? LIFETIME_MS.alone : LIFETIME_MS.amongMany;
  return {
    db: config.libsql ? libsql(config.libsql.url, config.libsql.authToken) : d1(env.DB),
    bundles: r2Bundles(env.BUNDLES),
    queue,
    mailer: mailer(config.mail, env, clock, random),
    signer: rsaSigner(config.registryKey, config.previousRegistryKeys),
    logSigner: config.logKey && ed25519LogSigner(config.logKey.pem, config.logKey.origin),
    clock,
    sleep,
    startTimer: (milliseconds, then) => {
      const timer = setTimeout(then, milliseconds);
      return () => clearTimeout(timer);
    },
    random,
    cache: new ResponseCache(clock, { ...CACHE, lifetimeMs }),
    limiter: limiter(env, config.rateLimits, clock),
    downloads: new DownloadBuffer({ queue, clock, sleep, random, log: consoleLog, settings }),
    outgoing: outgoingFetch({ hosts: config.fetchHosts, fetch: (input, init) => fetch(input, init) }),
    scanners: config.scanners.map((scanner) => httpScanner({ ...scanner, fetch: (input, init) => fetch(input, init) })),
    log: consoleLog,
    settings,
  };
}

function limiter(env: Record<string, unknown>, limits: RateLimits, clock: Clock): RateLimiter {
  const otherwise = memoryLimiter({ clock, limits });
  const bindings = limitBindings(env);
  return bindings.size === 0 ? otherwise : bindingLimiter({ bindings, limits, otherwise, clock, log: consoleLog });
}

function mailer(mail: MailConfig, env: Bindings, clock: Clock, random: Random): Mailer {
  switch (mail.kind) {
    case 'smtp':
      return smtpMailer({ ...mail, connect, clock, random });
    case 'api':
      return apiMailer({ ...mail, fetch: (input, init) => fetch(input, init) });
    case 'outbox':
      if (env.OUTBOX) return outboxMailer(env.OUTBOX);
  }
  return { send: () => Promise.reject(new Error('no mail transport is configured: set SMTP_URL or MAIL_API_URL')) };
}
