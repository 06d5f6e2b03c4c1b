import { FormatError } from '../src/format/format-error.ts';
import { fromHex } from '../src/format/hex.ts';
import { type Checkpoint, openCheckpoint } from '../src/format/tlog/checkpoint.ts';
import { openEntry, readEntry, type VersionEntry } from '../src/format/tlog/leaf.ts';
import { leafHash } from '../src/format/tlog/merkle.ts';
import type { VerifierKey } from '../src/format/tlog/verifier-key.ts';
import { verifyConsistency, verifyInclusion } from '../src/format/tlog/verify-proof.ts';
import type { LogProofBody } from '../src/http/v1/schemas.ts';
import { CodedError } from './failure.ts';

/** What a registry says of a version, and what was found to be so of its archive. */
export interface LogClaim {
  label: string;
  namespace: string;
  name: string;
  version: string;
  sha256: string;
  treeDigest: string;
  /** The certificate (PEM) of the key whose signature by the publisher the registry shows. */
  certificate: string | undefined;
  /** The fingerprint of the OpenPGP key whose signature the registry shows. */
  pgpKey: string | undefined;
}

/** From where a registry's log is looked at. */
export interface LogView {
  registry: string;
  key: VerifierKey;
  /** The newest checkpoint that was seen before. */
  seen: Checkpoint | undefined;
  /** Milliseconds since the epoch. */
  now: number;
  maxAgeMs: number;
}

/** The codes of whatever can be wrong with a log; each is a reason not to install. */
export const LOG_CODES = [
  'forged_log',
  'rollback',
  'frozen',
  'equivocation',
  'substitution',
  'stripped_signature',
  'substituted_signature',
  'stripped_log',
  'log_key_changed',
  'not_logged',
];

const TELL = 'Do not use what it serves. Tell its operator, and keep ~/.skills/checkpoints.json: it holds the proof.';

/**
 * A checkpoint that follows what was seen before.
 *
 * @throws CodedError `forged_log`, `rollback`, `frozen`, `equivocation`
 */
export async function checkHead(
  { registry, key, seen, now, maxAgeMs }: LogView,
  note: string,
  consistency: readonly string[] | undefined,
): Promise<Checkpoint> {
  const head = await openCheckpoint(note, key);
  if (!head) throw forged(registry, 'its checkpoint is not signed with the key of the log');
  if (seen && head.size < seen.size) {
    const message = `The log of ${registry} went back: it shows ${head.size} entries, after ${seen.size} before.`;
    throw new CodedError('rollback', message, TELL);
  }
  const ageMs = now - head.time * 1000;
  if (ageMs > maxAgeMs) {
    const message = `The log of ${registry} stands still: its checkpoint was signed ${hours(ageMs)} hours ago.`;
    const fix = 'Check the clock of this machine. If it is right, somebody may keep newer versions from you.';
    throw new CodedError('frozen', message, fix);
  }
  // As far ahead it could stand still for as long unnoticed.
  if (-ageMs > maxAgeMs) throw forged(registry, `its checkpoint is dated ${hours(-ageMs)} hours ahead`);
  if (seen && !(await verifyConsistency(seen, head, (consistency ?? []).map(fromHex)))) {
    const message = `${registry} shows another log than before: its ${head.size} entries do not begin with the ${seen.size} seen earlier.`;
    throw new CodedError('equivocation', message, TELL);
  }
  return head;
}

/**
 * Whether the log says of a version what the registry serves.
 *
 * @param head a checkpoint that was found good
 * @throws CodedError `forged_log`, `substitution`, `stripped_signature`, `substituted_signature`
 */
export async function checkEntry(
  registry: string,
  head: Checkpoint,
  { leaf, opening, position, inclusion }: LogProofBody,
  claim: LogClaim,
): Promise<void> {
  const { label } = claim;
  const claimed = { ...head, position, leaf: await leafHash(new TextEncoder().encode(leaf)) };
  if (!(await verifyInclusion(claimed, inclusion.map(fromHex))))
    throw forged(registry, `it does not hold the entry that was shown for ${label}`);
  const entry = await readVersionEntry(leaf, opening);
  if (!entry) throw forged(registry, `the entry that was shown for ${label} is not about a version`);
  const isSubject = entry.namespace === claim.namespace && entry.name === claim.name && entry.version === claim.version;
  if (!isSubject || entry.event === 'yank') {
    const { namespace, name, version, event } = entry;
    throw forged(registry, `the entry that was shown for ${label} says: ${event} @${namespace}/${name}@${version}`);
  }
  if (entry.archive_sha256 !== claim.sha256 || entry.tree_digest !== claim.treeDigest) {
    const message = `${registry} serves as ${label} something else than its log says: ${claim.sha256}, not ${entry.archive_sha256}.`;
    throw new CodedError('substitution', message, TELL);
  }
  const certified = claim.certificate === undefined ? undefined : await keyOfCertificate(claim.certificate);
  requireSameKey(registry, label, entry.publisher_key, certified);
  requireSameKey(registry, label, entry.pgp_key, claim.pgpKey);
}

/** The key that the publisher signed with, as the log has it, has to be the one whose signature is shown. */
function requireSameKey(registry: string, label: string, logged: string | undefined, shown: string | undefined): void {
  if (logged === shown) return;
  if (shown === undefined) {
    const message = `The publisher signed ${label} with the key ${logged}, but ${registry} shows no signature.`;
    throw new CodedError('stripped_signature', message, TELL);
  }
  const truth = logged === undefined ? 'says that its publisher did not sign it' : `has the key ${logged}`;
  const message = `${registry} shows a publisher's signature of ${label} with the key ${shown}, but its log ${truth}.`;
  throw new CodedError('substituted_signature', message, TELL);
}

/** As the log names keys of certificates; what cannot be read is no key that the log could name. */
async function keyOfCertificate(pem: string): Promise<string> {
  const { readCertificate } = await import('../src/format/certificate.ts');
  try {
    return (await readCertificate(pem, 'the certificate')).fingerprint;
  } catch (error) {
    if (error instanceof FormatError) return 'of an unreadable certificate';
    throw error;
  }
}

/**
 * Whether a proof from an earlier day still vouches for a version: the log held it then. What the log holds today nobody
 * knows without asking.
 *
 * @param key of the log, as it was when first met
 * @throws CodedError as `checkEntry` does
 */
export async function checkKeptProof(
  registry: string,
  key: VerifierKey,
  proof: LogProofBody,
  claim: LogClaim,
): Promise<void> {
  const head = await openCheckpoint(proof.checkpoint, key);
  if (!head) throw forged(registry, 'the checkpoint that was kept is not signed with the key of the log');
  await checkEntry(registry, head, proof, claim);
}

async function readVersionEntry(leaf: string, opening: string | undefined): Promise<VersionEntry | undefined> {
  const entry = readEntry(leaf);
  const sealed = entry && 'commitment' in entry;
  const shown = sealed && opening !== undefined ? await openEntry(entry, opening) : entry;
  return shown && 'version' in shown ? shown : undefined;
}

function forged(registry: string, how: string): CodedError {
  return new CodedError('forged_log', `The log of ${registry} is not to be trusted: ${how}.`, TELL);
}

function hours(milliseconds: number): number {
  return Math.floor(milliseconds / 3_600_000);
}
