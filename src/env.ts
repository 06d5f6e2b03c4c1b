import * as z from 'zod';
import {
  DEFAULT_FETCH_HOSTS,
  DEFAULT_RATE_LIMITS,
  DEFAULT_SKILL_HUB,
  DEFAULT_VERDICT_POLICY,
  RATE_KINDS,
  type RateLimits,
  type Settings,
  type SkillHubSettings,
  VERDICT_ACTIONS,
  type VerdictPolicy,
} from './core/deps.ts';
import { type ScannerConfig, scannerConfigs, scannersVariable, scannerTokensVariable } from './env-scanners.ts';
import { isHostName } from './format/host-name.ts';
import { DEFAULT_LIMITS } from './format/limits.ts';
import { checkNamespace, checkSkillName } from './format/names.ts';
import { isKeyName } from './format/tlog/verifier-key.ts';

/** The bindings of `wrangler.toml`; `OUTBOX` exists on self-hosted hubs only. */
export interface Bindings {
  DB: D1Database;
  BUNDLES: R2Bucket;
  JOBS: Queue;
  OUTBOX?: Fetcher;
}

const optional = z.string().min(1).optional();
/** The name of a header. */
const headerName = z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/, 'the name of a header');
/** A path of the hub's own, which no other dialect has. */
const prefix = (fallback: string) =>
  z
    .string()
    .regex(/^(\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+$/, 'a path such as /api/skill, without a slash at the end')
    .refine(
      (path) => !/^\/(v1|t|log)(\/|$)|^\/api(\/v1)?$|^\/healthz$/.test(path),
      'the hub needs this path for something else',
    )
    .default(fallback);
const count = (fallback: number) => z.coerce.number().int().positive().default(fallback);

const variables = z.object({
  PUBLIC_URL: z.url().optional(),
  REGISTRY_KEY: z
    .string({ error: 'the RSA private key in PKCS#8 PEM that signs versions' })
    .startsWith('-----BEGIN PRIVATE KEY-----'),
  REGISTRY_KEYS_PREVIOUS: z.string().default('').transform(readPems),
  LOG_KEY: z.string().startsWith('-----BEGIN PRIVATE KEY-----', 'an Ed25519 private key in PKCS#8 PEM').optional(),
  LOG_ORIGIN: z.string().refine(isKeyName, 'a name without spaces and plus').optional(),
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
  RATE_LIMITS: z.string().default('').transform(readRateLimits),
  CLIENT_ADDRESS_HEADER: headerName.optional(),
  CURATED_SKILLS: z.string().transform(readCurated).optional(),
  FETCH_HOSTS: z.string().default(DEFAULT_FETCH_HOSTS.join(',')).transform(readHosts),
  VERDICT_POLICY: z.string().default('').transform(readVerdictPolicy),
  SCANNERS: scannersVariable,
  SCANNER_TOKENS: scannerTokensVariable,
  REPORTS_TO_HIDE: z.coerce.number().int().min(0).max(1000).default(5),
  MAX_NAME_DISTANCE: z.coerce.number().int().min(0).max(2).default(2),
  RESERVED_NAMES: z.string().default('').transform(readReserved),
  SKILL_HUB_API_PREFIX: prefix(DEFAULT_SKILL_HUB.apiPrefix),
  SKILL_HUB_LEGACY_API_PREFIX: prefix(DEFAULT_SKILL_HUB.legacyApiPrefix),
  SKILL_HUB_AUTH_HEADER: headerName.default(DEFAULT_SKILL_HUB.authHeader),
  SKILL_HUB_AUTH_SCHEME: z
    .string()
    .regex(/^[\x20-\x7e]*$/, 'printable ASCII, or nothing')
    .default(DEFAULT_SKILL_HUB.authScheme),
});

/** Every variable that the Worker reads. */
export const VARIABLES: readonly string[] = Object.keys(variables.shape);

export type MailConfig =
  | { kind: 'smtp'; url: string; from: string }
  | { kind: 'api'; url: string; key: string; from: string }
  | { kind: 'outbox' }
  | { kind: 'none' };

export interface Config {
  settings: Settings;
  rateLimits: RateLimits;
  /** Hosts that texts of skills may be fetched from. */
  fetchHosts: readonly string[];
  scanners: ScannerConfig[];
  registryKey: string;
  /** In PEM, oldest first: private ones, or the public ones where those are gone. */
  previousRegistryKeys: string[];
  /** Absent where there is no transparency log to show. */
  logKey: { pem: string; origin: string | undefined } | undefined;
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
    reservedNames: value.RESERVED_NAMES,
    verdictPolicy: value.VERDICT_POLICY,
    reportsToHide: value.REPORTS_TO_HIDE,
    mailDomain: /@([^@>\s]+)>?$/.exec(value.MAIL_FROM)?.[1],
    operatorKeyHash: value.OPERATOR_KEY_SHA256,
    sessionKey: value.SESSION_KEY,
    previousSessionKeys: value.SESSION_KEYS_PREVIOUS,
    skillHub: skillHub(value),
    clientAddressHeader: value.CLIENT_ADDRESS_HEADER,
    curatedSkills: value.CURATED_SKILLS,
    instanceId: value.INSTANCE_ID,
  };
  const libsql =
    value.LIBSQL_URL === undefined ? undefined : { url: value.LIBSQL_URL, authToken: value.LIBSQL_AUTH_TOKEN };
  const { RATE_LIMITS: rateLimits, REGISTRY_KEY: registryKey, REGISTRY_KEYS_PREVIOUS: previousRegistryKeys } = value;
  const { FETCH_HOSTS: fetchHosts } = value;
  const scanners = scannerConfigs(value.SCANNERS, value.SCANNER_TOKENS);
  const mail = mailConfig(value, env.OUTBOX !== undefined);
  const logKey = value.LOG_KEY === undefined ? undefined : { pem: value.LOG_KEY, origin: value.LOG_ORIGIN };
  return { settings, rateLimits, fetchHosts, scanners, registryKey, previousRegistryKeys, logKey, mail, libsql };
}

const PEM = /-----BEGIN (PRIVATE|PUBLIC) KEY-----[A-Za-z0-9+/=\s]+-----END \1 KEY-----/g;

/** One PEM block after the other. */
function readPems(text: string, context: z.RefinementCtx): string[] {
  if (text.replace(PEM, '').trim() !== '')
    context.addIssue('RSA keys in PEM (PKCS#8 or SubjectPublicKeyInfo), one after the other');
  return text.match(PEM) ?? [];
}

/** `none`, or names of hosts with commas between. */
function readHosts(text: string, context: z.RefinementCtx): string[] {
  if (text.trim() === 'none') return [];
  const hosts = text.split(',').map((host) => host.trim().toLowerCase());
  if (!hosts.every(isHostName)) context.addIssue('`none`, or names of hosts with commas between');
  return hosts;
}

/** Names of skills or namespaces with commas between. */
function readReserved(text: string, context: z.RefinementCtx): string[] {
  const names = text.split(',').flatMap((name) => name.trim() || []);
  if (names.some((name) => checkSkillName(name) && checkNamespace(name)))
    context.addIssue('names of skills or namespaces with commas between');
  return names;
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

/** A verdict that is not named keeps its own action. */
function readVerdictPolicy(text: string, context: z.RefinementCtx): VerdictPolicy {
  const policy = { ...DEFAULT_VERDICT_POLICY };
  for (const item of text.split(',').filter((part) => part.trim() !== '')) {
    const [verdict, name, ...rest] = item.trim().split('=');
    const action = VERDICT_ACTIONS.find((candidate) => candidate === name);
    if (action && rest.length === 0 && (verdict === 'malicious' || verdict === 'suspicious')) policy[verdict] = action;
    else context.addIssue('malicious=<action>,suspicious=<action>, where the action is block, quarantine or warn');
  }
  return policy;
}

const RATE_LIMIT = /^(\w+)=(off|[1-9]\d{0,8})(?:\/(off|[1-9]\d{0,8}))?$/;
const RATE_LIMIT_FORM =
  '`off`, or <kind>=<a minute by address>/<by key> with commas between, where the kind is read, search, write or download; account=<by address>; <kind>=off';

/** `off` alone turns every limit off; a kind that is not named keeps its own. */
function readRateLimits(text: string, context: z.RefinementCtx): RateLimits {
  if (text.trim() === 'off') return { read: {}, search: {}, write: {}, download: {}, account: {} };
  const limits = { ...DEFAULT_RATE_LIMITS };
  for (const item of text.split(',').filter((part) => part.trim() !== '')) {
    const [, name, address, key] = RATE_LIMIT.exec(item.trim()) ?? [];
    const kind = RATE_KINDS.find((candidate) => candidate === name);
    const isWhole = (address === 'off' && key === undefined) || (key === undefined) === (kind === 'account');
    if (kind && isWhole) limits[kind] = { address: limitIn(address), key: limitIn(key) };
    else context.addIssue(RATE_LIMIT_FORM);
  }
  return limits;
}

function limitIn(text: string | undefined): number | undefined {
  return text === undefined || text === 'off' ? undefined : Number(text);
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
