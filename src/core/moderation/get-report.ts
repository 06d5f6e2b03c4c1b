import { and, asc, desc, eq, sql } from 'drizzle-orm';
import { versions } from '../../db/schema/catalog.ts';
import { jobs, type StageResult } from '../../db/schema/jobs.ts';
import { scans } from '../../db/schema/moderation.ts';
import { type Actor, canRead } from '../accounts/actor.ts';
import { findByRef, type OwnedRef } from '../catalog/find-by-ref.ts';
import { howToList, noSuchSkill } from '../catalog/find-skill.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { isNewestScan } from './newest-scan.ts';

export interface VettingReport {
  /** Of the scan, or of the job that vetted the upload. */
  id: string;
  source: 'scan' | 'publish';
  namespace: string;
  name: string;
  slug: string | null;
  version: string;
  /** Of the zip; null for a version that was refused. */
  sha256: string | null;
  stages: StageResult[];
  /** Milliseconds. */
  checkedAt: number;
}

/**
 * What was found in a version that was sent in, published or refused: by its newest scan, else when it was vetted. For those
 * who may read what the skill's namespace keeps private, and for operators.
 *
 * @param ref `version` is a number; of several refused uploads of one number the last counts
 * @throws Problem `not_found`, also for a skill of others, `state_conflict` while the version is being vetted
 */
export async function getReport(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  ref: OwnedRef & { version: string },
): Promise<VettingReport> {
  const { id: skillId, namespace, name, slug } = await findByRef(deps, actor, ref);
  if (!canRead(actor, namespace)) throw noSuchSkill(namespace, name);
  const [found] = await deps.db
    .select({ sha256: versions.zipSha256, job: jobs, scan: scans })
    .from(versions)
    .innerJoin(jobs, eq(jobs.versionId, versions.id))
    .leftJoin(scans, isNewestScan)
    .where(and(eq(versions.skillId, skillId), eq(versions.version, ref.version)))
    .orderBy(asc(sql`${versions.state} = 'rejected'`), desc(versions.createdAt), desc(versions.id))
    .limit(1);
  if (!found) {
    throw new Problem('not_found', `@${namespace}/${name} has no version ${ref.version}.`, {
      fix: howToList({ namespace, name }),
      missing: 'version',
    });
  }
  const { sha256, job, scan } = found;
  const subject = { namespace, name, slug, version: ref.version, sha256 };
  if (scan) return { ...subject, id: scan.id, source: 'scan', stages: scan.stages, checkedAt: scan.updatedAt };
  if (job.state === 'pending' || job.state === 'running') {
    throw new Problem('state_conflict', `@${namespace}/${name}@${ref.version} is being vetted.`, {
      fix: 'Ask again in some seconds.',
    });
  }
  return { ...subject, id: job.id, source: 'publish', stages: job.stages, checkedAt: job.updatedAt };
}
