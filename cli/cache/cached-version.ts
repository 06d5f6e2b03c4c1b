import * as z from 'zod';
import { logProofSchema, packageSchema, pgpKeySchema } from '../../src/http/v1/schemas.ts';

/** What a registry showed of one version when it was installed: enough to check the archive again without asking. */
export const cachedVersionSchema = z.object({
  registry: z.string(),
  metadata: packageSchema,
  /** The registry's signature over the archive. */
  signature: z.base64(),
  /** That the transparency log holds the version; absent where the registry kept no log. */
  log: logProofSchema.optional(),
  /** The publisher's signature in ASCII armour, without one when its key was revoked, and the keys of the namespace. */
  publisher: z.object({ signature: z.string().optional(), keys: z.array(pgpKeySchema) }).optional(),
});

export type CachedVersion = z.infer<typeof cachedVersionSchema>;
/** What vouches for a version besides its metadata. */
export type Evidence = Omit<CachedVersion, 'registry' | 'metadata'>;
