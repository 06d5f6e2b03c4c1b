import { and, desc, eq, lt } from 'drizzle-orm';
import { versions } from '../../db/schema/catalog.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { findSkill, type Skill } from './find-skill.ts';
import { versionSortKey } from './version-order.ts';

export interface VersionPage {
  skill: Skill;
  versions: { version: string; publishedAt: number; changelog: string }[];
  /** The version that the next page begins behind. */
  next: string | null;
}

/**
 * Published versions of a skill, newest first by semver, a page at a time.
 *
 * @param after a version; only older ones are listed
 * @throws Problem `invalid_request`, `not_found`
 */
export async function pageVersions(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  subject: { namespace: string; name: string },
  { limit, after }: { limit: number; after?: string },
): Promise<VersionPage> {
  const skill = await findSkill(deps, actor, subject.namespace, subject.name);
  const older = after === undefined ? undefined : lt(versions.sortKey, versionSortKey(after));
  const rows = await deps.db
    .select({ version: versions.version, publishedAt: versions.publishedAt, changelog: versions.changelog })
    .from(versions)
    .where(and(eq(versions.skillId, skill.id), eq(versions.state, 'published'), older))
    .orderBy(desc(versions.sortKey))
    .limit(limit + 1);
  const page = rows.slice(0, limit).map((row) => ({ ...row, publishedAt: row.publishedAt ?? 0 }));
  return { skill, versions: page, next: rows.length > limit ? (page.at(-1)?.version ?? null) : null };
}
