import * as z from 'zod';
import type { Settings } from './core/deps.ts';
import { DEFAULT_LIMITS } from './format/limits.ts';

/** The bindings of `wrangler.toml`; `OUTBOX` exists on self-hosted hubs only. */
export interface Bindings {
  DB: D1Database;
  BUNDLES: R2Bucket;
  JOBS: Queue;
  OUTBOX?: Fetcher;
}

const optional = z.string().min(1).optional();
const count = (fallback: number) => z.coerce.number().int().positive().default(fallback);

const variables = z.object({
  PUBLIC_URL: z.url().optional(),
  REGISTRY_KEY: z
    .string({ error: 'the RSA private key in PKCS#8 PEM that signs versions' })
    .startsWith('-----BEGIN PRIVATE KEY-----'),
  SESSION_KEY: z.string({ error: '32 random bytes or more in hex' }).regex(/^[0-9a-f]{64,}$/),
  OPERATOR_KEY_SHA256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  INSTANCE_ID: optional,
  SMTP_URL: optional,
  MAIL_API_URL: optional,
  MAIL_API_KEY: optional,
  MAIL_FROM: z.string().default('Skills Hub <skills-hub@localhost>'),
  LIBSQL_URL: optional,
  LIBSQL_AUTH_TOKEN: optional,
  MAX_FILES: count(DEFAULT_LIMITS.maxFiles),
  MAX_UNPACKED_BYTES: count(DEFAULT_LIMITS.maxUnpackedBytes),
  MAX_FILE_BYTES: count(DEFAULT_LIMITS.maxFileBytes),
  MAX_ARCHIVE_BYTES: count(DEFAULT_LIMITS.maxArchiveBytes),
  MAX_NAME_DISTANCE: z.coerce.number().int().min(0).max(2).default(2),
});

export type MailConfig =
  | { kind: 'smtp'; url: string; from: string }
  | { kind: 'api'; url: string; key: string; from: string }
  | { kind: 'outbox' }
  | { kind: 'none' };

export interface Config {
  settings: Settings;
  registryKey: string;
  mail: MailConfig;
  libsql?: { url: string; authToken?: string };
}

/**
 * The configuration in the environment.
 *
 * @throws Error that names each variable at fault, never its value
 */
export function readConfig(env: Record<string, unknown>): Config {
  const parsed = variables.safeParse(env);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new Error(`The hub is not configured: ${faults.join('; ')}. See docs/deploy-cloudflare.md.`);
  }
  const value = parsed.data;
  const settings: Settings = {
    publicUrl: value.PUBLIC_URL?.replace(/\/$/, ''),
    limits: {
      maxFiles: value.MAX_FILES,
      maxUnpackedBytes: value.MAX_UNPACKED_BYTES,
      maxFileBytes: value.MAX_FILE_BYTES,
      maxArchiveBytes: value.MAX_ARCHIVE_BYTES,
    },
    maxNameDistance: value.MAX_NAME_DISTANCE,
    operatorKeyHash: value.OPERATOR_KEY_SHA256,
    sessionKey: value.SESSION_KEY,
    instanceId: value.INSTANCE_ID,
  };
  const libsql =
    value.LIBSQL_URL === undefined ? undefined : { url: value.LIBSQL_URL, authToken: value.LIBSQL_AUTH_TOKEN };
  return { settings, registryKey: value.REGISTRY_KEY, mail: mailConfig(value, env.OUTBOX !== undefined), libsql };
}

function mailConfig(value: z.infer<typeof variables>, outbox: boolean): MailConfig {
  const from = value.MAIL_FROM;
  if (value.SMTP_URL) return { kind: 'smtp', url: value.SMTP_URL, from };
  if (!value.MAIL_API_URL) return { kind: outbox ? 'outbox' : 'none' };
  if (!value.MAIL_API_KEY) throw new Error('The hub is not configured: MAIL_API_URL needs MAIL_API_KEY beside it.');
  return { kind: 'api', url: value.MAIL_API_URL, key: value.MAIL_API_KEY, from };
}
