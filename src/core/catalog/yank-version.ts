import { and, eq, exists, sql } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { findAnySkill } from './find-skill.ts';
import { staleTags } from './keys.ts';
import { refreshSearchRow, setLatestVersion } from './latest-version.ts';
import { nextUpdate } from './update-time.ts';

type Subject = { namespace: string; name: string; version: string };

/**
 * Withdraws a published version: nobody can download it any more, and its number stays taken. Needs `publish`.
 *
 * @returns whether it was published until now
 * @throws Problem `unauthorized`, `forbidden`, `not_found`
 */
export function yankVersion(
  deps: Pick<Deps, 'db' | 'clock' | 'cache' | 'log'>,
  actor: Actor,
  subject: Subject,
): Promise<boolean> {
  return move(deps, actor, subject, { from: 'published', to: 'yanked', yankedAt: deps.clock.now() });
}

/**
 * Brings a yanked version back. Needs `publish`.
 *
 * @returns whether it was yanked until now
 * @throws Problem `unauthorized`, `forbidden`, `not_found`
 */
export function unyankVersion(
  deps: Pick<Deps, 'db' | 'clock' | 'cache' | 'log'>,
  actor: Actor,
  subject: Subject,
): Promise<boolean> {
  return move(deps, actor, subject, { from: 'yanked', to: 'published', yankedAt: null });
}

type Move = { from: 'published' | 'yanked'; to: 'published' | 'yanked'; yankedAt: number | null };

async function move(
  deps: Pick<Deps, 'db' | 'clock' | 'cache' | 'log'>,
  actor: Actor,
  subject: Subject,
  step: Move,
): Promise<boolean> {
  const { db } = deps;
  const skill = await findAnySkill(deps, actor, subject.namespace, subject.name);
  authorize(actor, 'publish', subject.namespace);
  const [version] = await db
    .select({ id: versions.id, state: versions.state })
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
      fix: 'List the versions.',
    });
  }
  const moved = exists(
    db
      .select({ one: sql`1` })
      .from(versions)
      .where(and(eq(versions.id, version.id), eq(versions.state, step.to))),
  );
  const [changed] = await db.batch([
    db
      .update(versions)
      .set({ state: step.to, yankedAt: step.yankedAt })
      .where(and(eq(versions.id, version.id), eq(versions.state, step.from)))
      .returning({ id: versions.id }),
    setLatestVersion(db, skill.id, moved),
    ...refreshSearchRow(db, skill.id, moved),
    db
      .update(skills)
      .set({ updatedAt: nextUpdate(deps.clock.now()) })
      .where(eq(skills.id, skill.id)),
  ]);
  deps.cache.forget(staleTags(skill.namespace, skill.name));
  deps.log.info(`version.${step.to}`, { ...subject, changed: changed.length > 0 });
  return changed.length > 0;
}
