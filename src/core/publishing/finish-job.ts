import { and, eq, exists, sql } from 'drizzle-orm';
import { nameSegments, registryKeys, skills, type Visibility, versions } from '../../db/schema/catalog.ts';
import { fingerprints } from '../../db/schema/faces.ts';
import { jobs, type StageResult } from '../../db/schema/jobs.ts';
import type { Fingerprints } from '../../format/fingerprint.ts';
import { bundleKeys, staleTags } from '../catalog/keys.ts';
import { refreshSearchRow, setLatestVersion } from '../catalog/latest-version.ts';
import { nextUpdate } from '../catalog/update-time.ts';
import type { Deps } from '../deps.ts';
import type { SignedArtifacts } from '../signing/sign-version.ts';
import { segmentRows } from '../vetting/similar-names.ts';
import { held, type LeasedJob, LeaseLost } from './job-state.ts';

type FinishDeps = Pick<Deps, 'db' | 'bundles' | 'clock' | 'signer' | 'cache' | 'log'>;

export interface PublishedVersion {
  skillId: number;
  namespace: string;
  name: string;
  /** What it was vetted for: a skill that became public in the meantime has to be vetted again. */
  visibility: Visibility;
  artifacts: SignedArtifacts;
  fingerprints: Fingerprints;
}

/**
 * Makes a vetted and signed version visible: one atomic batch, each statement of which does nothing unless the lease
 * still holds; the job's own move comes last.
 *
 * @throws LeaseLost, or Error when the skill's visibility changed while it was vetted
 */
export async function publishVersion(
  deps: FinishDeps,
  job: LeasedJob,
  subject: PublishedVersion,
  stages: StageResult[],
): Promise<void> {
  const { db } = deps;
  const now = deps.clock.now();
  const { artifacts, skillId } = subject;
  const key = await deps.signer.key();
  const asVetted = exists(
    db
      .select({ one: sql`1` })
      .from(skills)
      .where(and(eq(skills.id, skillId), eq(skills.visibility, subject.visibility))),
  );
  const mine = and(exists(db.select({ one: sql`1` }).from(jobs).where(held(job))), asVetted) ?? asVetted;
  const segments = JSON.stringify(segmentRows(subject.name));

  const results = await db.batch([
    db.insert(registryKeys).values({ id: key.id, pem: key.pem, createdAt: now }).onConflictDoNothing(),
    db
      .update(versions)
      .set({
        state: 'published',
        publishedAt: now,
        keyId: artifacts.keyId,
        tarSha256: artifacts.tar.sha256,
        tarSize: artifacts.tar.size,
        zipSha256: artifacts.zip.sha256,
        zipSize: artifacts.zip.size,
      })
      .where(and(eq(versions.id, job.versionId), eq(versions.state, 'pending'), mine)),
    db
      .update(skills)
      .set({ slug: flatSlug(), updatedAt: nextUpdate(now) })
      .where(and(eq(skills.id, skillId), mine)),
    setLatestVersion(db, skillId, mine),
    ...refreshSearchRow(db, skillId, mine),
    db
      .insert(nameSegments)
      .select(
        sql`select value ->> 'length', value ->> 'segment', value ->> 'text', value ->> 'name' from json_each(${segments})
          where ${mine} and exists (select 1 from ${skills} where ${skills.id} = ${skillId} and ${skills.visibility} = 'public')`,
      )
      .onConflictDoNothing(),
    db
      .insert(fingerprints)
      .select(
        sql`select ${skillId}, value ->> 'fingerprint', ${job.versionId}, value ->> 'kind' from json_each(${fingerprintRows(subject)}) where ${mine}`,
      )
      .onConflictDoNothing(),
    db
      .update(jobs)
      .set({ state: 'pass', stages, message: 'Published.', lease: null, leaseUntil: null, updatedAt: now })
      .where(and(held(job), asVetted))
      .returning({ id: jobs.id }),
  ]);
  if (results[8].length === 0) throw await whyNotPublished(deps, job);
  deps.cache.forget(staleTags(subject.namespace, subject.name));
  deps.log.info('publish.done', { jobId: job.id, namespace: subject.namespace, name: subject.name });
  await dropStaged(deps, job.id);
}

async function whyNotPublished(deps: Pick<Deps, 'db'>, job: LeasedJob): Promise<Error> {
  const mine = await deps.db.select({ id: jobs.id }).from(jobs).where(held(job));
  return mine.length === 0 ? new LeaseLost() : new Error('the visibility of the skill changed while it was vetted');
}

/**
 * Ends a job without publishing; its version number is free again.
 *
 * @throws LeaseLost
 */
export async function failJob(deps: FinishDeps, job: LeasedJob, stages: StageResult[], message: string): Promise<void> {
  const { db } = deps;
  const mine = exists(db.select({ one: sql`1` }).from(jobs).where(held(job)));
  const [, failed] = await db.batch([
    db
      .update(versions)
      .set({ state: 'rejected' })
      .where(and(eq(versions.id, job.versionId), eq(versions.state, 'pending'), mine)),
    db
      .update(jobs)
      .set({ state: 'fail', stages, message, lease: null, leaseUntil: null, updatedAt: deps.clock.now() })
      .where(held(job))
      .returning({ id: jobs.id }),
  ]);
  if (failed.length === 0) throw new LeaseLost();
  deps.log.info('publish.refused', { jobId: job.id, message });
  await dropStaged(deps, job.id);
}

function fingerprintRows({ fingerprints: { full, text } }: PublishedVersion): string {
  return JSON.stringify([
    { kind: 'full', fingerprint: full },
    ...text.map((fingerprint) => ({ kind: 'text', fingerprint })),
  ]);
}

/** The job is over either way; what cannot be deleted now, the sweeper deletes later. */
async function dropStaged(deps: Pick<Deps, 'bundles' | 'log'>, jobId: string): Promise<void> {
  try {
    await deps.bundles.delete([bundleKeys.staged(jobId)]);
  } catch (error) {
    deps.log.error('staged.kept', { jobId, cause: error instanceof Error ? error.message : 'unknown' });
  }
}

/** The first public skill of a name gets it bare, any other `namespace.name`; once given, a slug stays. */
function flatSlug() {
  return sql`coalesce(${skills.slug}, case
    when ${skills.visibility} = 'public' and not exists (select 1 from skills as other where other.slug = ${skills.name}) then ${skills.name}
    else ${skills.namespace} || '.' || ${skills.name} end)`;
}
