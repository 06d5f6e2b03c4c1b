import { eq } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import type { StageResult } from '../../db/schema/jobs.ts';
import { readArchive } from '../../format/archive.ts';
import type { Bundle } from '../../format/bundle.ts';
import type { Limits } from '../../format/limits.ts';
import { bundleKeys, staleTags } from '../catalog/keys.ts';
import type { Deps } from '../deps.ts';
import { describeFault } from '../fault.ts';
import { versionEntry } from '../log/version-entry.ts';
import { MAX_ATTEMPTS } from '../publishing/job-state.ts';
import { judgeBundle, worse } from '../vetting/judge-bundle.ts';
import { ADVICE_ONLY } from '../vetting/policy.ts';
import { vetBundle } from '../vetting/vet-bundle.ts';
import { subjectColumns, subjectOf, vettingContext } from '../vetting/vetting-context.ts';
import { claimScan, endScan, releaseScan, type Scan } from './scan-state.ts';

/** A published bundle was held to the limits of its day; those of today are for vetting to judge by. */
const PUBLISHED: Limits = {
  maxFiles: Number.POSITIVE_INFINITY,
  maxUnpackedBytes: Number.POSITIVE_INFINITY,
  maxFileBytes: Number.POSITIVE_INFINITY,
  maxArchiveBytes: Number.POSITIVE_INFINITY,
};

const FAULT = 'Could not finish: a part of the hub did not answer';

/**
 * Vets a published version again with the rules of today, the examination also where an earlier stage fails. What it finds
 * becomes the verdict that readers are given; the version itself stays what it is. Safe to call any number of times and from anywhere.
 *
 * @returns seconds until the message should come again, after a fault; the fourth one ends the scan as `failed`
 * @throws what the database throws, when it cannot even record the fault: the scan is then taken over later
 */
export async function runScan(deps: Deps, scanId: string): Promise<{ retryAfter?: number }> {
  const scan = await claimScan(deps, scanId);
  if (!scan) return {};
  try {
    if (scan.attempts > MAX_ATTEMPTS) await give(deps, scan, `Gave up after ${MAX_ATTEMPTS} attempts.`);
    else await look(deps, scan);
    return {};
  } catch (error) {
    deps.log.error('scan.fault', { scanId, attempt: scan.attempts, cause: describeFault(error).cause });
    if (scan.attempts < MAX_ATTEMPTS) return { retryAfter: await releaseScan(deps, scan, `${FAULT}. Trying again.`) };
    await give(deps, scan, `${FAULT} (after ${MAX_ATTEMPTS} attempts).`);
    return {};
  }
}

async function give(deps: Deps, scan: Scan, error: string): Promise<void> {
  await endScan(deps, scan, { state: 'failed', error });
}

async function look(deps: Deps, scan: Scan): Promise<void> {
  const [subject] = await deps.db
    .select(subjectColumns)
    .from(versions)
    .innerJoin(skills, eq(skills.id, versions.skillId))
    .where(eq(versions.id, scan.versionId));
  if (!subject) throw new Error(`version ${scan.versionId} of scan ${scan.id} has no row`);
  const { version, namespace, name, visibility } = subject;
  if (version.state !== 'published') {
    await give(deps, scan, `${version.version} is not published any more.`);
    return;
  }
  const identity = subjectOf(subject);
  const bundle = await readPublished(deps, version.zipSha256);
  const stages = await vetAgain(deps, bundle, identity, version.metadata.name);
  // Whatever the stages before it found: a version that is public never keeps the verdict of older rules.
  const judged = await judgeBundle(deps, bundle, identity, { policy: ADVICE_ONLY, mustAnswer: true });
  stages.push(...judged.stages);
  // While a scanner is silent, nobody knows that what was thought of the version has become better.
  const verdict = judged.silent.length === 0 ? judged.verdict : worse(judged.verdict, version.verdict ?? 'clean');
  const examined = { verdict, engineVersion: judged.engineVersion };
  const skill = { namespace, name, visibility };
  const isNews = verdict !== version.verdict;
  const entry = isNews ? await versionEntry(deps, 'verdict', skill, { ...version, verdict }) : undefined;
  if (!(await endScan(deps, scan, { state: 'succeeded', stages, examined, entry, before: version }))) return;
  await forget(deps, version.skillId);
  deps.log.info('scan.done', { scanId: scan.id, namespace, name, version: version.version });
}

/** Under the names that it has by now: it may have been renamed or given away since the scan began. */
async function forget({ db, cache }: Pick<Deps, 'db' | 'cache'>, skillId: number): Promise<void> {
  const [skill] = await db
    .select({ namespace: skills.namespace, name: skills.name })
    .from(skills)
    .where(eq(skills.id, skillId));
  if (skill) cache.forget(staleTags(skill.namespace, skill.name));
}

/** @param publishedAs the name in the bundle: a skill that was renamed keeps the files of its older versions */
async function vetAgain(
  deps: Deps,
  bundle: Bundle,
  identity: Parameters<typeof vettingContext>[1],
  publishedAs: string,
): Promise<StageResult[]> {
  const context = await vettingContext(deps, identity);
  return vetBundle(bundle, { ...context, name: publishedAs }, deps.clock.now);
}

async function readPublished({ bundles }: Pick<Deps, 'bundles'>, sha256: string | null): Promise<Bundle> {
  const stored = sha256 === null ? undefined : await bundles.open(bundleKeys.archive(sha256, 'zip'));
  if (!stored) throw new Error('the archive of a published version is missing from the store');
  return readArchive(new Uint8Array(await new Response(stored.body).arrayBuffer()), PUBLISHED);
}
