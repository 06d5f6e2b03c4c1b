import { toHex } from '../digest.ts';
import { fromBase64, toBase64 } from './base64.ts';

/** The signature type of Ed25519 (C2SP signed-note). */
const ED25519 = 1;
const KEY_BYTES = 32;

/** A public Ed25519 key with the name that it signs notes under. */
export interface VerifierKey {
  name: string;
  /** Four bytes in hex, from name and key. */
  id: string;
  /** 32 bytes (RFC 8032). */
  publicKey: Uint8Array;
}

/**
 * The key of a name and 32 bytes.
 *
 * @throws RangeError for a name that no note can bear
 */
export async function verifierKey(name: string, publicKey: Uint8Array): Promise<VerifierKey> {
  if (!isKeyName(name)) throw new RangeError(`'${name}' cannot name a key: it is empty, or has spaces or a plus`);
  const named = new TextEncoder().encode(`${name}\n`);
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array([...named, ED25519, ...publicKey]));
  return { name, id: toHex(new Uint8Array(digest).slice(0, 4)), publicKey };
}

/** `<name>+<id>+<base64 of type and key>`, as C2SP signed-note writes verifier keys. */
export function formatVerifierKey({ name, id, publicKey }: VerifierKey): string {
  return `${name}+${id}+${toBase64(new Uint8Array([ED25519, ...publicKey]))}`;
}

/** The key of such a text; undefined for what is malformed, of another type, or has an id that is not its own. */
export async function parseVerifierKey(text: string): Promise<VerifierKey | undefined> {
  const [, name, id, material = ''] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  const bytes = fromBase64(material);
  if (name === undefined || !isKeyName(name) || bytes?.[0] !== ED25519 || bytes.length !== 1 + KEY_BYTES)
    return undefined;
  const key = await verifierKey(name, bytes.slice(1));
  return key.id === id ? key : undefined;
}

/** Whether a text can name a key: not empty, without spaces, plus and control characters. */
export function isKeyName(name: string): boolean {
  return /^[^\s+\p{Cc}]+$/u.test(name);
}
