import type { Config, Key } from 'openpgp';
import { FormatError } from '../format-error.ts';
import { findDeceptive } from '../visible-text.ts';
import { loadOpenPgp, strictConfig } from './load.ts';

export const MAX_PGP_KEY_BYTES = 64 * 1024;
const MAX_USER_ID = 256;
const EXPORT = 'Export it with `gpg --armor --export <key id>`.';

export interface PgpKey {
  /** Of the primary key, in upper-case hex. */
  fingerprint: string;
  /** The public key in ASCII armour, written anew. */
  armored: string;
  /** The primary user id, at most 256 characters. */
  userId: string;
}

/**
 * Reads the one public key in an ASCII armour, which has to be able to sign.
 *
 * @param now the time at which it has to be valid, in milliseconds since the epoch
 * @throws FormatError `invalid_pgp_key` for a private key, several keys, one that is expired, revoked, too weak (RSA under 2048
 * bits, DSA, self-signatures with SHA-1 or worse) or cannot sign, and for anything over 64 KiB
 */
export async function readPgpKey(text: string, now: number): Promise<PgpKey> {
  if (text.length > MAX_PGP_KEY_BYTES) {
    throw refused(
      `is larger than ${MAX_PGP_KEY_BYTES} bytes`,
      'Leave the signatures of others out: --export-options export-minimal.',
    );
  }
  if (/-----BEGIN PGP PRIVATE KEY BLOCK-----/.test(text)) throw isPrivate();
  const blocks = text.split('-----BEGIN PGP PUBLIC KEY BLOCK-----').length - 1;
  if (blocks !== 1) throw refused(`holds ${blocks} public key blocks; it has to hold exactly one`);
  const openpgp = await loadOpenPgp();
  const config: Config = { ...openpgp.config, ...strictConfig(openpgp) };
  const keys = await openpgp.readKeys({ armoredKeys: text, config }).catch((cause) => {
    throw refused(`cannot be read: ${reasonOf(cause)}`, EXPORT, cause);
  });
  const [key, ...others] = keys;
  if (!key || others.length > 0) throw refused(`holds ${keys.length} keys; it has to hold exactly one`);
  if (key.isPrivate()) throw isPrivate();
  const date = new Date(now);
  await key.getSigningKey(undefined, date, undefined, config).catch((cause) => {
    throw refused(
      `cannot be used for signing: ${reasonOf(cause)}`,
      'Register a key that is valid now and made for signing.',
      cause,
    );
  });
  return {
    fingerprint: key.getFingerprint().toUpperCase(),
    armored: key.toPublic().armor(config),
    userId: await userIdOf(key, date, config),
  };
}

async function userIdOf(key: Key, date: Date, config: Config): Promise<string> {
  const { user } = await key.getPrimaryUser(date, undefined, config);
  const userId = user.userID?.userID ?? '';
  if (userId.length > MAX_USER_ID) throw refused(`has a user id of more than ${MAX_USER_ID} characters`);
  const deceptive = findDeceptive(userId);
  if (deceptive) throw refused(`has a user id with the character ${deceptive.name}`);
  return userId;
}

function isPrivate(): FormatError {
  return refused('is a private key, which nobody but you may have', EXPORT);
}

function refused(problem: string, fix = EXPORT, cause?: unknown): FormatError {
  return new FormatError('invalid_pgp_key', `the OpenPGP key ${problem}`, { fix, cause });
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
