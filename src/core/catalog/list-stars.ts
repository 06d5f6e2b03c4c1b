import { and, desc, eq, isNull, type SQL, sql } from 'drizzle-orm';
import { skills, type Visibility, versions } from '../../db/schema/catalog.ts';
import { stars } from '../../db/schema/faces.ts';
import { upTo } from '../../db/up-to.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { visibleTo } from './search-hit.ts';
import { fan } from './star-skill.ts';

export interface StarredSkill {
  namespace: string;
  name: string;
  description: string;
  visibility: Visibility;
  latestVersion: string;
  /** Why nobody should use it any more. */
  deprecated: string | null;
  /** Milliseconds. */
  starredAt: number;
}

/**
 * A page of the skills that the key's namespace has starred, the latest star first. Those that it cannot see now are left
 * out. Needs `read`.
 *
 * @param page `after` is the `next` of the page before
 * @returns `next` is null on the last page
 * @throws Problem `unauthorized`, `forbidden` for a key that may not read and for an operator, `invalid_request` for another `after`
 */
export async function listStars(
  { db }: Pick<Deps, 'db'>,
  actor: Actor,
  { after, limit }: { after?: string; limit: number },
): Promise<{ stars: StarredSkill[]; next: string | null }> {
  const namespace = fan(actor);
  const rows = await db
    .select({
      skillId: stars.skillId,
      namespace: skills.namespace,
      name: skills.name,
      description: versions.description,
      visibility: skills.visibility,
      latestVersion: versions.version,
      deprecated: sql<string | null>`coalesce(${versions.deprecation}, ${skills.deprecation})`,
      starredAt: stars.createdAt,
    })
    .from(stars)
    .innerJoin(skills, eq(skills.id, stars.skillId))
    .innerJoin(versions, eq(versions.id, skills.latestVersionId))
    .where(and(eq(stars.namespace, namespace), isNull(skills.hiddenAt), visibleTo(actor, skills), behind(after)))
    .orderBy(desc(stars.createdAt), desc(stars.skillId))
    .limit(upTo(limit + 1));
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return {
    stars: shown.map(({ skillId: _, ...row }) => row),
    next: last === undefined ? null : `${last.starredAt}-${last.skillId}`,
  };
}

function behind(after: string | undefined): SQL | undefined {
  if (after === undefined) return undefined;
  const [, at, id] = /^(\d{1,15})-(\d{1,15})$/.exec(after) ?? [];
  if (at === undefined) {
    throw new Problem('invalid_request', `'${after}' is not where a page ends.`, { fix: 'Send the `next` of a page.' });
  }
  return sql`(${stars.createdAt}, ${stars.skillId}) < (${Number(at)}, ${Number(id)})`;
}
