import type { Db } from '../db/client.ts';
import type { Limits } from '../format/limits.ts';
import type { VerifierKey } from '../format/tlog/verifier-key.ts';

/** Milliseconds since the epoch. Tests move it by hand. */
export interface Clock {
  now(): number;
}

/** The only source of identifiers and secrets. */
export interface Random {
  /** A new row id: 26 characters, lower case, sorted by time of creation. */
  id(): string;
  /** `bytes` bytes from a cryptographic source, as lower-case hex. */
  hex(bytes: number): string;
  /** Uniform integer in `[0, below)` from a cryptographic source. */
  below(below: number): number;
}

export interface StoredBundle {
  body: ReadableStream<Uint8Array>;
  /** Bytes. */
  size: number;
}

/**
 * Where the bytes of bundles and signatures live. Keys are slash-separated paths. Every method throws when the
 * store cannot be reached; a missing key is not an error.
 */
export interface BundleStore {
  put(key: string, bytes: Uint8Array): Promise<void>;
  open(key: string): Promise<StoredBundle | undefined>;
  has(key: string): Promise<boolean>;
  delete(keys: string[]): Promise<void>;
  /** Keys under a prefix in key order, at most 1,000 a page; `cursor` of one page opens the next. */
  list(prefix: string, cursor?: string): Promise<BundlePage>;
}

export interface BundlePage {
  objects: { key: string; storedAt: number }[];
  cursor?: string;
}

/** A message names a row, which is the truth; only counts of downloads have none before they arrive. */
export type JobMessage =
  | { type: 'vet'; jobId: string }
  | { type: 'scan'; scanId: string }
  | { type: 'rescan'; rescanId: string }
  | { type: 'resign'; keyId: string }
  | { type: 'downloads'; batchId: string; day: number; marks: DownloadMark[] };

/** One client's download of one version. */
export interface DownloadMark {
  versionId: string;
  /** A keyed hash that tells clients of one day apart and cannot be traced back to them. */
  client: string;
}

export interface JobQueue {
  /** Throws when the queue does not take the message. Delivery is at least once, in any order. */
  send(message: JobMessage): Promise<void>;
}

export interface Mail {
  to: string;
  subject: string;
  /** Plain text, lines separated by `\n`. */
  text: string;
}

export interface Mailer {
  /** Resolves once the mail was handed over; throws an Error whose message holds neither the text nor credentials. */
  send(mail: Mail): Promise<void>;
}

export interface RegistryKey {
  /** RFC 7638 thumbprint of the public key, base64url. */
  id: string;
  /** SubjectPublicKeyInfo in PEM. */
  pem: string;
}

/** A key that signed before the current one. */
export interface EarlierKey extends RegistryKey {
  /** The key after it, and its own signature over `successionStatement`; absent where the private half is gone. */
  successor?: { id: string; signature: Uint8Array };
}

/** Signs with the registry's RSA-4096 key. */
export interface Signer {
  key(): Promise<RegistryKey>;
  /** Keys that a rotation replaced, oldest first, as far as the operator still names them. */
  earlier?(): Promise<EarlierKey[]>;
  /** Archives: RSASSA-PKCS1-v1_5 over SHA-256 of the bytes. */
  sign(bytes: Uint8Array): Promise<{ keyId: string; signature: Uint8Array }>;
  /** Certificates: RSASSA-PSS over SHA-256 of the bytes, with MGF1 over SHA-256 and a salt of 32 bytes. */
  signPss(bytes: Uint8Array): Promise<{ keyId: string; signature: Uint8Array }>;
}

/** Signs checkpoints of the transparency log with an Ed25519 key of its own. */
export interface LogSigner {
  key(): Promise<VerifierKey>;
  /** Ed25519 (RFC 8032) over the bytes: 64 bytes. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/**
 * Rendered answers to anonymous reads of public data, held in this instance's memory only. Core names what changed;
 * the store forgets every answer that was built from it.
 */
export interface ReadCache {
  /** Forgets the answers tagged with any of these. Tags are `skill:<namespace>/<name>` and `search`. */
  forget(tags: string[]): void;
}

export const RATE_KINDS = ['read', 'search', 'write', 'download', 'account'] as const;
export type RateKind = (typeof RATE_KINDS)[number];

/** Requests a minute by kind and by whom they count for; what has no number is not limited. */
export type RateLimits = Record<RateKind, { address?: number; key?: number }>;

/** Whatever makes keys or tries codes counts for the address alone: else each key made would allow to make more. */
export const DEFAULT_RATE_LIMITS: RateLimits = {
  read: { address: 3000, key: 12_000 },
  search: { address: 600, key: 3000 },
  write: { address: 300, key: 3000 },
  download: { address: 1200, key: 6000 },
  account: { address: 30 },
};

/** Whom a request counts for. Requests with a valid key do not count for the address that they come from. */
export interface RateSubject {
  by: 'address' | 'key';
  /** A client address (an IPv6 one by its /64), or the id of a key. */
  id: string;
}

export interface RateVerdict {
  allowed: boolean;
  /** Requests a window; absent when this kind is not limited for such a subject. */
  limit?: number;
  /** What is left of them; absent where the platform does not tell. */
  remaining?: number;
  /** Milliseconds since the epoch when the window ends. */
  resetAt: number;
}

/**
 * Counts requests in windows of a minute, in memory or by the platform, never in the database. A limiter that cannot be
 * reached lets requests pass and says so in the log.
 */
export interface RateLimiter {
  take(kind: RateKind, subject: RateSubject): RateVerdict | Promise<RateVerdict>;
}

/** Where downloads are noted on the hot path: in memory, until a batch of them goes into the queue. */
export interface DownloadCounter {
  /** `client` is what tells clients apart; it is hashed before it goes anywhere. */
  note(versionId: string, client: string): void;
  /** Sends what was noted. Resolves at once when there is nothing. */
  flush(): Promise<void>;
}

/** Where texts of skills are fetched from unless the operator says otherwise. */
export const DEFAULT_FETCH_HOSTS = ['raw.githubusercontent.com', 'gist.githubusercontent.com'];

/** The only way out of the hub for addresses that users give. */
export interface Outgoing {
  /**
   * The body at an `https` URL on a host that the operator allows; redirects are followed within those hosts.
   *
   * @throws Problem `invalid_request` that names the URL for a host that is not allowed, an answer other than 200, a body over
   * `maxBytes` (counted while reading), or no answer in time
   */
  get(url: string, maxBytes: number): Promise<Uint8Array>;
}

/** What a scanner is given of a skill. */
export interface ScannedSkill {
  namespace: string;
  name: string;
  version: string;
  /** SHA-256 (hex) over the canonical listing of the file tree. */
  treeDigest: string;
  /** The canonical tar.gz of its files. */
  archive: Uint8Array;
}

/** What a scanner answers; its words are as untrusted as the skill. */
export interface ScannerReport {
  verdict: 'clean' | 'suspicious' | 'malicious';
  /** What looked, and which version of it, such as `ClamAV` and `1.4.2/27500`. */
  engine?: string | undefined;
  version?: string | undefined;
  findings: {
    rule: string;
    severity: 'info' | 'warning';
    message: string;
    fix?: string | undefined;
    file?: string | undefined;
    line?: number | undefined;
    excerpt?: string | undefined;
  }[];
}

/** Something outside the hub that judges skills: a virus scanner, a language model, a service of the operator's. */
export interface Scanner {
  /** Kebab-case; shown with what it found. */
  name: string;
  /** Without its answer a version goes on with a warning (`open`), or waits and in the end is not published (`closed`). */
  onFailure: 'open' | 'closed';
  /** @throws Error that ends the sentence "the scanner x …", such as `did not answer in time`, without address or token */
  scan(skill: ScannedSkill): Promise<ScannerReport>;
}

/** Calls `then` after so many milliseconds, unless the function that it answers with is called before. */
export type StartTimer = (milliseconds: number, then: () => void) => () => void;

export type LogFields = Record<string, string | number | boolean | undefined>;

/** One line of JSON an event. Callers pass no secret, no mail text and no token. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** Where and how the Skill Hub dialect is spoken; its clients can be set to anything here. */
export interface SkillHubSettings {
  /** Everything under it needs a key. Begins with a slash and does not end with one. */
  apiPrefix: string;
  /** What is public can be read under it by everybody. */
  legacyApiPrefix: string;
  /** The header that carries a key, beside `Authorization: Bearer` and `X-API-Key`. */
  authHeader: string;
  /** What comes before the key in that header; may be empty. */
  authScheme: string;
}

export const DEFAULT_SKILL_HUB: SkillHubSettings = {
  apiPrefix: '/api/v1/skill',
  legacyApiPrefix: '/api/skill',
  authHeader: 'Authorization',
  authScheme: 'Bearer ',
};

/** What becomes of a version that the examination does not find clean. */
export const VERDICT_ACTIONS = ['block', 'quarantine', 'warn'] as const;
export type VerdictAction = (typeof VERDICT_ACTIONS)[number];
export type VerdictPolicy = Record<'malicious' | 'suspicious', VerdictAction>;

/** Heuristics err: what they find worst waits for a person, the rest is shown to whoever wants to install it. */
export const DEFAULT_VERDICT_POLICY: VerdictPolicy = { malicious: 'quarantine', suspicious: 'warn' };

/** What an operator may set; read from the environment in `src/env.ts` alone. */
export interface Settings {
  /** The origin under which people reach the hub, without a trailing slash; absent means the request's own. */
  publicUrl?: string;
  limits: Limits;
  /** Edit distance under which another namespace's name counts as too similar; 0 turns the check off. */
  maxNameDistance: number;
  /** Names that operators alone hand out, beside the hub's own list. */
  reservedNames?: string[];
  verdictPolicy: VerdictPolicy;
  /** Reports of so many that count hide a skill until a moderator has looked; 0 turns that off. */
  reportsToHide: number;
  /** The domain that the hub sends its mail from: its owner's colleagues have addresses there too. */
  mailDomain?: string | undefined;
  /** SHA-256 (hex) of the operator's API key; absent means there is no operator. */
  operatorKeyHash?: string;
  /** Key for hashing one-time codes and, by derivation, for read links; at least 32 bytes of hex. */
  sessionKey: string;
  /** The hub's own short list for discovery, in order; absent means the namespace `examples`. */
  curatedSkills?: { namespace: string; name: string }[];
  skillHub: SkillHubSettings;
  /** The header in which a proxy that is always in front tells the client's address; absent means the connection's own. */
  clientAddressHeader?: string;
  /** Session keys from before a rotation: what they signed stays valid until it runs out; nothing new is signed with them. */
  previousSessionKeys: string[];
  /** Names the process that may hold leases; a lease of another instance of the same self-hosted hub is void. */
  instanceId?: string;
}

/** Everything outside the domain, as one value. A use case takes only the fields that it uses. */
export interface Deps {
  db: Db;
  bundles: BundleStore;
  queue: JobQueue;
  mailer: Mailer;
  signer: Signer;
  /** Without it entries are noted, but nobody is shown a log. */
  logSigner?: LogSigner | undefined;
  clock: Clock;
  /** Resolves after so many milliseconds. */
  sleep: (milliseconds: number) => Promise<void>;
  startTimer: StartTimer;
  random: Random;
  cache: ReadCache;
  limiter: RateLimiter;
  downloads: DownloadCounter;
  outgoing: Outgoing;
  /** None, unless the operator has set some up. */
  scanners?: readonly Scanner[] | undefined;
  log: Log;
  settings: Settings;
}
