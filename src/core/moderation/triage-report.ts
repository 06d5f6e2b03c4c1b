import { and, eq, type SQL, sql } from 'drizzle-orm';
import { noRowExists } from '../../db/row-exists.ts';
import { skills } from '../../db/schema/catalog.ts';
import { reports } from '../../db/schema/moderation.ts';
import type { Actor } from '../accounts/actor.ts';
import { staleTags } from '../catalog/keys.ts';
import { refreshSearchRow } from '../catalog/latest-version.ts';
import { nextUpdate } from '../catalog/update-time.ts';
import type { Deps } from '../deps.ts';
import type { NewEntry } from '../log/append-entries.ts';
import { appendSkillEntries, skillEntry } from '../log/skill-entry.ts';
import { Problem } from '../problem.ts';
import { auditStatement } from './audit.ts';
import { labelOf, shownMail } from './moderate-skill.ts';
import { countReports } from './report-skill.ts';
import { requireModerator } from './require-moderator.ts';
import { tellNamespace } from './tell-namespace.ts';

type TriageDeps = Pick<Deps, 'db' | 'bundles' | 'clock' | 'random' | 'cache' | 'mailer' | 'settings' | 'log'>;
type Triage = { id: string; verdict: 'confirmed' | 'dismissed'; note?: string };

/**
 * Ends an open report: there is something in it, or there is not. For operators and moderators. A skill that reports have
 * hidden stays hidden for good once one is confirmed, and is shown again when none is open any more; any other stays as it
 * is. Doing it again in the same way changes nothing.
 *
 * @throws Problem `unauthorized`, `forbidden`, `not_found`, `state_conflict` when it ended the other way
 */
export async function triageReport(
  deps: TriageDeps,
  actor: Actor,
  { id, verdict, note }: Triage,
): Promise<{ namespace: string; name: string; count: number }> {
  requireModerator(actor);
  const skill = await findReported(deps, id);
  requireModerator(actor, skill.namespace);
  const open = and(eq(reports.id, id), eq(reports.state, 'open'));
  const act = verdict === 'confirmed' ? 'report.confirm' : 'report.dismiss';
  const details = { report: id, ...(note === undefined ? {} : { note }) };
  const now = deps.clock.now();
  const { db } = deps;
  const entry = await skillEntry(deps, verdict === 'confirmed' ? 'hide' : 'show', skill, 'moderator');
  const [, ended, , , moved] = await db.batch([
    auditStatement(deps, actor, act, labelOf(skill), details, sql`exists (select 1 from ${reports} where ${open})`),
    db.update(reports).set({ state: verdict, triagedAt: now }).where(open).returning({ id: reports.id }),
    ...settle(deps, actor, skill, { verdict, entry }),
    ...refreshSearchRow(db, skill.id, sql`1`),
  ]);
  const { state } = await findReported(deps, id);
  if (state !== verdict)
    throw new Problem('state_conflict', `The report is ${state} already.`, { fix: 'Leave it so.' });
  const { namespace, name } = skill;
  if (ended.length > 0) deps.log.info('report.triaged', { reportId: id, verdict, namespace, name });
  if (moved.length > 0) deps.cache.forget(staleTags(namespace, name));
  if (moved.length > 0 && verdict === 'dismissed') {
    await tellNamespace(deps, namespace, shownMail(labelOf(skill), 'There was nothing in what was reported.'));
  }
  return { namespace, name, count: await countReports(deps, skill.id) };
}

/** What becomes of a skill that reports have hidden, once the report itself has ended. */
function settle(
  deps: TriageDeps,
  actor: Actor,
  skill: Reported,
  { verdict, entry }: Pick<Triage, 'verdict'> & { entry: NewEntry },
) {
  const { db } = deps;
  const byReports = and(eq(skills.id, skill.id), eq(skills.hiddenBy, 'reports'));
  const now = deps.clock.now();
  if (verdict === 'confirmed') {
    const confirmed = and(byReports, isConfirmed(skill));
    return [
      appendSkillEntries(deps, [entry], holds(confirmed)),
      auditStatement(deps, actor, 'skill.hide', labelOf(skill), { reason: 'reports' }, holds(confirmed)),
      db
        .update(skills)
        .set({ hiddenBy: 'moderator', hiddenReason: 'What users reported about it was confirmed.', updatedAt: now })
        .where(confirmed)
        .returning({ id: skills.id }),
    ] as const;
  }
  const stillOpen = and(eq(reports.skillId, skill.id), eq(reports.state, 'open'));
  const cleared = and(byReports, noRowExists(db, reports, stillOpen));
  return [
    appendSkillEntries(deps, [entry], holds(cleared)),
    auditStatement(deps, actor, 'skill.show', labelOf(skill), { reason: 'reports' }, holds(cleared)),
    db
      .update(skills)
      .set({ hiddenAt: null, hiddenBy: null, hiddenReason: null, updatedAt: nextUpdate(now) })
      .where(cleared)
      .returning({ id: skills.id }),
  ] as const;
}

const holds = (condition: SQL | undefined): SQL => sql`exists (select 1 from ${skills} where ${condition})`;

const isConfirmed = ({ reportId }: Reported): SQL =>
  sql`exists (select 1 from ${reports} where ${reports.id} = ${reportId} and ${reports.state} = 'confirmed')`;

type Reported = Awaited<ReturnType<typeof findReported>>;

async function findReported({ db }: TriageDeps, id: string) {
  const [found] = await db
    .select({
      reportId: reports.id,
      state: reports.state,
      id: skills.id,
      namespace: skills.namespace,
      name: skills.name,
      visibility: skills.visibility,
    })
    .from(reports)
    .innerJoin(skills, eq(skills.id, reports.skillId))
    .where(eq(reports.id, id));
  if (!found) throw new Problem('not_found', 'There is no such report.', { fix: 'List the reports.' });
  return found;
}
