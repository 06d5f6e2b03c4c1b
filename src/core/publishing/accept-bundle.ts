import { and, eq, ne, notExists, sql } from 'drizzle-orm';
import { namespaces } from '../../db/schema/accounts.ts';
import { skills, type Visibility, versions } from '../../db/schema/catalog.ts';
import { jobs } from '../../db/schema/jobs.ts';
import { readArchive, sniffArchive, writeTarGz } from '../../format/archive.ts';
import type { Bundle } from '../../format/bundle.ts';
import { sha256Hex, treeDigest } from '../../format/digest.ts';
import type { Finding } from '../../format/finding.ts';
import { FormatError } from '../../format/format-error.ts';
import { isVersion } from '../../format/semver.ts';
import { readMetadata, type SkillMetadata } from '../../format/skill-metadata.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import { bundleKeys } from '../catalog/keys.ts';
import { isPrerelease, versionSortKey } from '../catalog/version-order.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { DELIVERY_GRACE_MS } from './job-state.ts';

export interface Upload {
  /** The archive as it came: a tar.gz or a zip. */
  bytes: Uint8Array;
  /** For bundles that do not name them. A bundle that does must agree. */
  namespace?: string;
  version?: string;
  /** Default `public`. Takes effect while no version of the skill was accepted yet; later `setVisibility` changes it. */
  visibility?: Visibility;
  /** SHA-256 (hex) that the sender declared for `bytes`. */
  sha256?: string;
}

export interface AcceptedBundle {
  jobId: string;
  namespace: string;
  name: string;
  version: string;
  /** What the author should know but what does not stop the upload. */
  warnings: Finding[];
}

type AcceptDeps = Pick<Deps, 'db' | 'bundles' | 'queue' | 'clock' | 'random' | 'settings' | 'log'>;

/**
 * Takes an upload in: checks its form, who sends it and whether its number is free, stores the bytes, then the rows
 * (version and job `pending`), then nudges the queue. Nothing of it is visible to readers yet.
 *
 * @throws Problem 401, 403, 409 `version_exists`, 422 for whatever is wrong with the bundle, 503
 * `storage_unavailable` when the bytes could not be stored (nothing is recorded then).
 */
export async function acceptBundle(deps: AcceptDeps, actor: Actor, upload: Upload): Promise<AcceptedBundle> {
  if (actor.kind === 'anonymous') authorize(actor, 'publish', '');
  await checkDeclaredDigest(upload);
  const { bundle, metadata, warnings } = await open(upload.bytes, deps.settings);
  const namespace = await resolveNamespace(deps, actor, metadata, upload);
  const version = resolveVersion(metadata, upload);
  const identity = { namespace, name: metadata.name, version };
  await requireFreeNumber(deps, identity);

  const jobId = deps.random.id();
  const described = { ...metadata, namespace, version };
  const row = await describeVersion(deps, bundle, upload.bytes, described);
  await stage(deps, jobId, upload.bytes);
  await record(deps, jobId, described, upload.visibility, row);
  await nudge(deps, jobId);
  deps.log.info('publish.accepted', { jobId, ...identity, bytes: upload.bytes.length });
  return { jobId, ...identity, warnings };
}

/** A digest in the bundle's own manifest is never compared: no archive can hold its own hash. */
async function checkDeclaredDigest(upload: Upload): Promise<void> {
  if (upload.sha256 === undefined) return;
  const actual = await sha256Hex(upload.bytes);
  if (actual === upload.sha256.toLowerCase()) return;
  throw new Problem('digest_mismatch', `The body's SHA-256 is ${actual}, but ${upload.sha256} was declared.`, {
    fix: 'The upload was damaged on its way, or the wrong file was sent. Send it again.',
  });
}

async function open(bytes: Uint8Array, settings: Deps['settings']) {
  try {
    const bundle = await readArchive(bytes, settings.limits);
    const { metadata, findings } = readMetadata(bundle);
    return { bundle, metadata, warnings: findings };
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

async function resolveNamespace(
  deps: AcceptDeps,
  actor: Actor,
  metadata: SkillMetadata,
  upload: Upload,
): Promise<string> {
  const own = actor.kind === 'key' ? actor.namespace : undefined;
  const namespace = metadata.namespace ?? upload.namespace ?? own;
  if (namespace === undefined) {
    throw new Problem('invalid_request', 'Neither the bundle nor the request names a namespace.', {
      fix: 'Add ?namespace=<slug>.',
    });
  }
  if (upload.namespace !== undefined && upload.namespace !== namespace) {
    throw new Problem(
      'forbidden',
      `The bundle belongs to '${namespace}', but the request names '${upload.namespace}'.`,
      {
        fix: 'Change "namespace" in manifest.json, or leave it out of the request.',
      },
    );
  }
  authorize(actor, 'publish', namespace);
  if (actor.kind === 'operator') {
    const [known] = await deps.db
      .select({ slug: namespaces.slug })
      .from(namespaces)
      .where(eq(namespaces.slug, namespace));
    if (!known)
      throw new Problem('not_found', `There is no namespace '${namespace}'.`, {
        fix: 'Create it first: POST /v1/namespaces.',
      });
  }
  return namespace;
}

function resolveVersion(metadata: SkillMetadata, upload: Upload): string {
  const version = metadata.version ?? upload.version;
  if (version === undefined) {
    throw new Problem('invalid_version', 'The bundle names no version.', {
      file: 'SKILL.md',
      fix: 'Add "metadata.version" to the frontmatter, e.g. version: "1.0.0", or send ?version=1.0.0.',
    });
  }
  if (upload.version !== undefined && upload.version !== version) {
    throw new Problem(
      'invalid_version',
      `The bundle says version ${version}, but the request says ${upload.version}.`,
      {
        fix: 'Make them agree, or leave the version out of the request.',
      },
    );
  }
  if (!isVersion(version)) {
    throw new Problem('invalid_version', `'${version}' is not a semantic version.`, {
      fix: 'Use MAJOR.MINOR.PATCH, e.g. 1.0.0.',
    });
  }
  return version;
}

async function requireFreeNumber(
  deps: Pick<Deps, 'db'>,
  identity: { namespace: string; name: string; version: string },
): Promise<void> {
  const [taken] = await deps.db
    .select({ state: versions.state })
    .from(versions)
    .innerJoin(skills, eq(skills.id, versions.skillId))
    .where(
      and(
        eq(skills.namespace, identity.namespace),
        eq(skills.name, identity.name),
        eq(versions.version, identity.version),
        ne(versions.state, 'rejected'),
      ),
    );
  if (!taken) return;
  const how = {
    pending: 'is being vetted',
    published: 'exists',
    yanked: 'was yanked, and a yanked number stays taken',
  };
  const state = taken.state === 'rejected' ? 'pending' : taken.state;
  throw new Problem('version_exists', `@${identity.namespace}/${identity.name}@${identity.version} ${how[state]}.`, {
    fix: 'Versions never change: raise the version and publish again.',
  });
}

async function describeVersion(
  deps: AcceptDeps,
  bundle: Bundle,
  bytes: Uint8Array,
  metadata: SkillMetadata & { version: string },
) {
  const archive = sniffArchive(bytes) === 'tar.gz' ? bytes : await writeTarGz(bundle);
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

async function record(
  deps: AcceptDeps,
  jobId: string,
  identity: { namespace: string; name: string; version: string },
  visibility: Visibility | undefined,
  row: Awaited<ReturnType<typeof describeVersion>>,
): Promise<void> {
  const now = deps.clock.now();
  const { namespace, name } = identity;
  const ownSkill = sql<number>`(select ${skills.id} from ${skills} where ${skills.namespace} = ${namespace} and ${skills.name} = ${name})`;
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
      deps.db.insert(versions).values({ ...row, skillId: ownSkill }),
      deps.db.insert(jobs).values(job),
    ]);
  } catch (error) {
    await requireFreeNumber(deps, identity);
    throw error;
  }
}

/** A nudge that is lost costs time only: the sweeper sends it again. */
async function nudge(deps: AcceptDeps, jobId: string): Promise<void> {
  try {
    await deps.queue.send({ type: 'vet', jobId });
  } catch (error) {
    deps.log.error('queue.send.failed', { jobId, cause: error instanceof Error ? error.message : 'unknown' });
  }
}
