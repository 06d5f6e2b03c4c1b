import { Problem } from '../problem.ts';

/** What both keys sign when one takes the other's place. */
export interface RotationToken {
  namespace: string;
  /** SHA-256 (hex) of each SubjectPublicKeyInfo in DER. */
  oldFingerprint: string;
  newFingerprint: string;
  /** Certificates of the new key in PEM, its own first. */
  newChain: string[];
  nonce: string;
  /** RFC 3339, as they were sent. */
  issuedAt: string;
  expiresAt: string;
}

const LONGEST_MS = 5 * 60_000;
/** How far the sender's clock may be ahead. */
const SKEW_MS = 2 * 60_000;

/**
 * SHA-256 over the token as skreg's command serialises it: compact JSON in UTF-8, the fields in this order. Strings come out
 * of `JSON.stringify` as they do out of serde_json.
 */
export async function hashToken(token: RotationToken): Promise<Uint8Array> {
  const text = JSON.stringify({
    namespace: token.namespace,
    old_key_fingerprint: token.oldFingerprint,
    new_key_fingerprint: token.newFingerprint,
    new_cert_chain_pem: token.newChain,
    nonce: token.nonce,
    issued_at: token.issuedAt,
    expires_at: token.expiresAt,
  });
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

/**
 * Passes when the token is of this namespace, names two keys, and is valid now and for no more than five minutes.
 *
 * @throws Problem `invalid_body`
 */
export function checkToken(token: RotationToken, namespace: string, now: number): void {
  if (token.namespace !== namespace) throw invalid(`token.namespace is '${token.namespace}', not '${namespace}'.`);
  if (token.oldFingerprint.toLowerCase() === token.newFingerprint.toLowerCase()) {
    throw invalid('token.new_key_fingerprint is that of the old key.');
  }
  const issuedAt = Date.parse(token.issuedAt);
  const expiresAt = Date.parse(token.expiresAt);
  if (Number.isNaN(issuedAt) || Number.isNaN(expiresAt)) throw invalid('token.issued_at or expires_at is no time.');
  if (expiresAt < issuedAt || expiresAt - issuedAt > LONGEST_MS) {
    throw invalid('token.expires_at has to be at most five minutes after issued_at.');
  }
  if (issuedAt > now + SKEW_MS) throw invalid('token.issued_at lies in the future.', 'Set your clock.');
  if (expiresAt <= now) throw invalid('token.expires_at has passed.');
}

function invalid(detail: string, fix = 'Make a new token and sign it again.'): Problem {
  return new Problem('invalid_body', detail, { fix });
}
