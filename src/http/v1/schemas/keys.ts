import * as z from 'zod';
import { time } from './common.ts';

export const certificateSchema = z
  .object({
    cert: z.string().meta({ description: 'Of the publisher, PEM.' }),
    ca_cert: z.string().meta({ description: 'Of the authority that signed it, PEM; the same as /v1/ca.pem.' }),
  })
  .meta({ id: 'Certificate' });

export const pgpKeySchema = z
  .object({
    fingerprint: z.string().meta({ description: 'Of the primary key, in upper-case hex.' }),
    user_id: z.string(),
    armored: z.string().meta({ description: 'The public key in ASCII armour.' }),
    created_at: time,
    revoked_at: time.nullable(),
  })
  .meta({ id: 'PgpKey' });

export const pgpKeysSchema = z.object({ keys: z.array(pgpKeySchema) }).meta({ id: 'PgpKeys' });

export const registeredPgpKeySchema = pgpKeySchema
  .pick({ fingerprint: true, user_id: true })
  .meta({ id: 'RegisteredPgpKey' });

const fingerprint = z
  .string()
  .regex(/^[0-9a-f]{64}$/i)
  .meta({ description: 'SHA-256 of the SubjectPublicKeyInfo in DER.' });

const signature = z.string().regex(/^([0-9a-f]{2}){256,1024}$/i);

const tokenTime = z.iso.datetime({ offset: true }).max(64);

export const rotationSchema = z
  .object({
    token: z.object({
      namespace: z.string().max(64),
      old_key_fingerprint: fingerprint,
      new_key_fingerprint: fingerprint,
      new_cert_chain_pem: z.array(z.string()),
      nonce: z.string().min(1).max(128),
      issued_at: tokenTime,
      expires_at: tokenTime.meta({ description: 'At most five minutes after `issued_at`.' }),
    }),
    old_sig: signature,
    new_sig: signature,
  })
  .meta({ id: 'Rotation' });

export const rotationRequestedSchema = z.object({ message: z.string() }).meta({ id: 'RotationRequested' });

export const registryKeysSchema = z
  .object({
    current: z.string(),
    keys: z.array(
      z.object({
        kid: z.string(),
        kty: z.string(),
        n: z.string(),
        e: z.string(),
        alg: z.literal('RS256'),
        use: z.literal('sig'),
        pem: z.string().meta({ description: 'SubjectPublicKeyInfo.' }),
        successor: z
          .object({
            kid: z.string(),
            signature: z
              .base64()
              .meta({ description: 'RS256 by this key, over four lines that hold both ids and the new key.' }),
          })
          .optional()
          .meta({ description: 'The key that took the place of this one, as this one says itself.' }),
        revoked: z
          .object({ at: time, reason: z.string() })
          .optional()
          .meta({ description: 'Its signatures count for nothing.' }),
      }),
    ),
    log: z
      .object({ name: z.string(), key: z.string().meta({ description: 'A verifier key of C2SP signed-note.' }) })
      .optional()
      .meta({ description: 'Who signs the checkpoints of the transparency log; hubs without one do not say.' }),
  })
  .meta({ id: 'RegistryKeys', description: 'A JWK Set (RFC 7517); each key also as PEM.' });

export type PgpKeyBody = z.infer<typeof pgpKeySchema>;
export type RegistryKeysBody = z.infer<typeof registryKeysSchema>;
