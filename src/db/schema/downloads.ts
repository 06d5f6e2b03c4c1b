import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { skills, versions } from './catalog.ts';

/** Who downloaded what today, so that a client counts once a day. Old days are swept away. */
export const downloadMarks = sqliteTable(
  'download_marks',
  {
    /** UTC days since the epoch. */
    day: integer('day').notNull(),
    versionId: text('version_id')
      .notNull()
      .references(() => versions.id),
    /** A keyed hash of the client that changes its meaning from day to day. */
    client: text('client').notNull(),
    /** The message that brought it: what a second delivery brings again is not counted again. */
    batch: text('batch').notNull(),
    counted: integer('counted', { mode: 'boolean' }).notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.day, table.versionId, table.client] }),
    index('download_marks_batch').on(table.batch),
  ],
);

export const downloadDays = sqliteTable(
  'download_days',
  {
    skillId: integer('skill_id')
      .notNull()
      .references(() => skills.id),
    day: integer('day').notNull(),
    versionId: text('version_id')
      .notNull()
      .references(() => versions.id),
    downloads: integer('downloads').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.skillId, table.day, table.versionId] }),
    index('download_days_day').on(table.day, table.skillId),
  ],
);
