import type { Client } from '../client.ts';
import type { Clock } from '../context.ts';
import { CodedError } from '../failure.ts';
import type { Terms } from '../publish/terms.ts';
import type { Bump } from './bump.ts';
import { type LocalSkill, readValid, type Valid } from './local-skills.ts';
import { nextStep, type PublishedVersions, type Step } from './next-step.ts';

/** Where a skill is published. */
export interface Goal {
  client: Client;
  namespace: string;
}

export interface SyncOptions {
  clock: Clock;
  terms: Terms;
  /** What was named on the command line, for skills that do not say it. */
  namespace: string | undefined;
  dryRun: boolean;
  /** How to count on; absent when no version may be written into files. */
  bump: Bump | undefined;
}

export interface Synced extends Step {
  /** False for what is unchanged, and in a dry run. */
  published: boolean;
}

/**
 * Publishes a skill if its files are in no version yet, and waits until it is vetted.
 *
 * @param written gets the files that a version was written into; they stay so, whatever happens then
 * @throws CodedError what keeps it from being published; InvalidSkill with the findings of the registry
 */
export async function syncSkill(
  local: LocalSkill,
  goal: Goal,
  options: SyncOptions,
  written: string[],
): Promise<Synced> {
  const { name, version } = local.metadata;
  const ref = `@${goal.namespace}/${name}`;
  const published = await publishedVersions(goal, name);
  const step = nextStep({ ref, version, treeDigest: local.treeDigest }, published, options.bump);
  if (step.kind === 'unchanged' || options.dryRun) return { ...step, published: false };
  if (step.write) written.push(...(await writeIn(local.path, step.version)));
  const skill = await readValid(local.path);
  if (skill.metadata.version !== step.version) throw changedMeanwhile(local.path);
  const terms = { ...options.terms, private: options.terms.private && published.length === 0 };
  await publish(skill, goal, { ...options, terms }, step.version);
  return { ...step, published: true };
}

async function publishedVersions({ client, namespace }: Goal, name: string): Promise<PublishedVersions> {
  try {
    return (await client.versions({ namespace, name })).versions;
  } catch (error) {
    if (error instanceof CodedError && error.code === 'not_found') return [];
    throw error;
  }
}

async function writeIn(path: string, version: string): Promise<string[]> {
  return (await import('./write-version.ts')).writeVersion(path, version);
}

async function publish(skill: Valid, { client }: Goal, options: SyncOptions, version: string): Promise<void> {
  const [
    { archiveOf },
    { sha256Hex },
    { sendRelease },
    { followJob },
    { errorsOf, whyNotPublished },
    { InvalidSkill },
  ] = await Promise.all([
    import('../check-skill.ts'),
    import('../../src/format/digest.ts'),
    import('../publish/release.ts'),
    import('../follow-job.ts'),
    import('../publish/outcome.ts'),
    import('../failure.ts'),
  ]);
  const archive = await archiveOf(skill);
  const { namespace, terms } = options;
  const release = { ...terms, archive, sha256: await sha256Hex(archive), version, namespace };
  const accepted = await sendRelease(client, release, { expect: () => undefined, advance: () => undefined });
  const job = await followJob(client, options.clock, accepted.job_id, () => undefined);
  if (job.status === 'pass') return;
  const { message, fix } = whyNotPublished(job);
  const errors = errorsOf(job);
  throw errors.length > 0 ? new InvalidSkill(message, fix, errors) : whyNotPublished(job);
}

function changedMeanwhile(path: string): CodedError {
  return new CodedError('state_conflict', `${path} was changed while it was looked at.`, 'Run it again.');
}
