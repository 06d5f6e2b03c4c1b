import { sql } from 'drizzle-orm';
import { type AnySQLiteColumn, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const namespaces = sqliteTable(
  'namespaces',
  {
    slug: text('slug').primaryKey(),
    email: text('email').notNull(),
    /** When somebody first showed, by a mailed code, to read the mail of the address. */
    emailProvenAt: integer('email_proven_at'),
    /** How people read it, where that is more than the slug. */
    displayName: text('display_name'),
    /** The namespace that made this one for itself: its keys act here as they do at home. */
    owner: text('owner').references((): AnySQLiteColumn => namespaces.slug),
    /** Whether its keys may review what vetting doubts, in every namespace. */
    moderator: integer('moderator', { mode: 'boolean' }).notNull().default(false),
    /** Since when nothing can be published or changed in it, and what everybody is told of why. */
    bannedAt: integer('banned_at'),
    banReason: text('ban_reason'),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('namespaces_email').on(table.email), index('namespaces_owner').on(table.owner)],
);

export const apiKeys = sqliteTable(
  'api_keys',
  {
    id: text('id').primaryKey(),
    namespace: text('namespace')
      .notNull()
      .references(() => namespaces.slug),
    hash: text('hash').notNull().unique(),
    /** The first characters of the key, enough for a person to recognise it. */
    hint: text('hint').notNull(),
    label: text('label').notNull(),
    scopes: text('scopes', { mode: 'json' }).$type<Scope[]>().notNull(),
    createdAt: integer('created_at').notNull(),
    lastUsedAt: integer('last_used_at'),
    revokedAt: integer('revoked_at'),
    /** From when on it is refused; a key without one lives until it is revoked. */
    expiresAt: integer('expires_at'),
  },
  (table) => [
    index('api_keys_namespace').on(table.namespace, table.createdAt),
    index('api_keys_expiry').on(table.expiresAt).where(sql`expires_at is not null`),
  ],
);

export const loginCodes = sqliteTable(
  'login_codes',
  {
    id: text('id').primaryKey(),
    namespace: text('namespace')
      .notNull()
      .references(() => namespaces.slug),
    hash: text('hash').notNull(),
    tries: integer('tries').notNull().default(0),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    usedAt: integer('used_at'),
  },
  (table) => [index('login_codes_namespace').on(table.namespace, table.createdAt)],
);

/** Short-lived signed tokens: a row each, so that one can be revoked before it runs out. */
export const accessTokens = sqliteTable(
  'access_tokens',
  {
    /** The `jti` of the token. */
    id: text('id').primaryKey(),
    namespace: text('namespace')
      .notNull()
      .references(() => namespaces.slug),
    /** The key that it was issued for, whose revocation ends it; absent for one that a mailed code bought. */
    keyId: text('key_id').references(() => apiKeys.id),
    scopes: text('scopes', { mode: 'json' }).$type<Scope[]>().notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    revokedAt: integer('revoked_at'),
  },
  (table) => [
    index('access_tokens_expiry').on(table.expiresAt),
    index('access_tokens_key').on(table.keyId).where(sql`key_id is not null`),
  ],
);

export const DEVICE_LOGIN_STATES = ['pending', 'approved', 'denied', 'used'] as const;

/** A login that a client began and a person approves in a browser. The key is made when the client comes to fetch it. */
export const deviceLogins = sqliteTable(
  'device_logins',
  {
    id: text('id').primaryKey(),
    /** SHA-256 of the secret that the client holds. */
    deviceHash: text('device_hash').notNull().unique(),
    /** What the person types: eight letters, without the hyphen that they are shown with. */
    userCode: text('user_code').notNull().unique(),
    label: text('label').notNull(),
    state: text('state', { enum: DEVICE_LOGIN_STATES }).notNull(),
    /** Who approved it. */
    namespace: text('namespace').references(() => namespaces.slug),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    polledAt: integer('polled_at'),
  },
  (table) => [index('device_logins_expiry').on(table.expiresAt)],
);

export const SCOPES = ['read', 'publish', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];
