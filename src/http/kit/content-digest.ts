import { Problem } from '../../core/problem.ts';
import { sha256Hex } from '../../format/digest.ts';

/**
 * Compares a body with its `Content-Digest` header (RFC 9530), if it has one. Algorithms other than sha-256 are passed
 * over, as the RFC allows.
 *
 * @throws Problem `digest_mismatch`
 */
export async function checkContentDigest(header: string | null, body: Uint8Array): Promise<void> {
  const declared = declaredSha256(header);
  if (declared === undefined) return;
  const actual = await sha256Hex(body);
  if (actual === declared) return;
  throw new Problem('digest_mismatch', `The body's SHA-256 is ${actual}, but ${declared} was declared.`, {
    fix: 'The upload was damaged on its way, or the wrong file was sent. Send it again.',
  });
}

function declaredSha256(header: string | null): string | undefined {
  const member = header?.split(',').find((candidate) => /^\s*sha-256\b(?!-)/i.test(candidate));
  if (member === undefined) return undefined;
  const [, base64] = /^\s*sha-256=:([A-Za-z0-9+/]{43}=):\s*$/.exec(member) ?? [];
  if (base64 === undefined) {
    throw new Problem('digest_mismatch', 'The sha-256 in Content-Digest is not 32 bytes of base64.', {
      fix: 'Send it as sha-256=:<base64>:, or not at all.',
    });
  }
  return Array.from(atob(base64), (character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}
