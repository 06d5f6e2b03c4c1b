import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { namespaces } from './accounts.ts';
import { skills, versions } from './catalog.ts';

const list = (name: string) => text(name, { mode: 'json' }).$type<string[]>().notNull().default([]);

/** What a publisher says of a skill beside its versions, kept verbatim; absent until somebody edits it. */
export const skillCards = sqliteTable('skill_cards', {
  skillId: integer('skill_id')
    .primaryKey()
    .references(() => skills.id),
  displayName: text('display_name'),
  summary: text('summary'),
  videoAttachmentUrl: text('video_attachment_url').notNull().default(''),
  businessCategory: text('business_category').notNull().default(''),
  source: text('source', { enum: ['official', 'personal', 'external'] })
    .notNull()
    .default('personal'),
  tags: list('tags'),
  scene: list('scene'),
  applicablePosition: list('applicable_position'),
  businessDomain: list('business_domain'),
  business: list('business'),
  platform: list('platform'),
  /** Milliseconds; strictly greater after every edit. */
  updatedAt: integer('updated_at').notNull(),
});

export const FINGERPRINT_KINDS = ['full', 'text'] as const;

/** ClawHub fingerprints of published versions: over all files, and over the text files that older clients upload. */
export const fingerprints = sqliteTable(
  'fingerprints',
  {
    skillId: integer('skill_id')
      .notNull()
      .references(() => skills.id),
    fingerprint: text('fingerprint').notNull(),
    versionId: text('version_id')
      .notNull()
      .references(() => versions.id),
    kind: text('kind', { enum: FINGERPRINT_KINDS }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.skillId, table.fingerprint, table.versionId, table.kind] })],
);

export const stars = sqliteTable(
  'stars',
  {
    skillId: integer('skill_id')
      .notNull()
      .references(() => skills.id),
    namespace: text('namespace')
      .notNull()
      .references(() => namespaces.slug),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.skillId, table.namespace] }),
    index('stars_namespace').on(table.namespace, table.createdAt, table.skillId),
  ],
);

/** One file of a publish that sends its files one by one; staged under `tickets/<id>` until the publish takes it. */
export const uploadTickets = sqliteTable(
  'upload_tickets',
  {
    id: text('id').primaryKey(),
    /** SHA-256 of the secret in the upload URL. */
    hash: text('hash').notNull().unique(),
    namespace: text('namespace')
      .notNull()
      .references(() => namespaces.slug),
    path: text('path').notNull(),
    size: integer('size').notNull(),
    sha256: text('sha256').notNull(),
    contentType: text('content_type').notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    uploadedAt: integer('uploaded_at'),
    usedAt: integer('used_at'),
  },
  (table) => [index('upload_tickets_expiry').on(table.expiresAt)],
);
