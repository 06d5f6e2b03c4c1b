import type { PublicKey, SignaturePacket } from 'openpgp';
import { FormatError } from '../format-error.ts';
import { loadOpenPgp, strictConfig } from './load.ts';

export const MAX_PGP_SIGNATURE_BYTES = 16 * 1024;
/** The clock of whoever signs may be fast. */
const CLOCK_SKEW_MS = 5 * 60_000;

/** A key that may have made a signature. */
export interface CandidateKey {
  /** The public key in ASCII armour. */
  armored: string;
  /** True when signatures of it are not accepted any more. */
  revoked: boolean;
}

export interface DetachedSignature {
  /** In ASCII armour, written anew. */
  armored: string;
  /** Of the primary key that made it, or whose subkey did. */
  fingerprint: string;
  /** Milliseconds since the epoch; what the signer says. */
  signedAt: number;
}

/**
 * Checks a detached OpenPGP signature over bytes: that it is exactly one, over binary data, with a hash of the SHA-2 family, made
 * by one of these keys while that was valid and meant for signing.
 *
 * @param signature in ASCII armour, or as bytes
 * @param owner whose keys they are, for errors, such as `'acme'`
 * @param now milliseconds since the epoch; a signature may be five minutes ahead of it
 * @throws FormatError `invalid_pgp_signature` that says which check failed
 */
export async function verifyDetached(
  bytes: Uint8Array,
  signature: string | Uint8Array,
  keys: readonly CandidateKey[],
  { owner, now }: { owner: string; now: number },
): Promise<DetachedSignature> {
  const { parsed, packet } = await read(signature);
  const openpgp = await loadOpenPgp();
  const config = strictConfig(openpgp);
  if (packet.signatureType !== openpgp.enums.signature.binary) {
    throw refused('is not over binary data', 'Sign the file itself: gpg --armor --detach-sign <file>.');
  }
  const { sha256, sha384, sha512, sha224 } = openpgp.enums.hash;
  if (packet.hashAlgorithm === null || ![sha256, sha384, sha512, sha224].includes(packet.hashAlgorithm)) {
    throw refused('uses a hash that is not of the SHA-2 family', 'Sign with --digest-algo SHA512.');
  }
  const { key, fingerprint } = await issuerOf(packet, keys, owner);
  const message = await openpgp.createMessage({ binary: bytes });
  const date = new Date(now + CLOCK_SKEW_MS);
  const { signatures } = await openpgp.verify({
    message,
    signature: parsed,
    verificationKeys: key,
    date,
    format: 'binary',
    config,
  });
  const [result] = signatures;
  await result?.verified.catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw refused(
      `of the key ${fingerprint} does not hold: ${reason}`,
      'Sign the very file that is sent, with a key that is valid.',
      cause,
    );
  });
  if (!result) throw refused('holds nothing that can be checked');
  return { armored: parsed.armor(), fingerprint, signedAt: packet.created?.getTime() ?? 0 };
}

async function read(signature: string | Uint8Array) {
  if (signature.length > MAX_PGP_SIGNATURE_BYTES) throw refused(`is larger than ${MAX_PGP_SIGNATURE_BYTES} bytes`);
  const { readSignature } = await loadOpenPgp();
  const reading =
    typeof signature === 'string'
      ? readSignature({ armoredSignature: signature })
      : readSignature({ binarySignature: signature });
  const parsed = await reading.catch((cause) => {
    throw refused(
      'cannot be read as a detached OpenPGP signature',
      'Make it with gpg --armor --detach-sign <file>.',
      cause,
    );
  });
  const [packet, ...others] = parsed.packets;
  if (!packet || others.length > 0)
    throw refused(`file holds ${parsed.packets.length} signatures; it has to hold exactly one`);
  return { parsed, packet };
}

async function issuerOf(
  { issuerKeyID }: SignaturePacket,
  candidates: readonly CandidateKey[],
  owner: string,
): Promise<{ key: PublicKey; fingerprint: string }> {
  const { readKey } = await loadOpenPgp();
  for (const { armored, revoked } of candidates) {
    const key = await readKey({ armoredKey: armored });
    const fingerprint = key.getFingerprint().toUpperCase();
    if (key.getKeys(issuerKeyID).length === 0) continue;
    if (revoked)
      throw refused(
        `was made with the key ${fingerprint}, which ${owner} has revoked`,
        'Sign with another registered key.',
      );
    return { key, fingerprint };
  }
  throw refused(
    `was made with the key ${issuerKeyID.toHex().toUpperCase()}, which ${owner} has not registered`,
    'Register it first: skills key add <file>; or sign with one that is.',
  );
}

function refused(
  problem: string,
  fix = 'Make it with gpg --armor --detach-sign <file>.',
  cause?: unknown,
): FormatError {
  return new FormatError('invalid_pgp_signature', `the publisher's signature ${problem}`, { fix, cause });
}
