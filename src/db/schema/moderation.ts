import { sql } from 'drizzle-orm';
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import { namespaces } from './accounts.ts';
import { skills, versions } from './catalog.ts';
import { jobs, type StageResult } from './jobs.ts';

export const TRANSFER_STATES = ['pending', 'accepted', 'rejected', 'cancelled'] as const;

/** Offers of a skill to another namespace. */
export const transfers = sqliteTable(
  'transfers',
  {
    id: text('id').primaryKey(),
    skillId: integer('skill_id')
      .notNull()
      .references(() => skills.id),
    fromNamespace: text('from_namespace')
      .notNull()
      .references(() => namespaces.slug),
    toNamespace: text('to_namespace')
      .notNull()
      .references(() => namespaces.slug),
    message: text('message').notNull().default(''),
    state: text('state', { enum: TRANSFER_STATES }).notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [
    index('transfers_skill').on(table.skillId, table.state),
    index('transfers_from').on(table.fromNamespace, table.state),
    index('transfers_to').on(table.toNamespace, table.state),
  ],
);

export const REPORT_STATES = ['open', 'confirmed', 'dismissed'] as const;

/** What users have against a skill; one report a user and skill. */
export const reports = sqliteTable(
  'reports',
  {
    id: text('id').primaryKey(),
    skillId: integer('skill_id')
      .notNull()
      .references(() => skills.id),
    /** The version that it is about, if it names one. */
    version: text('version'),
    reporter: text('reporter')
      .notNull()
      .references(() => namespaces.slug),
    reason: text('reason').notNull(),
    state: text('state', { enum: REPORT_STATES }).notNull(),
    createdAt: integer('created_at').notNull(),
    triagedAt: integer('triaged_at'),
  },
  (table) => [
    uniqueIndex('reports_once').on(table.skillId, table.reporter),
    index('reports_state').on(table.state, table.createdAt),
    index('reports_reporter').on(table.reporter, table.state),
  ],
);

export const SCAN_STATES = ['queued', 'running', 'succeeded', 'failed'] as const;

/** A published version looked at again, with the rules of today. */
export const scans = sqliteTable(
  'scans',
  {
    id: text('id').primaryKey(),
    versionId: text('version_id')
      .notNull()
      .references(() => versions.id),
    requestedBy: text('requested_by').references(() => namespaces.slug),
    state: text('state', { enum: SCAN_STATES }).notNull(),
    /** The stages of vetting, signing left out. */
    stages: text('stages', { mode: 'json' }).$type<StageResult[]>().notNull(),
    error: text('error'),
    attempts: integer('attempts').notNull().default(0),
    /** Whoever began it should be done by then; later it may be begun again. */
    dueAt: integer('due_at').notNull(),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [
    index('scans_open').on(table.state, table.dueAt),
    index('scans_version').on(table.versionId, table.createdAt),
  ],
);

/** Every privileged act; triggers of `drizzle/0006_append_only.sql` refuse to change or delete a row. */
export const auditEvents = sqliteTable(
  'audit_events',
  {
    id: text('id').primaryKey(),
    at: integer('at').notNull(),
    /** `operator`, `system`, or the namespace of the key. */
    actor: text('actor').notNull(),
    keyId: text('key_id'),
    act: text('act').notNull(),
    /** What it was done to, such as `@acme/tool@1.0.0` or `namespace:acme`. */
    subject: text('subject').notNull(),
    details: text('details', { mode: 'json' }).$type<Record<string, string | number | boolean | null>>().notNull(),
  },
  (table) => [index('audit_events_at').on(table.at), index('audit_events_subject').on(table.subject, table.at)],
);

export const APPEAL_STATES = ['open', 'granted', 'denied'] as const;

/** What a publisher has to say against a quarantine, a refusal or a hiding. */
export const appeals = sqliteTable(
  'appeals',
  {
    id: text('id').primaryKey(),
    namespace: text('namespace')
      .notNull()
      .references(() => namespaces.slug),
    /** One of the two says what it is about. */
    jobId: text('job_id').references(() => jobs.id),
    skillId: integer('skill_id').references(() => skills.id),
    text: text('text').notNull(),
    state: text('state', { enum: APPEAL_STATES }).notNull(),
    answer: text('answer'),
    decidedBy: text('decided_by'),
    createdAt: integer('created_at').notNull(),
    decidedAt: integer('decided_at'),
  },
  (table) => [
    index('appeals_state').on(table.state, table.createdAt),
    index('appeals_namespace').on(table.namespace, table.state),
    uniqueIndex('appeals_one_a_job').on(table.jobId).where(sql`state = 'open' and job_id is not null`),
    uniqueIndex('appeals_one_a_skill').on(table.skillId).where(sql`state = 'open' and skill_id is not null`),
  ],
);

export const RESCAN_STATES = ['running', 'done'] as const;

/** A walk over everything published, with the rules of one version. */
export const rescans = sqliteTable('rescans', {
  id: text('id').primaryKey(),
  engineVersion: text('engine_version').notNull(),
  /** The last version that a scan was asked for; the walk goes by id. */
  cursor: text('cursor').notNull().default(''),
  queued: integer('queued').notNull().default(0),
  state: text('state', { enum: RESCAN_STATES }).notNull(),
  createdAt: integer('created_at').notNull(),
  updatedAt: integer('updated_at').notNull(),
});
