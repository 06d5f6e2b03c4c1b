import { eq } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import type { StageResult } from '../../db/schema/jobs.ts';
import { readUpload } from '../../format/archive.ts';
import { fingerprintsOf } from '../../format/fingerprint.ts';
import { banOver, banSentence, readBan } from '../accounts/ban.ts';
import { bundleKeys } from '../catalog/keys.ts';
import type { Deps } from '../deps.ts';
import { describeFault } from '../fault.ts';
import { SignerUnavailable, signVersion } from '../signing/sign-version.ts';
import { ScannerUnavailable } from '../vetting/ask-scanners.ts';
import { type Judged, judgeBundle } from '../vetting/judge-bundle.ts';
import { ADVICE_ONLY } from '../vetting/policy.ts';
import { failureMessage, vetBundle } from '../vetting/vet-bundle.ts';
import { hasItsName, subjectColumns, subjectOf, vettingContext } from '../vetting/vetting-context.ts';
import { failJob, Overtaken, publishVersion } from './finish-job.ts';
import { claimJob, type LeasedJob, LeaseLost, MAX_ATTEMPTS, recordStages, releaseJob } from './job-state.ts';
import { quarantineJob } from './quarantine-job.ts';

/** What the queue should do with the message: nothing more, or deliver it again after some seconds. */
export type JobOutcome = { retryAfter?: number };

/**
 * Takes a job from `pending` to its end: vet, sign, publish. Safe to call any number of times and from anywhere: only
 * the holder of the lease writes, and every step can be done again.
 *
 * A refusal by the rules ends the job. Anything else gives the job back for another try; after the fourth try it
 * fails with the cause recorded, and its version number is free again.
 *
 * @throws what the database throws, when it cannot even record the fault: the lease then runs out by itself
 */
export async function runJob(deps: Deps, jobId: string): Promise<JobOutcome> {
  const job = await claimJob(deps, jobId);
  if (!job) return {};
  try {
    if (job.attempts > MAX_ATTEMPTS)
      await giveUp(deps, job, [], `Gave up after ${MAX_ATTEMPTS} attempts. ${job.message}`);
    else await vetAndPublish(deps, job);
    return {};
  } catch (error) {
    if (error instanceof LeaseLost) return {};
    if (error instanceof Overtaken) return { retryAfter: 0 };
    return afterFault(deps, job, error);
  }
}

async function vetAndPublish(deps: Deps, job: LeasedJob): Promise<void> {
  const [subject] = await deps.db
    .select({ ...subjectColumns, ban: banOver(skills.namespace).as('ban') })
    .from(versions)
    .innerJoin(skills, eq(skills.id, versions.skillId))
    .where(eq(versions.id, job.versionId));
  if (!subject) throw new Error(`version ${job.versionId} of job ${job.id} has no row`);
  const { version, namespace, name, visibility } = subject;
  const ban = readBan(subject.ban);
  if (ban) {
    // Whoever knows the job's id reads this: which namespace made this one is not theirs to know.
    const message = `${banSentence(namespace, namespace)}: ${ban.reason}`;
    await giveUp(deps, job, [], message, 'Approve it again when the ban has ended.');
    return;
  }

  const uploaded = await readUploaded(deps, job);
  const files = await readUpload(uploaded, deps.settings.limits);
  const identity = subjectOf(subject);
  const context = await vettingContext(deps, identity);
  const stages = vetBundle(files.bundle, context, deps.clock.now);
  const refusal = failureMessage(stages);
  if (refusal) {
    await deps.bundles.put(bundleKeys.quarantined(job.id), uploaded);
    await failJob(deps, job, stages, refusal);
    return;
  }
  // Whoever has decided about it knew what was found.
  const isNew = job.reviewedBy === null;
  const policy = isNew ? deps.settings.verdictPolicy : ADVICE_ONLY;
  const beforeAsking = (stage: StageResult) =>
    recordStages(deps, job, isNew ? [...stages, stage] : job.stages, 'Examined; asking scanners.');
  const how = { policy, mustAnswer: isNew, beforeAsking };
  const examined = await judgeBundle(deps, files.bundle, identity, how);
  stages.push(...examined.stages);
  if (examined.action !== 'warn') {
    await deps.bundles.put(bundleKeys.quarantined(job.id), uploaded);
    const message = heldMessage(examined, stages);
    if (examined.action === 'block') await failJob(deps, job, stages, message);
    else
      await quarantineJob(deps, job, {
        message,
        stages,
        subject: { namespace, name, version: version.version },
        examined,
      });
    return;
  }
  await recordStages(deps, job, stages, 'Vetted; signing.');
  const artifacts = await signVersion(deps, files, uploaded, version.treeDigest);
  const signed: StageResult = { stage: 'signing', status: 'pass', endedAt: deps.clock.now(), findings: [] };
  const fingerprints = await fingerprintsOf(files.bundle);
  const isCompared = visibility === 'public' && deps.settings.maxNameDistance > 0 && !hasItsName(subject);
  const comparedWith = isCompared ? context.similarNames.map((other) => other.name) : undefined;
  await publishVersion(
    deps,
    job,
    { skillId: version.skillId, version, namespace, name, visibility, examined, artifacts, fingerprints, comparedWith },
    [...stages, signed],
  );
}

/** What was reviewed lies in the quarantine; there is nothing staged any more. */
async function readUploaded(deps: Pick<Deps, 'bundles'>, job: LeasedJob): Promise<Uint8Array> {
  const key = job.reviewedBy === null ? bundleKeys.staged(job.id) : bundleKeys.quarantined(job.id);
  const stored = await deps.bundles.open(key);
  if (!stored) throw new Error('the uploaded bundle is missing from the store');
  return new Uint8Array(await new Response(stored.body).arrayBuffer());
}

async function afterFault(deps: Deps, job: LeasedJob, error: unknown): Promise<JobOutcome> {
  const { cause } = describeFault(error);
  const told = publicCause(deps, error);
  deps.log.error('job.fault', { jobId: job.id, attempt: job.attempts, cause });
  if (job.attempts >= MAX_ATTEMPTS) {
    const failed = stageOf(error);
    const ended: StageResult[] = failed
      ? [{ stage: failed, status: 'fail', endedAt: deps.clock.now(), findings: [] }]
      : [];
    await giveUp(deps, job, [...job.stages, ...ended], `${told} (after ${MAX_ATTEMPTS} attempts)`);
    return {};
  }
  return { retryAfter: await releaseJob(deps, job, `${told}. Trying again.`) };
}

/** What a person has approved is kept for another try; anything else frees its number. */
async function giveUp(
  deps: Deps,
  job: LeasedJob,
  stages: StageResult[],
  message: string,
  again = 'Approve it again.',
): Promise<void> {
  if (job.reviewedBy === null) await failJob(deps, job, stages, message);
  else await quarantineJob(deps, job, { message: `${message} ${again}` });
}

/** Whoever knows the job's id reads this: what was found is for the owner and reviewers. */
function heldMessage({ action, doubts }: Judged, stages: readonly StageResult[]): string {
  const judged = doubts.join(', ');
  if (action === 'block') return `Stage ${stages.length} failed: ${judged}`;
  return `Held for review: ${judged}. A moderator decides; its owner can appeal.`;
}

function stageOf(error: unknown): StageResult['stage'] | undefined {
  if (error instanceof SignerUnavailable) return 'signing';
  return error instanceof ScannerUnavailable ? 'scanners' : undefined;
}

/** Whoever knows the job's id reads this; the words of a database or bucket stay in the log. */
function publicCause({ scanners }: Pick<Deps, 'scanners'>, error: unknown): string {
  if (error instanceof ScannerUnavailable) return `Stage 5 failed: ${error.message}`;
  if (error instanceof SignerUnavailable) return `Stage ${scanners?.length ? 6 : 5} failed: ${error.message}`;
  return 'Could not finish: a part of the hub did not answer';
}
