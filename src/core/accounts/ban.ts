import { type SQL, type SQLWrapper, sql } from 'drizzle-orm';
import * as z from 'zod';
import { namespaces } from '../../db/schema/accounts.ts';

/** A ban as it holds for some namespace: its own, or that of one which made it. */
export interface HoldingBan {
  /** The namespace that was banned. */
  namespace: string;
  reason: string;
}

/**
 * Rows `line(slug, owner, banned_at, ban_reason, distance)`: a namespace, whoever made it, and so on. A ban of any of them is
 * one of it too: else whoever is banned would go on under a name that they made before.
 *
 * @param namespace a slug, or a column of the statement around it
 */
export function lineOf(namespace: SQLWrapper | string): SQL {
  return sql`with recursive line(slug, owner, banned_at, ban_reason, distance) as (
    select home.slug, home.owner, home.banned_at, home.ban_reason, 0 from ${namespaces} as home where home.slug = ${namespace}
    union all
    select maker.slug, maker.owner, maker.banned_at, maker.ban_reason, line.distance + 1
    from line inner join ${namespaces} as maker on maker.slug = line.owner)`;
}

/** The slugs of a namespace and of all that it made, and they made, for `in`. */
export function madeBy(namespace: string): SQL {
  return sql`(with recursive family(slug) as (
    select ${namespace}
    union all
    select made.slug from family inner join ${namespaces} as made on made.owner = family.slug) select family.slug from family)`;
}

/** The condition that a namespace is banned, or one of those that made it. */
export function isBanned(namespace: SQLWrapper | string): SQL {
  return sql`exists (${lineOf(namespace)} select 1 from line where line.banned_at is not null)`;
}

/** A column with the ban that holds for a namespace, the nearest of several, as `readBan` reads it. */
export function banOver(namespace: SQLWrapper | string): SQL<string | null> {
  return sql`(${lineOf(namespace)} select json_object('namespace', line.slug, 'reason', coalesce(line.ban_reason, ''))
    from line where line.banned_at is not null order by line.distance limit 1)`;
}

const holdingBan = z.object({ namespace: z.string(), reason: z.string() });

/** The ban in a column made by `banOver`. */
export function readBan(column: string | null): HoldingBan | undefined {
  return column === null ? undefined : holdingBan.parse(JSON.parse(column));
}

/** The sentence about a ban, without its reason: `The namespace 'acme', which made 'acme-labs', is banned`. */
export function banSentence(namespace: string, banned: string): string {
  const made = namespace === banned ? '' : `, which made '${namespace}',`;
  return `The namespace '${banned}'${made} is banned`;
}
