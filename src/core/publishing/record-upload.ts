import { and, eq, ne, notExists, sql } from 'drizzle-orm';
import { skills, type Visibility, versions } from '../../db/schema/catalog.ts';
import { jobs } from '../../db/schema/jobs.ts';
import type { AcceptedFiles } from '../../format/accept-files.ts';
import { isServable, writeTarGz } from '../../format/archive.ts';
import { sha256Hex, treeDigest } from '../../format/digest.ts';
import type { SkillMetadata } from '../../format/skill-metadata.ts';
import { isPrerelease, versionSortKey } from '../catalog/version-order.ts';
import type { Deps } from '../deps.ts';
import { DELIVERY_GRACE_MS } from './job-state.ts';
import { type Identity, requireFree } from './resolve-identity.ts';

export type VersionRow = Awaited<ReturnType<typeof describeVersion>> & { changelog: string };

/** The row of a version that waits to be vetted, but for the skill it belongs to. */
export async function describeVersion(
  deps: Pick<Deps, 'clock' | 'random'>,
  { bundle, exact }: AcceptedFiles,
  bytes: Uint8Array,
  metadata: SkillMetadata & { version: string },
) {
  const archive = isServable(bytes, exact) ? bytes : await writeTarGz(bundle);
  return {
    id: deps.random.id(),
    version: metadata.version,
    sortKey: versionSortKey(metadata.version),
    prerelease: isPrerelease(metadata.version),
    state: 'pending' as const,
    description: metadata.description,
    keywords: metadata.keywords.join(' '),
    metadata,
    treeDigest: await treeDigest(bundle),
    archiveSha256: await sha256Hex(archive),
    archiveSize: archive.length,
    createdAt: deps.clock.now(),
  };
}

/**
 * Records an upload in one atomic batch: the skill if it is new, the version and the job, both `pending`.
 *
 * @throws Problem `version_exists` when another upload took the number in the meantime
 */
export async function recordUpload(
  deps: Pick<Deps, 'db' | 'clock' | 'settings'>,
  jobId: string,
  identity: Identity,
  visibility: Visibility | undefined,
  row: VersionRow,
): Promise<void> {
  const now = deps.clock.now();
  const { namespace, name } = identity;
  const ownSkill = sql<number>`(select ${skills.id} from ${skills} where ${skills.namespace} = ${namespace} and ${skills.name} = ${name})`;
  const ownSkillAsAsked = visibility
    ? sql<number>`(select ${skills.id} from ${skills} where ${skills.id} = ${ownSkill} and ${skills.visibility} = ${visibility})`
    : ownSkill;
  const accepted = deps.db
    .select({ one: sql`1` })
    .from(versions)
    .where(and(eq(versions.skillId, ownSkill), ne(versions.state, 'rejected')));
  const job = {
    id: jobId,
    versionId: row.id,
    state: 'pending' as const,
    stages: [],
    message: 'Waiting to be vetted.',
    instance: deps.settings.instanceId,
    dueAt: now + DELIVERY_GRACE_MS,
    createdAt: now,
    updatedAt: now,
  };
  try {
    await deps.db.batch([
      deps.db
        .insert(skills)
        .values({ namespace, name, visibility: visibility ?? 'public', createdAt: now, updatedAt: now })
        .onConflictDoNothing(),
      // A refused first upload leaves its row behind; what this one asks for has to win over it.
      deps.db
        .update(skills)
        .set({ visibility: visibility ?? sql`${skills.visibility}` })
        .where(and(eq(skills.id, ownSkill), notExists(accepted))),
      // No skill of the visibility that was asked for, no id: then the whole batch fails.
      deps.db.insert(versions).values({ ...row, skillId: ownSkillAsAsked }),
      deps.db.insert(jobs).values(job),
    ]);
  } catch (error) {
    await requireFree(deps, identity, visibility);
    throw error;
  }
}
