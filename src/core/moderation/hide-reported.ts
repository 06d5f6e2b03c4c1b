import { and, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { namespaces } from '../../db/schema/accounts.ts';
import { skills } from '../../db/schema/catalog.ts';
import { reports } from '../../db/schema/moderation.ts';
import { isBanned } from '../accounts/ban.ts';
import { staleTags } from '../catalog/keys.ts';
import { refreshSearchRow } from '../catalog/latest-version.ts';
import { nextUpdate } from '../catalog/update-time.ts';
import type { Deps } from '../deps.ts';
import { appendSkillEntries, skillEntry } from '../log/skill-entry.ts';
import { auditStatement } from './audit.ts';
import { mailIdentity } from './mail-identity.ts';
import { tellNamespace } from './tell-namespace.ts';

const DAY_MS = 24 * 60 * 60_000;
/** A namespace that was made to report something is younger. */
export const REPORTER_AGE_MS = 7 * DAY_MS;
/** Reports that nobody agreed with for so long do not add up with new ones. */
export const REPORT_LIFETIME_MS = 30 * DAY_MS;
/** Whoever was wrong so often counts no more. */
export const MAX_DISMISSED = 3;

type HideDeps = Pick<Deps, 'db' | 'bundles' | 'clock' | 'random' | 'cache' | 'mailer' | 'settings' | 'log'>;

/**
 * How many people have something against a skill that nobody has looked at: open reports of the last 30 days, by
 * namespaces that were a week old by then, have proven their address by a mailed code, are not banned, and were not wrong
 * three times. Those whose addresses may be one person's count once: see `mailIdentity`.
 */
function countedReports({ clock, settings }: Pick<Deps, 'clock' | 'settings'>, skillId: number): SQL<number> {
  const person = mailIdentity(sql`reporter.email`, settings.mailDomain);
  return sql<number>`(select count(distinct ${person}) from ${reports} as made
    inner join ${namespaces} as reporter on reporter.slug = made.reporter
    where made.skill_id = ${skillId} and made.state = 'open' and made.created_at > ${clock.now() - REPORT_LIFETIME_MS}
      and reporter.created_at <= made.created_at - ${REPORTER_AGE_MS} and reporter.email_proven_at is not null and not ${isBanned(sql`reporter.slug`)}
      and (select count(*) from ${reports} as past where past.reporter = made.reporter and past.state = 'dismissed') < ${MAX_DISMISSED})`;
}

/**
 * Hides a skill when as many people have reported it as the operator says, until a moderator has looked. Does nothing
 * below that, where the operator turned it off, and for one that is hidden.
 *
 * @returns whether this call hid it
 */
export async function hideReported(
  deps: HideDeps,
  { id, namespace, name }: { id: number; namespace: string; name: string },
): Promise<boolean> {
  const { db, settings } = deps;
  if (settings.reportsToHide === 0) return false;
  const counted = countedReports(deps, id);
  const enough = and(eq(skills.id, id), isNull(skills.hiddenAt), sql`${counted} >= ${settings.reportsToHide}`);
  const [due] = await db.select({ visibility: skills.visibility }).from(skills).where(enough);
  if (!due) return false;
  const label = `@${namespace}/${name}`;
  const now = deps.clock.now();
  const guard = sql`exists (select 1 from ${skills} where ${enough})`;
  const entry = await skillEntry(deps, 'hide', { id, namespace, name, ...due }, 'reports');
  const [, , hidden] = await db.batch([
    appendSkillEntries(deps, [entry], guard),
    auditStatement(deps, 'system', 'skill.hide', label, { reason: 'reports' }, guard),
    db
      .update(skills)
      .set({ hiddenAt: now, hiddenBy: 'reports', hiddenReason: null, updatedAt: nextUpdate(now) })
      .where(enough)
      .returning({ id: skills.id }),
    ...refreshSearchRow(db, id, sql`1`),
  ]);
  if (hidden.length === 0) return false;
  deps.cache.forget(staleTags(namespace, name));
  deps.log.info('skill.reported', { namespace, name });
  await tellNamespace(deps, namespace, {
    subject: `${label} is hidden for now`,
    text: `Several users have reported ${label}. It is hidden until a moderator has looked at it.\n\nIf you have something to say about it, appeal:\nskills appeal ${label}\nor POST /v1/packages/${namespace}/${name}/appeal\n`,
  });
  return true;
}
