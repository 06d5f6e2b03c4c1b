import type { Visibility } from '../../db/schema/catalog.ts';
import { readUpload } from '../../format/archive.ts';
import type { Finding } from '../../format/finding.ts';
import { FormatError } from '../../format/format-error.ts';
import { readMetadata } from '../../format/skill-metadata.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import { bundleKeys } from '../catalog/keys.ts';
import type { Deps } from '../deps.ts';
import { describeFault } from '../fault.ts';
import { Problem } from '../problem.ts';
import { describeVersion, recordUpload } from './record-upload.ts';
import { type Identity, requireFree, resolveIdentity, type StatedIdentity } from './resolve-identity.ts';

export interface Upload extends StatedIdentity {
  /** The archive as it came: a tar.gz or a zip. */
  bytes: Uint8Array;
  /** Of a new skill; default `public`. One that has versions keeps its own until `setVisibility` changes it. */
  visibility?: Visibility;
}

export interface AcceptedBundle extends Identity {
  jobId: string;
  /** What the author should know but what does not stop the upload. */
  warnings: Finding[];
}

type AcceptDeps = Pick<Deps, 'db' | 'bundles' | 'queue' | 'clock' | 'random' | 'settings' | 'log'>;

/**
 * Takes an upload in: checks its form, who sends it and whether its number is free, stores the bytes, then the rows
 * (version and job `pending`), then nudges the queue. Nothing of it is visible to readers yet.
 *
 * A digest in the bundle's own manifest is never compared: no archive can hold its own hash.
 *
 * @throws Problem 401, 403, 409 `version_exists` or `state_conflict`, 422 for whatever is wrong with the bundle, 503
 * `storage_unavailable` when the bytes could not be stored (nothing is recorded then).
 */
export async function acceptBundle(deps: AcceptDeps, actor: Actor, upload: Upload): Promise<AcceptedBundle> {
  if (actor.kind === 'anonymous') authorize(actor, 'publish', '');
  const { files, metadata, warnings } = await open(upload.bytes, deps.settings);
  const identity = await resolveIdentity(deps, actor, metadata, upload);
  await requireFree(deps, identity, upload.visibility);

  const jobId = deps.random.id();
  const row = await describeVersion(deps, files, upload.bytes, { ...metadata, ...identity });
  await stage(deps, jobId, upload.bytes);
  await recordUpload(deps, jobId, identity, upload.visibility, row);
  await nudge(deps, jobId);
  deps.log.info('publish.accepted', { jobId, ...identity, bytes: upload.bytes.length });
  return { jobId, ...identity, warnings };
}

async function open(bytes: Uint8Array, settings: Deps['settings']) {
  try {
    const files = await readUpload(bytes, settings.limits);
    const { metadata, findings } = readMetadata(files.bundle);
    return { files, metadata, warnings: findings };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new Problem(
      error.code,
      error.message,
      { file: error.file, line: error.line, fix: error.fix },
      { cause: error },
    );
  }
}

async function stage(deps: AcceptDeps, jobId: string, bytes: Uint8Array): Promise<void> {
  try {
    await deps.bundles.put(bundleKeys.staged(jobId), bytes);
  } catch (cause) {
    throw new Problem(
      'storage_unavailable',
      'The bundle could not be stored; nothing was published.',
      { fix: 'Try again in a minute.' },
      { cause },
    );
  }
}

/** A nudge that is lost costs time only: the sweeper sends it again. */
async function nudge(deps: AcceptDeps, jobId: string): Promise<void> {
  try {
    await deps.queue.send({ type: 'vet', jobId });
  } catch (error) {
    deps.log.error('queue.send.failed', { jobId, ...describeFault(error) });
  }
}
