import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { VISIBILITIES } from './schema/catalog.ts';

/** The FTS5 table of `drizzle/0001_search.sql`, which drizzle-kit cannot describe. `rowid` is `skills.id`. */
export const skillSearch = sqliteTable('skill_search', {
  rowid: integer('rowid').notNull(),
  name: text('name').notNull(),
  namespace: text('namespace').notNull(),
  keywords: text('keywords').notNull(),
  description: text('description').notNull(),
  visibility: text('visibility', { enum: VISIBILITIES }).notNull(),
  category: text('category'),
});
