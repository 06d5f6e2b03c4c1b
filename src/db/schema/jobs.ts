import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Finding } from '../../format/finding.ts';
import { type VERDICTS, versions } from './catalog.ts';

export const JOB_STATES = ['pending', 'running', 'pass', 'fail', 'quarantined'] as const;
export type JobState = (typeof JOB_STATES)[number];

export const STAGES = ['structure', 'content', 'safety', 'examination', 'scanners', 'signing'] as const;
export type Stage = (typeof STAGES)[number];

export interface StageResult {
  stage: Stage;
  status: 'pass' | 'fail';
  /** Milliseconds since the epoch. */
  endedAt: number;
  findings: Finding[];
  /** Of the examination and of scanners. */
  verdict?: (typeof VERDICTS)[number];
}

export const jobs = sqliteTable(
  'jobs',
  {
    id: text('id').primaryKey(),
    versionId: text('version_id')
      .notNull()
      .references(() => versions.id),
    state: text('state', { enum: JOB_STATES }).notNull(),
    stages: text('stages', { mode: 'json' }).$type<StageResult[]>().notNull(),
    message: text('message').notNull(),
    /** How often a worker has begun this job. */
    attempts: integer('attempts').notNull().default(0),
    /** Names the one worker that may write while the job runs. */
    lease: text('lease'),
    leaseUntil: integer('lease_until'),
    /** The instance that nudged or began the job last; see `Settings.instanceId`. */
    instance: text('instance'),
    /** The queue should have delivered the job by then; later the sweeper sends it again. */
    dueAt: integer('due_at').notNull(),
    /** A person's decision on what was quarantined. */
    reviewedBy: text('reviewed_by'),
    reviewNote: text('review_note'),
    reviewedAt: integer('reviewed_at'),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [index('jobs_open').on(table.state, table.dueAt), index('jobs_version').on(table.versionId)],
);
