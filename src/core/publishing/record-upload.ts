import { and, eq, isNull, ne, notExists, sql } from 'drizzle-orm';
import { skillAliases, skills, type Visibility, versions } from '../../db/schema/catalog.ts';
import { jobs } from '../../db/schema/jobs.ts';
import type { AcceptedFiles } from '../../format/accept-files.ts';
import { isServable, writeTarGz } from '../../format/archive.ts';
import { sha256Hex, treeDigest } from '../../format/digest.ts';
import type { SkillMetadata } from '../../format/skill-metadata.ts';
import type { Actor } from '../accounts/actor.ts';
import { isPrerelease, versionSortKey } from '../catalog/version-order.ts';
import type { Deps } from '../deps.ts';
import { auditStatement, ifOperator } from '../moderation/audit.ts';
import { isPinned, pinKey, requirePinned } from '../signing/pinned-key.ts';
import { isRegistered, type OpenPgpSignature, requireRegistered } from '../signing/verify-openpgp.ts';
import type { PublisherSignature } from '../signing/verify-publisher.ts';
import { DELIVERY_GRACE_MS } from './job-state.ts';
import { type Identity, requireFree } from './resolve-identity.ts';

export type VersionRow = Awaited<ReturnType<typeof describeVersion>>;

/** What goes with an upload and is not in its files. */
export interface UploadTerms {
  visibility: Visibility | undefined;
  changelog: string;
  publisher: PublisherSignature | undefined;
  /** The publisher's signature that came beside the archive. */
  openPgp: OpenPgpSignature | undefined;
  /** Who sends it: an operator publishes for others, which is written down. */
  actor: Actor;
  /** What the version is to be tagged with when it is published; kept with its metadata until then. */
  tags: string[];
}

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
 * Records an upload in one atomic batch: the skill if it is new, the key of a first signed bundle, the version and the
 * job, both `pending`.
 *
 * @throws Problem `version_exists` when another upload took the number in the meantime, `wrong_key` when one pinned another key,
 * `invalid_pgp_signature` when its key was revoked
 */
export async function recordUpload(
  deps: Pick<Deps, 'db' | 'clock' | 'random' | 'settings'>,
  jobId: string,
  identity: Identity,
  { visibility, changelog, publisher, openPgp, tags, actor }: UploadTerms,
  row: VersionRow,
): Promise<void> {
  const now = deps.clock.now();
  const { namespace, name, version } = identity;
  const label = `@${namespace}/${name}@${version}`;
  const ownSkill = sql<number>`(select ${skills.id} from ${skills} where ${skills.namespace} = ${namespace} and ${skills.name} = ${name})`;
  // A name that leads to another skill has no namespace: then the whole batch fails.
  const freeNamespace = sql<string>`(select ${namespace} where not exists (select 1 from ${skillAliases}
    where ${skillAliases.namespace} = ${namespace} and ${skillAliases.name} = ${name}))`;
  const asAsked = and(
    sql`${skills.id} = ${ownSkill}`,
    isNull(skills.mergedInto),
    visibility && eq(skills.visibility, visibility),
    publisher && isPinned(deps, namespace, publisher.key),
    openPgp && isRegistered(deps, namespace, openPgp.fingerprint),
  );
  const ownSkillAsAsked = sql<number>`(select ${skills.id} from ${skills} where ${asAsked})`;
  const accepted = deps.db
    .select({ one: sql`1` })
    .from(versions)
    .where(and(eq(versions.skillId, ownSkill), ne(versions.state, 'rejected')));
  const metadata: SkillMetadata & { publishTags?: string[] } =
    tags.length === 0 ? row.metadata : { ...row.metadata, publishTags: tags };
  const signed = {
    ...(publisher && { publisherSignature: publisher.signature, certificates: publisher.certificates }),
    ...(openPgp && { pgpSignature: openPgp.armored, pgpKeyId: openPgp.fingerprint }),
  };
  try {
    await deps.db.batch([
      deps.db
        .insert(skills)
        .values({ namespace: freeNamespace, name, visibility: visibility ?? 'public', createdAt: now, updatedAt: now })
        .onConflictDoNothing(),
      // A refused first upload leaves its row behind; what this one asks for has to win over it.
      deps.db
        .update(skills)
        .set({ visibility: visibility ?? sql`${skills.visibility}` })
        .where(and(eq(skills.id, ownSkill), notExists(accepted))),
      ...(publisher ? pinKey(deps, namespace, publisher.key) : []),
      // No skill of the visibility that was asked for, merged, another key pinned, or the key revoked, no id: then the whole batch fails.
      deps.db.insert(versions).values({ ...row, ...signed, metadata, changelog, skillId: ownSkillAsAsked }),
      deps.db.insert(jobs).values(newJob(deps, jobId, row.id)),
      auditStatement(deps, actor, 'version.publish', label, {}, ifOperator(actor)),
    ]);
  } catch (error) {
    await requireFree(deps, identity, visibility);
    if (publisher) await requirePinned(deps, namespace, publisher.key);
    if (openPgp) await requireRegistered(deps, namespace, openPgp.fingerprint);
    throw error;
  }
}

function newJob(deps: Pick<Deps, 'clock' | 'settings'>, id: string, versionId: string) {
  const now = deps.clock.now();
  return {
    id,
    versionId,
    state: 'pending' as const,
    stages: [],
    message: 'Waiting to be vetted.',
    instance: deps.settings.instanceId,
    dueAt: now + DELIVERY_GRACE_MS,
    createdAt: now,
    updatedAt: now,
  };
}
