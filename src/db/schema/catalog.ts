import { sql } from 'drizzle-orm';
import {
  type AnySQLiteColumn,
  index,
  integer,
  primaryKey,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core';
import type { SkillMetadata } from '../../format/skill-metadata.ts';
import { namespaces } from './accounts.ts';

export const VISIBILITIES = ['public', 'private'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

export const VERSION_STATES = ['pending', 'published', 'yanked', 'rejected', 'quarantined'] as const;

export const VERDICTS = ['clean', 'suspicious', 'malicious'] as const;

export const HIDERS = ['owner', 'moderator', 'reports'] as const;
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
    /**
     * Hub-wide flat name, given when the first version is published. A rename or a move can give another one; the former
     * one leads here by `skill_aliases` then, and never means another skill.
     */
    slug: text('slug').unique(),
    visibility: text('visibility', { enum: VISIBILITIES }).notNull(),
    latestVersionId: text('latest_version_id'),
    /** When its owner hid it: nobody but the owner sees it then, until it is shown again. */
    hiddenAt: integer('hidden_at'),
    /** Who hid it: only its owner's doing can be undone by its owner. */
    hiddenBy: text('hidden_by', { enum: HIDERS }),
    hiddenReason: text('hidden_reason'),
    /** The skill that took this one's place: its latest version is what this name now means. */
    mergedInto: integer('merged_into').references((): AnySQLiteColumn => skills.id),
    /** Downloads ever, and in the last seven days; counted from `download_days`, some seconds late. */
    downloads: integer('downloads').notNull().default(0),
    trending: integer('trending').notNull().default(0),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
    /** Why nobody should use it any more, as its owner says: of all its versions that say nothing of their own. */
    deprecation: text('deprecation'),
  },
  (table) => [
    uniqueIndex('skills_identity').on(table.namespace, table.name),
    index('skills_name').on(table.name),
    index('skills_updated').on(table.updatedAt),
    index('skills_downloads').on(table.downloads),
    index('skills_trending').on(table.trending),
    index('skills_merged').on(table.mergedInto).where(sql`merged_into is not null`),
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
    /** The worst that the newest examination and scanners call it, and by which version of the rules. */
    verdict: text('verdict', { enum: VERDICTS }),
    engineVersion: text('engine_version'),
    /** A detached OpenPGP signature over the archive, in ASCII armour, and the fingerprint of its key. */
    pgpSignature: text('pgp_signature'),
    pgpKeyId: text('pgp_key_id'),
    /** The publisher's own signature in hex and the certificates that go with it, as `manifest.json` brought them. */
    publisherSignature: text('publisher_signature'),
    certificates: text('certificates', { mode: 'json' }).$type<string[]>(),
    createdAt: integer('created_at').notNull(),
    publishedAt: integer('published_at'),
    yankedAt: integer('yanked_at'),
    /** Why nobody should use this version any more. */
    deprecation: text('deprecation'),
  },
  (table) => [
    uniqueIndex('versions_number').on(table.skillId, table.version).where(sql`state <> 'rejected'`),
    index('versions_engine').on(table.state, table.engineVersion),
    index('versions_latest').on(table.skillId, table.state, table.prerelease, table.sortKey),
    index('versions_key').on(table.keyId, table.id),
  ],
);

/** Names that a skill had before it was renamed or given away; they lead to it and nobody else can take them. */
export const skillAliases = sqliteTable(
  'skill_aliases',
  {
    namespace: text('namespace').notNull(),
    name: text('name').notNull(),
    /** The flat slug that went with the name, if it is not the skill's any more. */
    slug: text('slug').unique(),
    skillId: integer('skill_id')
      .notNull()
      .references(() => skills.id),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.namespace, table.name] }), index('skill_aliases_skill').on(table.skillId)],
);

/** Names for versions that their publisher moves at will. */
export const versionTags = sqliteTable(
  'version_tags',
  {
    skillId: integer('skill_id')
      .notNull()
      .references(() => skills.id),
    tag: text('tag').notNull(),
    versionId: text('version_id')
      .notNull()
      .references(() => versions.id),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.skillId, table.tag] })],
);

export const FACET_KINDS = ['tag', 'capability', 'framework', 'author'] as const;

/** What the latest versions of public skills say of themselves, word by word, so that a filter needs no scan. */
export const skillFacets = sqliteTable(
  'skill_facets',
  {
    kind: text('kind', { enum: FACET_KINDS }).notNull(),
    value: text('value').notNull(),
    skillId: integer('skill_id')
      .notNull()
      .references(() => skills.id),
  },
  (table) => [
    primaryKey({ columns: [table.kind, table.value, table.skillId] }),
    index('skill_facets_skill').on(table.skillId),
  ],
);

/** How many rows `skill_facets` has of each value; triggers of `drizzle/0004_facet_counts.sql` keep it. */
export const facetCounts = sqliteTable(
  'facet_counts',
  {
    kind: text('kind', { enum: FACET_KINDS }).notNull(),
    value: text('value').notNull(),
    count: integer('count').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.kind, table.value] }),
    index('facet_counts_rank').on(table.kind, table.count),
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

/** What a name looks like to a hasty reader: look-alike characters, separators and common affixes taken away. */
export const nameSkeletons = sqliteTable(
  'name_skeletons',
  {
    skeleton: text('skeleton').notNull(),
    name: text('name').notNull(),
  },
  (table) => [primaryKey({ columns: [table.skeleton, table.name] })],
);

/** How far work has come that is done once over what was there before the release that needs it; see `indexOldNames`. */
export const backfills = sqliteTable('backfills', {
  task: text('task').primaryKey(),
  /** What was done last, in the order of the walk; empty at the beginning. */
  cursor: text('cursor').notNull().default(''),
  doneAt: integer('done_at'),
});

/** Public halves of every key that ever signed here, so that old signatures stay checkable after a rotation. */
export const registryKeys = sqliteTable('registry_keys', {
  id: text('id').primaryKey(),
  pem: text('pem').notNull(),
  createdAt: integer('created_at').notNull(),
  /** Since when its signatures count for nothing, and why. */
  revokedAt: integer('revoked_at'),
  revocationReason: text('revocation_reason'),
  /** How far its versions were signed anew by another key after that: the last one, by id. */
  resignCursor: text('resign_cursor').notNull().default(''),
  /** Whoever goes on with that should be done with a step by then; later it is begun again. */
  resignDueAt: integer('resign_due_at'),
  /** How often that came to the end and had to leave versions out. */
  resignRounds: integer('resign_rounds').notNull().default(0),
  /** When nothing was left that it had signed, or what was left was given up. */
  resignedAt: integer('resigned_at'),
});
