import { eq, type SQL } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { jobs } from '../../db/schema/jobs.ts';
import { scans } from '../../db/schema/moderation.ts';
import type { Actor } from '../accounts/actor.ts';
import { type FoundVersion, getVersion, isPublished } from '../catalog/get-version.ts';
import { findAtOnce, locateVersion, type VersionRef } from '../catalog/version-by-ref.ts';
import type { Deps } from '../deps.ts';
import { isNewestScan } from '../moderation/newest-scan.ts';
import { EXAMINED_COLUMNS, type ExaminedRow, hasPublished, toVerdict, type Verdict } from './verdicts.ts';

export interface VettedVersion extends FoundVersion {
  verdict: Verdict;
}

/**
 * A version that is named by flat slug and tag, as `getVersionByRef` finds it, with what vetting says of it. One statement
 * where the skill is called so now.
 *
 * @throws Problem as `getVersionByRef` does
 */
export async function getVettedByRef(deps: Pick<Deps, 'db'>, actor: Actor, ref: VersionRef): Promise<VettedVersion> {
  const direct = await findAtOnce(actor, ref, (skill, version) => readVetted(deps, skill, version));
  return direct ? toVetted(direct) : getVetted(deps, actor, await locateVersion(deps, actor, ref));
}

/** The same for a version as `getVersion` finds it. @throws Problem as `getVersion` does */
export async function getVetted(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  wanted: { namespace: string; name: string; version: string },
): Promise<VettedVersion> {
  const { skill, version, pinned } = await getVersion(deps, actor, wanted);
  const [row] = await readVetted(deps, eq(skills.id, skill.id), eq(versions.id, version.id));
  if (!row?.version) throw new Error(`version ${version.id} vanished while it was read`);
  return toVetted({ ...row, version: row.version, pinned });
}

function readVetted({ db }: Pick<Deps, 'db'>, skill: SQL | undefined, version: SQL) {
  return db
    .select({ skill: skills, version: versions, ...EXAMINED_COLUMNS })
    .from(skills)
    .leftJoin(versions, isPublished(version))
    .leftJoin(jobs, hasPublished)
    .leftJoin(scans, isNewestScan)
    .where(skill);
}

function toVetted({ job, scan, ...found }: FoundVersion & Record<'job' | 'scan', ExaminedRow | null>): VettedVersion {
  const { namespace, name } = found.skill;
  const { version, treeDigest, publishedAt, verdict } = found.version;
  return { ...found, verdict: toVerdict({ namespace, name, version, treeDigest, publishedAt, verdict }, job, scan) };
}
