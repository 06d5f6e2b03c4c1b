import * as z from 'zod';
import { sha256Hex } from '../digest.ts';
import { canonicalJson } from './canonical-json.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const v = z.literal(1);
/** Milliseconds since the epoch when it happened. */
const at = z.number().int();

/**
 * `offer` says of a version that it is served under this name although no earlier entry says so: it was published before
 * the log began, or its skill was renamed or given away since. `verdict` tells what a later examination found, `resign` that
 * another key of the registry signs it from now on.
 */
export const VERSION_EVENTS = ['publish', 'yank', 'unyank', 'offer', 'verdict', 'resign'] as const;

/** A skill with all its versions is taken out of sight, or shown again. */
export const SKILL_EVENTS = ['hide', 'show'] as const;

const versionEntry = z.strictObject({
  v,
  event: z.enum(VERSION_EVENTS),
  namespace: z.string(),
  name: z.string(),
  version: z.string(),
  /** Of the archive that `/v1/download` serves. */
  archive_sha256: digest,
  tree_digest: digest,
  /** The registry key that signed it. */
  key_id: z.string(),
  /** The key of the certificate that its publisher signed it with: SHA-256 of the SubjectPublicKeyInfo. */
  publisher_key: z.string().optional(),
  /** The fingerprint of the OpenPGP key that its publisher signed the archive with. */
  pgp_key: z.string().optional(),
  verdict: z.string().optional(),
  at,
});

const skillEntry = z.strictObject({
  v,
  event: z.enum(SKILL_EVENTS),
  namespace: z.string(),
  name: z.string(),
  /** Whose decision it was; operators count as moderators. `reports` hide without one. */
  by: z.enum(['owner', 'moderator', 'reports']),
  at,
});

const keyEntry = z.strictObject({
  v,
  /** A key of the registry that signs from now on or was revoked; a key that a namespace signs with. */
  event: z.enum(['registry-key', 'registry-key-revoked', 'publisher-key', 'publisher-key-revoked']),
  namespace: z.string().optional(),
  key: z.string(),
  at,
});

/** What is in the log of a private skill: nothing that tells its name. */
const sealedEntry = z.strictObject({ v, event: z.enum([...VERSION_EVENTS, ...SKILL_EVENTS]), commitment: digest });

export type VersionEntry = z.infer<typeof versionEntry>;
export type SkillEntry = z.infer<typeof skillEntry>;
export type KeyEntry = z.infer<typeof keyEntry>;
export type SealedEntry = z.infer<typeof sealedEntry>;
/** What can be sealed. */
export type SealableEntry = VersionEntry | SkillEntry;
export type LogEntry = SealableEntry | KeyEntry | SealedEntry;

const entrySchema = z.union([versionEntry, skillEntry, keyEntry, sealedEntry]);
const salted = { salt: z.string().regex(/^[0-9a-f]{64}$/) };
const openingSchema = z.union([versionEntry.extend(salted), skillEntry.extend(salted)]);

/** The bytes that go into the log: canonical JSON in UTF-8. */
export function writeEntry(entry: LogEntry): string {
  return canonicalJson(entry);
}

/** What an entry of the log says; undefined for what is not such an entry, or not in canonical form. */
export function readEntry(text: string): LogEntry | undefined {
  const parsed = entrySchema.safeParse(parse(text));
  return parsed.success && canonicalJson(parsed.data) === text ? parsed.data : undefined;
}

/**
 * Hides an entry: the log gets a commitment to it, and whoever may know it gets the opening.
 *
 * @param salt 32 random bytes in hex, without which nobody can guess the name and try it
 */
export async function sealEntry(entry: SealableEntry, salt: string): Promise<{ sealed: SealedEntry; opening: string }> {
  const opening = canonicalJson({ ...entry, salt });
  return { sealed: { v: 1, event: entry.event, commitment: await commitmentOf(opening) }, opening };
}

/** The entry that a sealed one hides; undefined for an opening that is not its own. */
export async function openEntry(sealed: SealedEntry, opening: string): Promise<SealableEntry | undefined> {
  if ((await commitmentOf(opening)) !== sealed.commitment) return undefined;
  const parsed = openingSchema.safeParse(parse(opening));
  if (!parsed.success || parsed.data.event !== sealed.event) return undefined;
  const { salt: _, ...entry } = parsed.data;
  return entry;
}

function commitmentOf(opening: string): Promise<string> {
  return sha256Hex(new TextEncoder().encode(opening));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
