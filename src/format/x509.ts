import * as z from 'zod';

/** The X.509 library is large and few requests need it: it is loaded when one does. It wants metadata reflection first. */
export async function loadX509() {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

const algorithmSchema = z.object({ name: z.string(), hash: z.object({ name: z.string() }) });

/**
 * What something in X.509 was signed with.
 *
 * @param algorithm as the library tells it, in WebCrypto's terms
 * @returns e.g. `RSASSA-PKCS1-v1_5 SHA-256`; undefined for what the library does not know
 */
export function signatureScheme(algorithm: unknown): string | undefined {
  const known = algorithmSchema.safeParse(algorithm);
  return known.success ? `${known.data.name} ${known.data.hash.name}` : undefined;
}
