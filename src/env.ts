import * as z from 'zod';
import { DEFAULT_SKILL_HUB, type Settings, type SkillHubSettings } from './core/deps.ts';
import { DEFAULT_LIMITS } from './format/limits.ts';
import { checkNamespace, checkSkillName } from './format/names.ts';

/** The bindings of `wrangler.toml`; `OUTBOX` exists on self-hosted hubs only. */
export interface Bindings {
  DB: D1Database;
  BUNDLES: R2Bucket;
  JOBS: Queue;
  OUTBOX?: Fetcher;
}

const optional = z.string().min(1).optional();
/** A path of the hub's own, which no other dialect has. */
const prefix = (fallback: string) =>
  z
    .string()
    .regex(/^(\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+$/, 'a path such as /api/skill, without a slash at the end')
    .refine(
      (path) => !/^\/(v1|t)(\/|$)|^\/api(\/v1)?$|^\/healthz$/.test(path),
      'the hub needs this path for something else',
    )
    .default(fallback);
const count = (fallback: number) => z.coerce.number().int().positive().default(fallback);

const variables = z.object({
  PUBLIC_URL: z.url().optional(),
  REGISTRY_KEY: z
    .string({ error: 'the RSA private key in PKCS#8 PEM that signs versions' })
    .startsWith('-----BEGIN PRIVATE KEY-----'),
  SESSION_KEY: z.string({ error: '32 random bytes or more in hex' }).regex(/^[0-9a-f]{64,}$/),
  SESSION_KEYS_PREVIOUS: z
    .string()
    .default('')
    .transform((text) => text.split(',').filter(Boolean))
    .pipe(z.array(z.string().regex(/^[0-9a-f]{64,}$/, 'earlier session keys with commas between'))),
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
  CURATED_SKILLS: z.string().transform(readCurated).optional(),
  MAX_NAME_DISTANCE: z.coerce.number().int().min(0).max(2).default(2),
  SKILL_HUB_API_PREFIX: prefix(DEFAULT_SKILL_HUB.apiPrefix),
  SKILL_HUB_LEGACY_API_PREFIX: prefix(DEFAULT_SKILL_HUB.legacyApiPrefix),
  SKILL_HUB_AUTH_HEADER: z
    .string()
    .regex(/^[\w!#$%&'*+.^`|~-]+$/, 'the name of a header')
    .default(DEFAULT_SKILL_HUB.authHeader),
  SKILL_HUB_AUTH_SCHEME: z
    .string()
    .regex(/^[\x20-\x7e]*$/, 'printable ASCII, or nothing')
    .default(DEFAULT_SKILL_HUB.authScheme),
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
    previousSessionKeys: value.SESSION_KEYS_PREVIOUS,
    skillHub: skillHub(value),
    curatedSkills: value.CURATED_SKILLS,
    instanceId: value.INSTANCE_ID,
  };
  const libsql =
    value.LIBSQL_URL === undefined ? undefined : { url: value.LIBSQL_URL, authToken: value.LIBSQL_AUTH_TOKEN };
  return { settings, registryKey: value.REGISTRY_KEY, mail: mailConfig(value, env.OUTBOX !== undefined), libsql };
}

/** `none`, or `<namespace>/<name>` with commas between. */
function readCurated(text: string, context: z.RefinementCtx): NonNullable<Settings['curatedSkills']> {
  if (text.trim() === 'none') return [];
  return text.split(',').map((item) => {
    const [namespace = '', name = '', ...rest] = item.trim().split('/');
    const good = rest.length === 0 && !checkNamespace(namespace) && !checkSkillName(name);
    if (!good) context.addIssue('`none`, or skills as <namespace>/<name> with commas between');
    return { namespace, name };
  });
}

function skillHub(value: z.infer<typeof variables>): SkillHubSettings {
  const { SKILL_HUB_API_PREFIX: apiPrefix, SKILL_HUB_LEGACY_API_PREFIX: legacyApiPrefix } = value;
  if (`${apiPrefix}/`.startsWith(`${legacyApiPrefix}/`) || `${legacyApiPrefix}/`.startsWith(`${apiPrefix}/`)) {
    throw new Error(
      'The hub is not configured: SKILL_HUB_API_PREFIX and SKILL_HUB_LEGACY_API_PREFIX lie within each other.',
    );
  }
  const { SKILL_HUB_AUTH_HEADER: authHeader, SKILL_HUB_AUTH_SCHEME: authScheme } = value;
  return { apiPrefix, legacyApiPrefix, authHeader, authScheme };
}

function mailConfig(value: z.infer<typeof variables>, outbox: boolean): MailConfig {
  const from = value.MAIL_FROM;
  if (value.SMTP_URL) return { kind: 'smtp', url: value.SMTP_URL, from };
  if (!value.MAIL_API_URL) return { kind: outbox ? 'outbox' : 'none' };
  if (!value.MAIL_API_KEY) throw new Error('The hub is not configured: MAIL_API_URL needs MAIL_API_KEY beside it.');
  return { kind: 'api', url: value.MAIL_API_URL, key: value.MAIL_API_KEY, from };
}
