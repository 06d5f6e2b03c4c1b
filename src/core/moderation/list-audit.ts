import { and, eq, sql } from 'drizzle-orm';
import { auditEvents } from '../../db/schema/moderation.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { requireModerator } from './require-moderator.ts';

export type AuditEvent = typeof auditEvents.$inferSelect;

/**
 * A page of the audit log, oldest first, so that whoever keeps the last `next` goes on from there later. For operators
 * and moderators.
 *
 * @param page `after` is the id of the last event seen; `subject` as in `auditStatement`
 * @returns `next` is null on the last page
 * @throws Problem `unauthorized`, `forbidden`
 */
export async function listAudit(
  { db }: Pick<Deps, 'db'>,
  actor: Actor,
  page: { subject?: string; after?: string; limit: number },
): Promise<{ events: AuditEvent[]; next: string | null }> {
  requireModerator(actor);
  const { subject, after, limit } = page;
  const rows = await db
    .select()
    .from(auditEvents)
    .where(
      and(
        subject === undefined ? undefined : eq(auditEvents.subject, subject),
        after === undefined
          ? undefined
          : sql`rowid > (select seen.rowid from ${auditEvents} as seen where seen.id = ${after})`,
      ),
    )
    // Ids of one millisecond have no order, and clocks differ; rows are only ever added.
    .orderBy(sql`rowid`)
    .limit(limit + 1);
  const events = rows.slice(0, limit);
  return { events, next: rows.length > limit ? (events.at(-1)?.id ?? null) : null };
}
