import { and, eq, isNotNull, type SQL, sql } from 'drizzle-orm';
import { noRowExists, rowExists } from '../../db/row-exists.ts';
import { registryKeys, skills, type Visibility, versions, versionTags } from '../../db/schema/catalog.ts';
import { fingerprints } from '../../db/schema/faces.ts';
import { jobs, type StageResult } from '../../db/schema/jobs.ts';
import type { Fingerprints } from '../../format/fingerprint.ts';
import { isBanned } from '../accounts/ban.ts';
import { bundleKeys, staleTags } from '../catalog/keys.ts';
import { refreshSearchRow, setLatestVersion } from '../catalog/latest-version.ts';
import { publishTags } from '../catalog/tags.ts';
import { nextUpdate } from '../catalog/update-time.ts';
import type { Deps } from '../deps.ts';
import { appendEntries } from '../log/append-entries.ts';
import { keyEntry } from '../log/key-entry.ts';
import { type LoggedVersion, versionEntry } from '../log/version-entry.ts';
import type { SignedArtifacts } from '../signing/sign-version.ts';
import type { Examined } from '../vetting/policy.ts';
import { hasNewRival, indexName } from '../vetting/similar-names.ts';
import { DELIVERY_GRACE_MS, held, type LeasedJob, LeaseLost } from './job-state.ts';

type FinishDeps = Pick<Deps, 'db' | 'bundles' | 'clock' | 'random' | 'signer' | 'cache' | 'log'>;

export interface PublishedVersion {
  skillId: number;
  /** What the log is to tell of it, but for the key that signed. */
  version: LoggedVersion;
  namespace: string;
  name: string;
  /** What it was vetted for: a skill that became public in the meantime has to be vetted again. */
  visibility: Visibility;
  examined: Pick<Examined, 'verdict' | 'engineVersion'>;
  artifacts: SignedArtifacts;
  fingerprints: Fingerprints;
  /** The names that it was compared with; absent where names are not compared. */
  comparedWith: readonly string[] | undefined;
}

/** Thrown when a similar name became public since the names were compared: the job has been given back. */
export class Overtaken extends Error {}

/**
 * Makes a vetted and signed version visible: one atomic batch, each statement of which does nothing unless the lease
 * still holds; the job's own move comes last.
 *
 * @throws LeaseLost, Overtaken, or Error when the skill's name, owner or visibility changed while it was vetted, or the key that signed
 * it was revoked
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
  const asVetted = rowExists(
    db,
    skills,
    and(
      eq(skills.id, skillId),
      eq(skills.namespace, subject.namespace),
      eq(skills.name, subject.name),
      eq(skills.visibility, subject.visibility),
      sql`not ${isBanned(subject.namespace)}`,
    ),
  );
  // Revoked while this worker still had it: the next try signs with the key that took its place.
  const isGood = noRowExists(
    db,
    registryKeys,
    and(eq(registryKeys.id, artifacts.keyId), isNotNull(registryKeys.revokedAt)),
  );
  const unchanged = and(asVetted, isGood) ?? asVetted;
  const mine = and(rowExists(db, jobs, held(job)), unchanged) ?? unchanged;
  const isPublic = sql`select 1 from ${skills} where ${skills.id} = ${skillId} and ${skills.visibility} = 'public'`;
  const entry = await versionEntry(deps, 'publish', subject, {
    ...subject.version,
    keyId: artifacts.keyId,
    verdict: subject.examined.verdict,
  });
  const isPending = rowExists(db, versions, and(eq(versions.id, job.versionId), eq(versions.state, 'pending')));
  const isNewKey = noRowExists(db, registryKeys, eq(registryKeys.id, key.id));

  const results = await db.batch([
    // First of all: without the lease the rest does nothing.
    giveBack(deps, job, hasRival(subject)),
    appendEntries(deps, [keyEntry(deps, 'registry-key', key.id)], isNewKey),
    appendEntries(deps, [entry], and(isPending, mine) ?? mine),
    db.insert(registryKeys).values({ id: key.id, pem: key.pem, createdAt: now }).onConflictDoNothing(),
    db
      .update(versions)
      .set({
        state: 'published',
        publishedAt: now,
        verdict: subject.examined.verdict,
        engineVersion: subject.examined.engineVersion,
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
    // A tag `latest` that somebody set holds until the next version.
    db.delete(versionTags).where(and(eq(versionTags.skillId, skillId), eq(versionTags.tag, 'latest'), mine)),
    publishTags(db, job.versionId, now, mine),
    setLatestVersion(db, skillId, mine),
    ...refreshSearchRow(db, skillId, mine),
    ...indexName(deps, subject.name, sql`${mine} and exists (${isPublic})`),
    db
      .insert(fingerprints)
      .select(
        sql`select ${skillId}, value ->> 'fingerprint', ${job.versionId}, value ->> 'kind' from json_each(${fingerprintRows(subject)}) where ${mine}`,
      )
      .onConflictDoNothing(),
    db
      .update(jobs)
      .set({ state: 'pass', stages, message: 'Published.', lease: null, leaseUntil: null, updatedAt: now })
      .where(and(held(job), unchanged))
      .returning({ id: jobs.id }),
  ]);
  if (results[0].length > 0) throw new Overtaken();
  if (results[16].length === 0) throw await whyNotPublished(deps, job);
  deps.cache.forget(staleTags(subject.namespace, subject.name));
  deps.log.info('publish.done', { jobId: job.id, namespace: subject.namespace, name: subject.name });
  await dropStaged(deps, job.id);
}

function hasRival({ namespace, name, comparedWith }: PublishedVersion): SQL {
  return comparedWith === undefined ? sql`0` : hasNewRival(namespace, name, comparedWith);
}

/** To be vetted again, if the condition holds. */
function giveBack({ db, clock }: FinishDeps, job: LeasedJob, condition: SQL) {
  const now = clock.now();
  const message = 'A skill with a similar name was published in the meantime. Vetting again.';
  return db
    .update(jobs)
    .set({ state: 'pending', lease: null, leaseUntil: null, message, dueAt: now + DELIVERY_GRACE_MS, updatedAt: now })
    .where(and(held(job), condition))
    .returning({ id: jobs.id });
}

async function whyNotPublished(deps: Pick<Deps, 'db'>, job: LeasedJob): Promise<Error> {
  const mine = await deps.db.select({ id: jobs.id }).from(jobs).where(held(job));
  return mine.length === 0
    ? new LeaseLost()
    : new Error("the skill's name or visibility, or the registry's key, changed while it was vetted");
}

/**
 * Ends a job without publishing; its version number is free again.
 *
 * @throws LeaseLost
 */
export async function failJob(deps: FinishDeps, job: LeasedJob, stages: StageResult[], message: string): Promise<void> {
  const { db } = deps;
  const mine = rowExists(db, jobs, held(job));
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
export async function dropStaged(deps: Pick<Deps, 'bundles' | 'log'>, jobId: string): Promise<void> {
  try {
    await deps.bundles.delete([bundleKeys.staged(jobId)]);
  } catch (error) {
    deps.log.error('staged.kept', { jobId, cause: error instanceof Error ? error.message : 'unknown' });
  }
}

/** The first public skill of a name gets it bare, any other `namespace.name`; once given, a slug leads there for good. */
function flatSlug() {
  return sql`coalesce(${skills.slug}, case
    when ${skills.visibility} = 'public' and not exists (select 1 from skills as other where other.slug = ${skills.name})
      and not exists (select 1 from skill_aliases as former where former.slug = ${skills.name}) then ${skills.name}
    else ${skills.namespace} || '.' || ${skills.name} end)`;
}
