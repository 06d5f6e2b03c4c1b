import { and, asc, eq, gt, inArray, or } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { jobs } from '../../db/schema/jobs.ts';
import { appeals } from '../../db/schema/moderation.ts';
import { type Actor, namespacesOf, requireScope } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';

/**
 * A page of the appeals that the actor's namespaces have made, oldest first, with their answers. Needs `read`; an operator
 * sees those of all.
 *
 * @returns `next` is null on the last page
 * @throws Problem `unauthorized`, `forbidden`
 */
export async function listAppeals(
  { db }: Pick<Deps, 'db'>,
  actor: Actor,
  { after, limit }: { after?: string; limit: number },
) {
  requireScope(actor, 'read', actor.kind === 'key' ? actor.namespace : '');
  const rows = await db
    .select({ appeal: appeals, name: skills.name, version: versions.version })
    .from(appeals)
    .leftJoin(jobs, eq(jobs.id, appeals.jobId))
    .leftJoin(versions, eq(versions.id, jobs.versionId))
    .leftJoin(skills, or(eq(skills.id, appeals.skillId), eq(skills.id, versions.skillId)))
    .where(
      and(
        actor.kind === 'operator' ? undefined : inArray(appeals.namespace, namespacesOf(actor)),
        after === undefined ? undefined : gt(appeals.id, after),
      ),
    )
    .orderBy(asc(appeals.id))
    .limit(limit + 1);
  const shown = rows.slice(0, limit);
  return { appeals: shown, next: rows.length > limit ? (shown.at(-1)?.appeal.id ?? null) : null };
}
