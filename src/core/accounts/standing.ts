import { sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import * as z from 'zod';
import { namespaces } from '../../db/schema/accounts.ts';
import { lineOf } from './ban.ts';

/** What operators and moderators have decided about a namespace, those that made it, and those that it made for itself. */
export interface Standing {
  moderator: boolean;
  /** Reasons by namespace: nothing can be published or changed there. */
  banned: Record<string, string>;
}

/** A column with the standing of the namespace in another column, as `readStanding` reads it. */
export function standingOf(namespace: SQLiteColumn) {
  const banned = sql`(${lineOf(namespace)} select json_group_object(bad.slug, coalesce(bad.ban_reason, '')) from ${namespaces} as bad
    where (bad.owner = ${namespace} or bad.slug in (select line.slug from line)) and bad.banned_at is not null)`;
  return sql<string>`(select json_object('moderator', home.moderator, 'banned', json(${banned}))
    from ${namespaces} as home where home.slug = ${namespace})`;
}

const standing = z.object({
  moderator: z.number().transform((flag) => flag !== 0),
  banned: z.record(z.string(), z.string()),
});

/** The standing in a column made by `standingOf`. */
export function readStanding(column: string): Standing {
  return standing.parse(JSON.parse(column));
}
