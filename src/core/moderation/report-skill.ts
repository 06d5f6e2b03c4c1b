import { and, eq, ne, sql } from 'drizzle-orm';
import { versions } from '../../db/schema/catalog.ts';
import { reports } from '../../db/schema/moderation.ts';
import { type Actor, authorize, namespacesOf, requireNoBan } from '../accounts/actor.ts';
import { findShownByRef, type OwnedRef } from '../catalog/find-by-ref.ts';
import { howToList } from '../catalog/find-skill.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { hideReported } from './hide-reported.ts';

/** How many reports of one namespace may wait for an operator. */
export const MAX_OPEN_REPORTS = 20;

export interface Report {
  id: string;
  namespace: string;
  name: string;
  /** False when the namespace had reported the skill before: then nothing is added. */
  added: boolean;
  /** Reports of the skill, those aside that an operator dismissed. */
  count: number;
}

type ReportDeps = Pick<Deps, 'db' | 'bundles' | 'clock' | 'random' | 'cache' | 'mailer' | 'settings' | 'log'>;

/**
 * Tells the moderators what somebody has against a skill, once a namespace and skill; several such reports hide it, see
 * `hideReported`. Needs `read`.
 *
 * @param complaint `reason` is shown to moderators only; `version` is the one that it is about
 * @throws Problem `unauthorized`, `forbidden` also for an operator, `not_found` also for a version that nobody can read,
 * `state_conflict` for a skill of one's own, `too_many_reports` beyond `MAX_OPEN_REPORTS`
 */
export async function reportSkill(
  deps: ReportDeps,
  actor: Actor,
  ref: OwnedRef,
  complaint: { reason: string; version?: string },
): Promise<Report> {
  const reporter = reporterOf(actor);
  const { id: skillId, namespace, name } = await findShownByRef(deps, actor, ref);
  if (namespacesOf(actor).includes(namespace)) {
    throw new Problem('state_conflict', `@${namespace}/${name} is your own.`, { fix: 'Hide it, or yank a version.' });
  }
  await requireVersion(deps, { skillId, namespace, name }, complaint.version);

  const inserted = await insertReport(deps, { skillId, reporter, ...complaint });
  const [mine] = await deps.db
    .select({ id: reports.id })
    .from(reports)
    .where(and(eq(reports.skillId, skillId), eq(reports.reporter, reporter)));
  if (!mine) {
    throw new Problem('too_many_reports', `${MAX_OPEN_REPORTS} reports of '${reporter}' wait to be looked at.`, {
      fix: 'Wait until an operator has dealt with some of them.',
    });
  }
  // Also when nothing was added: the one before may have got lost between the report and this.
  await hideReported(deps, { id: skillId, namespace, name });
  if (inserted.length > 0) deps.log.info('report.received', { reportId: mine.id, namespace, name });
  return { id: mine.id, namespace, name, added: inserted.length > 0, count: await countReports(deps, skillId) };
}

/** Reports of a skill, those aside that an operator dismissed. */
export async function countReports({ db }: Pick<Deps, 'db'>, skillId: number): Promise<number> {
  const [counted] = await db
    .select({ count: sql<number>`count(*)`.as('count') })
    .from(reports)
    .where(and(eq(reports.skillId, skillId), ne(reports.state, 'dismissed')));
  return counted?.count ?? 0;
}

function reporterOf(actor: Actor): string {
  if (actor.kind === 'operator') {
    throw new Problem('forbidden', 'Reports are made in the name of a namespace, and the operator has none.', {
      fix: 'Use a key of a namespace.',
    });
  }
  const reporter = actor.kind === 'key' ? actor.namespace : '';
  authorize(actor, 'read', reporter);
  requireNoBan(actor, reporter);
  return reporter;
}

async function requireVersion(
  { db }: Pick<Deps, 'db'>,
  skill: { skillId: number; namespace: string; name: string },
  version: string | undefined,
): Promise<void> {
  if (version === undefined) return;
  const [known] = await db
    .select({ id: versions.id })
    .from(versions)
    .where(and(eq(versions.skillId, skill.skillId), eq(versions.version, version), eq(versions.state, 'published')));
  if (known) return;
  throw new Problem('not_found', `@${skill.namespace}/${skill.name} has no version ${version}.`, {
    fix: howToList(skill),
    missing: 'version',
  });
}

/** Inserts nothing when there is a report already, or too many wait. */
function insertReport(
  { db, clock, random }: ReportDeps,
  { skillId, reporter, reason, version }: { skillId: number; reporter: string; reason: string; version?: string },
) {
  const waiting = sql`(select count(*) from ${reports} where ${reports.reporter} = ${reporter} and ${reports.state} = 'open')`;
  return db
    .insert(reports)
    .select(
      sql`select ${random.id()}, ${skillId}, ${version ?? null}, ${reporter}, ${reason}, 'open', ${clock.now()}, null where ${waiting} < ${MAX_OPEN_REPORTS}`,
    )
    .onConflictDoNothing()
    .returning({ id: reports.id });
}
