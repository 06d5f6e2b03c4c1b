import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** The leaves of the transparency log in their order; triggers of `drizzle/0006_append_only.sql` keep them as they are. */
export const logLeaves = sqliteTable(
  'log_leaves',
  {
    /** 0 for the first leaf; given by the statement that inserts it, so there are no gaps. */
    position: integer('position').primaryKey(),
    /** Canonical JSON. */
    leaf: text('leaf').notNull(),
    /** What the leaf is about, for finding it: `<namespace>/<name>/<version>`. */
    subject: text('subject').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('log_leaves_subject').on(table.subject, table.position)],
);

/** Signed checkpoints, one for each size of the tree that was ever published, the newest of a size only. */
export const logCheckpoints = sqliteTable('log_checkpoints', {
  size: integer('size').primaryKey(),
  /** The signed note. */
  note: text('note').notNull(),
  /** The root in hex. */
  root: text('root').notNull(),
  createdAt: integer('created_at').notNull(),
});
