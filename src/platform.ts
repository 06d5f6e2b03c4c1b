import { connect } from 'cloudflare:sockets';
import { r2Bundles } from './adapters/bundles-r2.ts';
import { libsql } from './adapters/db-libsql.ts';
import { consoleLog } from './adapters/log-console.ts';
import { apiMailer } from './adapters/mail-api.ts';
import { outboxMailer } from './adapters/mail-outbox.ts';
import { smtpMailer } from './adapters/mail-smtp.ts';
import { cloudflareQueue } from './adapters/queue-cloudflare.ts';
import { cryptoRandom } from './adapters/random-crypto.ts';
import { rsaSigner } from './adapters/signer-rsa.ts';
import type { AppDeps } from './app.ts';
import type { Clock, Mailer, Random } from './core/deps.ts';
import { d1 } from './db/client.ts';
import { type Bindings, type MailConfig, readConfig } from './env.ts';
import { ResponseCache } from './http/kit/response-cache.ts';

const CACHE = { maxBytes: 32 * 1024 * 1024, maxEntryBytes: 1024 * 1024 };
/** A single instance forgets what it changes itself; among many, this bounds how long one may lag behind. */
const LIFETIME_MS = { alone: 60_000, amongMany: 5_000 };

/** Picks the adapter for every port from what the environment offers. */
export function platform(env: Bindings & Record<string, unknown>): AppDeps {
  const config = readConfig(env);
  const clock: Clock = { now: () => Date.now() };
  const random = cryptoRandom(clock);
  const lifetimeMs = config.settings.instanceId ? LIFETIME_MS.alone : LIFETIME_MS.amongMany;
  return {
    db: config.libsql ? libsql(config.libsql.url, config.libsql.authToken) : d1(env.DB),
    bundles: r2Bundles(env.BUNDLES),
    queue: cloudflareQueue(env.JOBS),
    mailer: mailer(config.mail, env, clock, random),
    signer: rsaSigner(config.registryKey),
    clock,
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    random,
    cache: new ResponseCache(clock, { ...CACHE, lifetimeMs }),
    limiter: { take: () => ({ allowed: true, resetAt: 0 }) },
    downloads: { note: () => undefined, flush: async () => undefined },
    outgoing: { get: () => Promise.reject(new Error('not written yet')) },
    log: consoleLog,
    settings: config.settings,
  };
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
