import { fromHex } from '../hex.ts';
import { fromBase64, toBase64 } from './base64.ts';
import type { VerifierKey } from './verifier-key.ts';

/** More than any log and its witnesses put under a checkpoint. */
const MAX_NOTE_LENGTH = 64 * 1024;
const ID_BYTES = 4;

/** A signed note (C2SP signed-note): the text, a blank line, and one line of the signature. */
export function writeNote(text: string, { name, id }: VerifierKey, signature: Uint8Array): string {
  return `${text}\n— ${name} ${toBase64(new Uint8Array([...fromHex(id), ...signature]))}\n`;
}

/**
 * The text of a note that the key has signed. Signatures of other keys are passed over.
 *
 * @returns undefined for a note that is malformed, or that this key has not signed, or not validly
 */
export async function openNote(note: string, key: VerifierKey): Promise<string | undefined> {
  if (note.length > MAX_NOTE_LENGTH || /\p{Cc}/u.test(note.replaceAll('\n', ''))) return undefined;
  const at = note.lastIndexOf('\n\n');
  if (at === -1 || !note.endsWith('\n')) return undefined;
  const text = note.slice(0, at + 1);
  const lines = note.slice(at + 2, -1).split('\n');
  const signatures = lines.map((line) => signatureOf(line));
  if (signatures.includes(undefined)) return undefined;
  const own = signatures.filter((signature) => signature?.name === key.name && signature.id === key.id);
  if (own.length === 0) return undefined;
  const good = await Promise.all(own.map((signature) => signature && verify(text, key, signature.bytes)));
  return good.every(Boolean) ? text : undefined;
}

function signatureOf(line: string) {
  const [, name, base64 = ''] = /^— ([^\s+]+) (\S+)$/.exec(line) ?? [];
  const bytes = fromBase64(base64);
  if (name === undefined || bytes === undefined || bytes.length <= ID_BYTES) return undefined;
  const id = [...bytes.slice(0, ID_BYTES)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { name, id, bytes: bytes.slice(ID_BYTES) };
}

async function verify(text: string, key: VerifierKey, signature: Uint8Array): Promise<boolean> {
  const publicKey = await crypto.subtle.importKey('raw', key.publicKey, { name: 'Ed25519' }, false, ['verify']);
  return crypto.subtle.verify({ name: 'Ed25519' }, publicKey, signature, new TextEncoder().encode(text));
}
