import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const namespaces = sqliteTable(
  'namespaces',
  {
    slug: text('slug').primaryKey(),
    email: text('email').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('namespaces_email').on(table.email)],
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
  },
  (table) => [index('api_keys_namespace').on(table.namespace, table.createdAt)],
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

export const SCOPES = ['read', 'publish', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];
