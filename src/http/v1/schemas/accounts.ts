import * as z from 'zod';
import { email, scope, time } from './common.ts';

export const newNamespaceSchema = z
  .object({
    slug: z.string().meta({ example: 'acme' }),
    email,
    label: z.string().min(1).max(64).optional(),
  })
  .meta({ id: 'NewNamespace' });

export const issuedKeySchema = z
  .object({ api_key: z.string().meta({ description: 'Shown this once.' }), namespace: z.string() })
  .meta({ id: 'IssuedKey' });

export const loginSchema = z.object({ namespace: z.string(), email }).meta({ id: 'Login' });

export const redeemSchema = z
  .object({
    namespace: z.string(),
    otp: z.string().max(64).meta({ description: 'The six digits.' }),
    label: z.string().min(1).max(64).optional(),
  })
  .meta({ id: 'RedeemCode' });

/** Seconds: ten years. */
export const MAX_KEY_SECONDS = 315_360_000;

export const newKeySchema = z
  .object({
    label: z.string().min(1).max(64),
    scopes: z.array(scope).min(1).default(['read', 'publish']),
    expires_in: z
      .number()
      .int()
      .min(1)
      .max(MAX_KEY_SECONDS)
      .optional()
      .meta({ description: 'Seconds; without, the key lives until it is revoked.' }),
  })
  .meta({ id: 'NewKey' });

const expiresAt = time.nullish().meta({ description: 'Null for a key that does not expire. Older hubs do not say.' });

export const createdKeySchema = issuedKeySchema
  .extend({ id: z.string(), expires_at: expiresAt })
  .meta({ id: 'CreatedKey' });

export const keySchema = z
  .object({
    id: z.string(),
    namespace: z.string(),
    label: z.string(),
    scopes: z.array(scope),
    hint: z.string(),
    created_at: time,
    last_used_at: time.nullable(),
    expires_at: expiresAt,
  })
  .meta({ id: 'Key' });

export const keysSchema = z.object({ keys: z.array(keySchema) }).meta({ id: 'Keys' });

export const whoamiSchema = z
  .object({
    kind: z.enum(['key', 'operator']),
    namespace: z.string().nullable(),
    scopes: z.array(scope),
    publishers: z.array(z.string()).optional().meta({
      description: 'Further namespaces that this one made for itself, where the key counts too; absent if none.',
    }),
    expires_at: time.optional().meta({ description: 'Absent for a key that does not expire.' }),
  })
  .meta({ id: 'Whoami' });

export type KeyBody = z.infer<typeof keySchema>;
export type WhoamiBody = z.infer<typeof whoamiSchema>;
