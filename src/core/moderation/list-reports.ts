import { and, asc, eq, gt, type SQL } from 'drizzle-orm';
import { namespaces } from '../../db/schema/accounts.ts';
import { skills } from '../../db/schema/catalog.ts';
import { skillCards } from '../../db/schema/faces.ts';
import { reports } from '../../db/schema/moderation.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { requireModerator } from './require-moderator.ts';

export type ReportState = (typeof reports.$inferSelect)['state'];

/**
 * A page of reports, oldest first. For operators and moderators.
 *
 * @param page `state` absent means all; `after` is the `next` of the page before
 * @throws Problem `unauthorized`, `forbidden`
 */
export async function listReports(
  { db }: Pick<Deps, 'db'>,
  actor: Actor,
  page: { state?: ReportState; limit: number; after?: string },
) {
  requireModerator(actor);
  const { state, limit, after } = page;
  const rows = await db
    .select({
      id: reports.id,
      namespace: skills.namespace,
      name: skills.name,
      slug: skills.slug,
      cardName: skillCards.displayName,
      version: reports.version,
      reporter: reports.reporter,
      reporterName: namespaces.displayName,
      reason: reports.reason,
      state: reports.state,
      createdAt: reports.createdAt,
      triagedAt: reports.triagedAt,
    })
    .from(reports)
    .innerJoin(skills, eq(skills.id, reports.skillId))
    .innerJoin(namespaces, eq(namespaces.slug, reports.reporter))
    .leftJoin(skillCards, eq(skillCards.skillId, skills.id))
    .where(and(inState(state), after === undefined ? undefined : gt(reports.id, after)))
    .orderBy(asc(reports.id))
    .limit(limit + 1);
  const shown = rows.slice(0, limit);
  return { reports: shown, next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
}

function inState(state: ReportState | undefined): SQL | undefined {
  return state === undefined ? undefined : eq(reports.state, state);
}
