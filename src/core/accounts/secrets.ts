import { sha256Hex } from '../../format/digest.ts';

const encoder = new TextEncoder();

/** SHA-256 of a random secret, as lower-case hex. Enough for API keys, which cannot be guessed; not for one-time codes. */
export function hashSecret(secret: string): Promise<string> {
  return sha256Hex(encoder.encode(secret));
}

/**
 * HMAC-SHA-256 of a one-time code under the hub's session key, bound to the row it belongs to: a leaked database
 * alone does not give the six digits away.
 */
export async function hashCode(sessionKey: string, codeId: string, code: string): Promise<string> {
  const key = await crypto.subtle.importKey(
    'raw',
    encoder.encode(sessionKey),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  );
  const mac = await crypto.subtle.sign('HMAC', key, encoder.encode(`login-code:${codeId}:${code}`));
  return Array.from(new Uint8Array(mac), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Compares two strings of ASCII in a time that depends on their lengths only. */
export function equalInConstantTime(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
