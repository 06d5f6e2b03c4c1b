import { and, eq, sql } from 'drizzle-orm';
import { rowExists } from '../../db/row-exists.ts';
import { skills, versions } from '../../db/schema/catalog.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { appendEntries } from '../log/append-entries.ts';
import { stillAsLogged, versionEntry } from '../log/version-entry.ts';
import { auditStatement, ifOperator } from '../moderation/audit.ts';
import { Problem } from '../problem.ts';
import { findAnySkill, howToList } from './find-skill.ts';
import { staleTags } from './keys.ts';
import { refreshSearchRow, setLatestVersion } from './latest-version.ts';
import { nextUpdate } from './update-time.ts';

export type YankDeps = Pick<Deps, 'db' | 'bundles' | 'clock' | 'random' | 'cache' | 'log'>;

type Subject = { namespace: string; name: string; version: string };

/**
 * Withdraws a published version: nobody can download it any more, and its number stays taken. Needs `publish`.
 *
 * @returns whether it was published until now
 * @throws Problem `unauthorized`, `forbidden`, `not_found`
 */
export function yankVersion(deps: YankDeps, actor: Actor, subject: Subject): Promise<boolean> {
  return move(deps, actor, subject, { from: 'published', to: 'yanked', yankedAt: deps.clock.now() });
}

/**
 * Brings a yanked version back. Needs `publish`.
 *
 * @returns whether it was yanked until now
 * @throws Problem `unauthorized`, `forbidden`, `not_found`
 */
export function unyankVersion(deps: YankDeps, actor: Actor, subject: Subject): Promise<boolean> {
  return move(deps, actor, subject, { from: 'yanked', to: 'published', yankedAt: null });
}

type Move = { from: 'published' | 'yanked'; to: 'published' | 'yanked'; yankedAt: number | null };

async function move(deps: YankDeps, actor: Actor, subject: Subject, step: Move): Promise<boolean> {
  const label = `@${subject.namespace}/${subject.name}@${subject.version}`;
  return untilUnchanged(label, () => tryMove(deps, actor, subject, step));
}

/** @returns nothing when the version, or its skill, became another than it was when its log entry was made */
async function tryMove(deps: YankDeps, actor: Actor, subject: Subject, step: Move): Promise<boolean | undefined> {
  const { db } = deps;
  const skill = await findAnySkill(deps, actor, subject.namespace, subject.name);
  authorize(actor, 'publish', skill.namespace);
  const [version] = await db
    .select()
    .from(versions)
    .where(
      and(
        eq(versions.skillId, skill.id),
        eq(versions.version, subject.version),
        sql`${versions.state} in ('published', 'yanked')`,
      ),
    );
  if (!version) {
    throw new Problem('not_found', `@${skill.namespace}/${skill.name} has no published version ${subject.version}.`, {
      fix: howToList(skill),
    });
  }
  if (version.state === step.to) return false;
  const isSame = stillAsLogged(skill, [version]);
  const unmoved = and(eq(versions.id, version.id), eq(versions.state, step.from), isSame);
  const moved = rowExists(db, versions, and(eq(versions.id, version.id), eq(versions.state, step.to)));
  const entry = await versionEntry(deps, step.to === 'yanked' ? 'yank' : 'unyank', skill, version);
  const changes = rowExists(db, versions, unmoved);
  const label = `@${skill.namespace}/${skill.name}@${version.version}`;
  const [, , changed] = await db.batch([
    appendEntries(deps, [entry], changes),
    auditStatement(
      deps,
      actor,
      `version.${step.to === 'yanked' ? 'yank' : 'unyank'}`,
      label,
      {},
      ifOperator(actor, changes),
    ),
    db.update(versions).set({ state: step.to, yankedAt: step.yankedAt }).where(unmoved).returning({ id: versions.id }),
    setLatestVersion(db, skill.id, moved),
    ...refreshSearchRow(db, skill.id, moved),
    db
      .update(skills)
      .set({ updatedAt: nextUpdate(deps.clock.now()) })
      .where(and(eq(skills.id, skill.id), moved)),
  ]);
  if (changed.length === 0) return undefined;
  deps.cache.forget(staleTags(skill.namespace, skill.name));
  deps.log.info(`version.${step.to}`, { ...subject });
  return true;
}

/** How often something that changes at the same moment is looked at. */
const TRIES = 3;

/**
 * Tries until nothing changed while it was read and judged by.
 *
 * @param attempt answers with nothing when something did
 * @throws Problem `unavailable` when it always does
 */
export async function untilUnchanged<T>(label: string, attempt: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < TRIES; tries++) {
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw new Problem('unavailable', `${label} was changed at the same time, again and again.`, {
    fix: 'Try again in a moment.',
  });
}
