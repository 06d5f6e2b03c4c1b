import { sql } from 'drizzle-orm';
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { SkillMetadata } from '../../format/skill-metadata.ts';
import { namespaces } from './accounts.ts';

export const VISIBILITIES = ['public', 'private'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

export const VERSION_STATES = ['pending', 'published', 'yanked', 'rejected'] as const;
export type VersionState = (typeof VERSION_STATES)[number];

/** A row without `latestVersionId` has nothing to show: it is invisible to every reader. */
export const skills = sqliteTable(
  'skills',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    namespace: text('namespace')
      .notNull()
      .references(() => namespaces.slug),
    name: text('name').notNull(),
    /** Hub-wide flat name, given when the first version is published and never changed afterwards. */
    slug: text('slug').unique(),
    visibility: text('visibility', { enum: VISIBILITIES }).notNull(),
    latestVersionId: text('latest_version_id'),
    /** When its owner hid it: nobody but the owner sees it then, until it is shown again. */
    hiddenAt: integer('hidden_at'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('skills_identity').on(table.namespace, table.name),
    index('skills_name').on(table.name),
    index('skills_updated').on(table.updatedAt),
  ],
);

export const versions = sqliteTable(
  'versions',
  {
    id: text('id').primaryKey(),
    skillId: integer('skill_id')
      .notNull()
      .references(() => skills.id),
    version: text('version').notNull(),
    /** Orders like semver precedence when compared as text; see `core/catalog/version-order.ts`. */
    sortKey: text('sort_key').notNull(),
    prerelease: integer('prerelease', { mode: 'boolean' }).notNull(),
    state: text('state', { enum: VERSION_STATES }).notNull(),
    description: text('description').notNull(),
    keywords: text('keywords').notNull(),
    changelog: text('changelog').notNull().default(''),
    metadata: text('metadata', { mode: 'json' }).$type<SkillMetadata>().notNull(),
    /** SHA-256 over the canonical listing of the file tree. */
    treeDigest: text('tree_digest').notNull(),
    /** The archive that `/v1/download` serves: the uploaded one if it was a tar.gz, else the canonical one. */
    archiveSha256: text('archive_sha256').notNull(),
    archiveSize: integer('archive_size').notNull(),
    tarSha256: text('tar_sha256'),
    tarSize: integer('tar_size'),
    zipSha256: text('zip_sha256'),
    zipSize: integer('zip_size'),
    keyId: text('key_id'),
    createdAt: integer('created_at').notNull(),
    publishedAt: integer('published_at'),
    yankedAt: integer('yanked_at'),
  },
  (table) => [
    uniqueIndex('versions_number').on(table.skillId, table.version).where(sql`state <> 'rejected'`),
    index('versions_latest').on(table.skillId, table.state, table.prerelease, table.sortKey),
  ],
);

/** Segments of published public names: the index that finds names within edit distance 2 without a scan. */
export const nameSegments = sqliteTable(
  'name_segments',
  {
    length: integer('length').notNull(),
    segment: integer('segment').notNull(),
    text: text('text').notNull(),
    name: text('name').notNull(),
  },
  (table) => [primaryKey({ columns: [table.length, table.segment, table.text, table.name] })],
);

/** Public halves of every key that ever signed here, so that old signatures stay checkable after a rotation. */
export const registryKeys = sqliteTable('registry_keys', {
  id: text('id').primaryKey(),
  pem: text('pem').notNull(),
  createdAt: integer('created_at').notNull(),
});
