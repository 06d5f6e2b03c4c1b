import type { Visibility } from '../../db/schema/catalog.ts';
import { bundleOf } from '../../format/accept-files.ts';
import { checkArchiveSize, isServable, readUpload, writeTarGz } from '../../format/archive.ts';
import type { BundleFile } from '../../format/bundle.ts';
import type { Finding } from '../../format/finding.ts';
import { FormatError } from '../../format/format-error.ts';
import type { Limits } from '../../format/limits.ts';
import { readMetadata } from '../../format/skill-metadata.ts';
import { MAX_TEXT } from '../../format/text-limits.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import { bundleKeys } from '../catalog/keys.ts';
import { requireTags } from '../catalog/tag-version.ts';
import type { Deps } from '../deps.ts';
import { describeFault } from '../fault.ts';
import { Problem } from '../problem.ts';
import { verifyOpenPgp } from '../signing/verify-openpgp.ts';
import { verifyPublisher } from '../signing/verify-publisher.ts';
import { requireUnreservedName } from '../vetting/reserved-names.ts';
import { describeVersion, recordUpload } from './record-upload.ts';
import { type Identity, requireFree, resolveIdentity, type StatedIdentity } from './resolve-identity.ts';

export interface Submission extends StatedIdentity {
  /** Of a new skill; default `public`. One that has versions keeps its own until `setVisibility` changes it. */
  visibility?: Visibility;
  /** What is new in this version, in the publisher's words: at most 20,000 characters, several lines if need be. */
  changelog?: string | undefined;
  /** Tags that the version gets when it is published. `latest` goes without saying and changes nothing. */
  tags?: string[];
}

/**
 * `bytes` is the archive as it came, a tar.gz or a zip, and `signature` the publisher's detached OpenPGP signature over it, in ASCII
 * armour or as bytes; `files` came one by one, and their tar.gz is made here.
 */
export type Upload = Submission &
  ({ bytes: Uint8Array; signature?: string | Uint8Array | undefined } | { files: readonly BundleFile[] });

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
 * A publisher's signature in it is checked, and the key of a namespace's first one pinned; so is an OpenPGP signature beside
 * it. None is needed.
 *
 * @throws Problem 400 for a publisher's signature that does not hold, and for a changelog that is too long, 401, 403, 409 `version_exists` or `state_conflict`, 422 for whatever is wrong with the bundle, 503
 * `storage_unavailable` when the bytes could not be stored (nothing is recorded then).
 */
export async function acceptBundle(deps: AcceptDeps, actor: Actor, upload: Upload): Promise<AcceptedBundle> {
  if (actor.kind === 'anonymous') authorize(actor, 'publish', '');
  const changelog = readChangelog(upload);
  const { files, bytes, metadata, warnings } = await open(upload, deps.settings.limits);
  const identity = await resolveIdentity(deps, actor, metadata, upload);
  await requireUnreservedName(deps, actor, identity);
  const publisher = await verifyPublisher(deps, identity.namespace, files.bundle);
  const openPgp = await verifyBeside(deps, identity.namespace, upload, files.exact);
  await requireFree(deps, identity, upload.visibility);

  const jobId = deps.random.id();
  const row = await describeVersion(deps, files, bytes, { ...metadata, ...identity });
  const { visibility } = upload;
  const tags = await requireTags(deps, identity, upload.tags ?? []);
  await stage(deps, jobId, bytes);
  await recordUpload(deps, jobId, identity, { visibility, changelog, publisher, openPgp, tags, actor }, row);
  await nudge(deps, jobId);
  deps.log.info('publish.accepted', { jobId, ...identity, bytes: bytes.length });
  return { jobId, ...identity, warnings };
}

function readChangelog({ changelog = '' }: Submission): string {
  const text = changelog.replaceAll('\r\n', '\n').trim();
  if (text.length <= MAX_TEXT.changelog) return text;
  throw new Problem(
    'invalid_request',
    `The changelog is ${text.length} characters long; the maximum is ${MAX_TEXT.changelog}.`,
    { fix: 'Say what is new in this version only.' },
  );
}

async function open(upload: Upload, limits: Limits) {
  try {
    const { files, bytes } = await unpack(upload, limits);
    const { metadata, findings } = readMetadata(files.bundle);
    return { files, bytes, metadata, warnings: findings };
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

/** What was signed has to be what is served: only an exact tar.gz is both. */
async function verifyBeside(deps: AcceptDeps, namespace: string, upload: Upload, exact: boolean) {
  if (!('bytes' in upload) || upload.signature === undefined) return undefined;
  if (!isServable(upload.bytes, exact)) {
    throw new Problem(
      'invalid_pgp_signature',
      'The archive that was signed is not the one that would be served: it is no tar.gz that holds the files of the skill and nothing else.',
      { fix: 'Pack the skill with `skills pack`, and sign and send that file.' },
    );
  }
  return verifyOpenPgp(deps, namespace, upload.bytes, upload.signature);
}

async function unpack(upload: Upload, limits: Limits) {
  if ('bytes' in upload) return { files: await readUpload(upload.bytes, limits), bytes: upload.bytes };
  const bundle = bundleOf(upload.files, limits);
  const bytes = await writeTarGz(bundle);
  checkArchiveSize(bytes, limits);
  return { files: { bundle, exact: true }, bytes };
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
