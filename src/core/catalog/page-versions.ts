import { and, desc, eq, lt } from 'drizzle-orm';
import { versions } from '../../db/schema/catalog.ts';
import { upTo } from '../../db/up-to.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { findShownByRef, type OwnedRef } from './find-by-ref.ts';
import type { SkillRow } from './find-skill.ts';
import { versionSortKey } from './version-order.ts';

export interface VersionPage {
  skill: SkillRow;
  versions: { version: string; publishedAt: number; changelog: string }[];
  /** The version that the next page begins behind. */
  next: string | null;
}

/**
 * Published versions of a skill, newest first by semver, a page at a time.
 *
 * @param after a version; only older ones are listed
 * @throws Problem `invalid_request` for an `after` that is no version, `not_found` as `findShownByRef` does
 */
export async function pageVersions(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  ref: OwnedRef,
  { limit, after }: { limit: number; after?: string },
): Promise<VersionPage> {
  const skill = await findShownByRef(deps, actor, ref);
  const older = after === undefined ? undefined : lt(versions.sortKey, versionSortKey(after));
  const rows = await deps.db
    .select({ version: versions.version, publishedAt: versions.publishedAt, changelog: versions.changelog })
    .from(versions)
    .where(and(eq(versions.skillId, skill.id), eq(versions.state, 'published'), older))
    .orderBy(desc(versions.sortKey))
    .limit(upTo(limit + 1));
  const page = rows.slice(0, limit).map((row) => ({ ...row, publishedAt: row.publishedAt ?? 0 }));
  return { skill, versions: page, next: rows.length > limit ? (page.at(-1)?.version ?? null) : null };
}
