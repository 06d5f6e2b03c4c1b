import { sha256Hex } from '../../format/digest.ts';
import type { Settings } from '../deps.ts';

export const TOKEN_ALGORITHM = 'HS256';
export const TOKEN_TYPE = 'JWT';
/** Seconds that the clocks of two instances may differ. */
export const CLOCK_SKEW_SECONDS = 30;

/** The `info` of HKDF: no other purpose of the session key makes keys that fit. */
const PURPOSE = 'skills-hub:access-token';
const KEY_ID_DIGITS = 16;

export interface TokenKey {
  /** Names the key in the header of a token: the beginning of the SHA-256 of the derived key, in hex. */
  kid: string;
  key: Uint8Array;
}

/** What new tokens are signed with, from the session key by HKDF (RFC 5869). */
export function currentTokenKey({ sessionKey }: Pick<Settings, 'sessionKey'>): Promise<TokenKey> {
  return tokenKey(sessionKey);
}

/** The key of that name, if it comes from the session key or from one before a rotation. */
export async function findTokenKey(
  { sessionKey, previousSessionKeys }: Pick<Settings, 'sessionKey' | 'previousSessionKeys'>,
  kid: string,
): Promise<TokenKey | undefined> {
  for (const secret of [sessionKey, ...previousSessionKeys]) {
    const candidate = await tokenKey(secret);
    if (candidate.kid === kid) return candidate;
  }
  return undefined;
}

async function tokenKey(sessionKey: string): Promise<TokenKey> {
  const encoder = new TextEncoder();
  const secret = await crypto.subtle.importKey('raw', encoder.encode(sessionKey), 'HKDF', false, ['deriveBits']);
  const purpose = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: encoder.encode(PURPOSE) };
  const key = new Uint8Array(await crypto.subtle.deriveBits(purpose, secret, 256));
  return { kid: (await sha256Hex(key)).slice(0, KEY_ID_DIGITS), key };
}
