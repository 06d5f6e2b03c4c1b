/**
 * What an earlier registry key signs (RSASSA-PKCS1-v1_5, SHA-256) to say that another one takes its place: four lines, each ended
 * by a line feed. It holds the whole new key, so it can be held against no other.
 *
 * @param before the id of the key that signs
 * @param next the new key, SubjectPublicKeyInfo in PEM
 */
export function successionStatement(before: string, next: { id: string; pem: string }): Uint8Array<ArrayBuffer> {
  const key = next.pem.replace(/-----[^-]+-----|\s/g, '');
  return new Uint8Array(
    new TextEncoder().encode(`skills-hub registry key succession v1\n${before}\n${next.id}\n${key}\n`),
  );
}
