import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { namespaces } from './accounts.ts';

/** The key that a namespace's signed bundles have to be signed with: that of the first one, or what it was rotated to. */
export const pinnedKeys = sqliteTable('pinned_keys', {
  namespace: text('namespace')
    .primaryKey()
    .references(() => namespaces.slug),
  /** SHA-256 (hex) of the SubjectPublicKeyInfo in DER. */
  fingerprint: text('fingerprint').notNull(),
  /** SubjectPublicKeyInfo in PEM. */
  pem: text('pem').notNull(),
  pinnedAt: integer('pinned_at').notNull(),
});

/** OpenPGP keys that a namespace signs its archives with. */
export const publisherKeys = sqliteTable(
  'publisher_keys',
  {
    /** The fingerprint of the primary key, in upper-case hex. */
    fingerprint: text('fingerprint').notNull(),
    namespace: text('namespace')
      .notNull()
      .references(() => namespaces.slug),
    /** The public key in ASCII armour, as the hub wrote it after reading. */
    armored: text('armored').notNull(),
    userId: text('user_id').notNull(),
    createdAt: integer('created_at').notNull(),
    revokedAt: integer('revoked_at'),
  },
  (table) => [primaryKey({ columns: [table.namespace, table.fingerprint] })],
);

/** Certificates that the hub issued to publishers. */
export const certificates = sqliteTable(
  'certificates',
  {
    /** The serial number in hex. */
    serial: text('serial').primaryKey(),
    namespace: text('namespace')
      .notNull()
      .references(() => namespaces.slug),
    fingerprint: text('fingerprint').notNull(),
    pem: text('pem').notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    revokedAt: integer('revoked_at'),
  },
  (table) => [index('certificates_namespace').on(table.namespace, table.createdAt)],
);

export const ROTATION_STATES = ['pending', 'confirmed'] as const;

/** A change of a pinned key that both keys signed and that the owner's mailbox has to confirm. */
export const keyRotations = sqliteTable(
  'key_rotations',
  {
    id: text('id').primaryKey(),
    namespace: text('namespace')
      .notNull()
      .references(() => namespaces.slug),
    oldFingerprint: text('old_fingerprint').notNull(),
    newFingerprint: text('new_fingerprint').notNull(),
    newPem: text('new_pem').notNull(),
    nonce: text('nonce').notNull().unique(),
    /** SHA-256 of the secret in the mail. */
    confirmHash: text('confirm_hash').notNull().unique(),
    state: text('state', { enum: ROTATION_STATES }).notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [index('key_rotations_namespace').on(table.namespace, table.createdAt)],
);

/** Certificates of the hub's own authority, one a signing key, made when first needed. */
export const authorities = sqliteTable('authorities', {
  keyId: text('key_id').primaryKey(),
  pem: text('pem').notNull(),
  createdAt: integer('created_at').notNull(),
});
