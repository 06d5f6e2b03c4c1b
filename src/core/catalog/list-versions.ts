import { and, desc, eq, inArray } from 'drizzle-orm';
import { versions } from '../../db/schema/catalog.ts';
import { type Actor, canRead } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { findAnySkill, findSkill } from './find-skill.ts';

export interface VersionSummary {
  version: string;
  sha256: string;
  publishedAt: number;
  yankedAt: number | null;
}

/**
 * Versions of a skill, newest first by semver. Yanked ones are listed to those who may read the namespace's private
 * skills, so that they can be un-yanked.
 *
 * @throws Problem `invalid_request`, `not_found`
 */
export async function listVersions(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  namespace: string,
  name: string,
): Promise<VersionSummary[]> {
  const own = canRead(actor, namespace);
  const skill = own ? await findAnySkill(deps, actor, namespace, name) : await findSkill(deps, actor, namespace, name);
  const rows = await deps.db
    .select({
      version: versions.version,
      sha256: versions.archiveSha256,
      publishedAt: versions.publishedAt,
      yankedAt: versions.yankedAt,
    })
    .from(versions)
    .where(and(eq(versions.skillId, skill.id), inArray(versions.state, own ? ['published', 'yanked'] : ['published'])))
    .orderBy(desc(versions.sortKey));
  return rows.map((row) => ({ ...row, publishedAt: row.publishedAt ?? 0 }));
}
