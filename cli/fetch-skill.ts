import { readArchive } from '../src/format/archive.ts';
import type { Bundle } from '../src/format/bundle.ts';
import { treeDigest } from '../src/format/digest.ts';
import { readMetadata } from '../src/format/skill-metadata.ts';
import type { SkillDependency } from '../src/format/skill-yaml.ts';
import type { PackageBody } from '../src/http/v1/schemas.ts';
import type { Evidence } from './cache/cached-version.ts';
import type { SkillCache } from './cache/skill-cache.ts';
import type { Client } from './client.ts';
import { requireMoved, requireNamed, requireVersion, unasked } from './moved-name.ts';
import type { Progress } from './progress.ts';
import { labelOf } from './project/record.ts';
import type { Trust } from './registry-keys.ts';
import { claimOf, registrySignature } from './registry-signature.ts';
import { findPackage, type ResolvedRef } from './resolve-name.ts';
import { keyOf } from './trust.ts';
import { verifyDigest, verifySignature } from './verify.ts';

/** A version that was checked, with what vouches for it. */
export interface FetchedSkill {
  metadata: PackageBody;
  archive: Uint8Array;
  bundle: Bundle;
  /** What the skill says it depends on. */
  needs: SkillDependency[];
  evidence: Evidence;
}

export interface FetchFrom {
  client: Client;
  trusted: Trust;
  cache: SkillCache;
  progress: Progress;
}

/**
 * Gets a version from its registry and checks it: its digest, the registry's signature, its form, that it is the skill
 * and the version that was asked for, or what the registry calls so now, and that the transparency log says the same. Bytes that the cache
 * has are not sent again. Nothing is written.
 *
 * @throws CodedError or FormatError for whatever does not hold
 */
export async function fetchSkill(
  { client, trusted, cache, progress }: FetchFrom,
  ref: ResolvedRef,
): Promise<FetchedSkill> {
  const metadata = await findPackage(client, ref);
  await requireMoved(client, ref, metadata);
  requireVersion(ref, metadata);
  const label = labelOf(metadata);
  const [archive, signature] = await Promise.all([
    archiveOf(client, cache, progress, metadata),
    registrySignature(client, metadata),
  ]);
  await verifyDigest(label, archive, metadata.sha256);
  await verifySignature(label, archive, signature, keyOf(trusted, label, metadata.key_id));
  const { bundle, name, needs } = await openArchive(metadata, archive);
  await requireNamed(client, metadata, name);
  const log = await trusted.log.check(claimOf(metadata, metadata.sha256, metadata.tree_digest));
  const publisher = await trusted.publishers.check(metadata, label, archive);
  const evidence = { signature: Buffer.from(signature).toString('base64'), log, publisher };
  return { metadata, archive, bundle, needs, evidence };
}

/**
 * The files of an archive, and what they say of themselves.
 *
 * @throws CodedError `not_what_was_asked` when they are not those that the metadata tell of
 * @throws FormatError
 */
export async function openArchive(
  metadata: PackageBody,
  archive: Uint8Array,
): Promise<{ bundle: Bundle; name: string; needs: SkillDependency[] }> {
  const bundle = await readArchive(archive);
  const digest = await treeDigest(bundle);
  if (digest !== metadata.tree_digest)
    throw unasked(labelOf(metadata), `its files have the digest ${digest}, not ${metadata.tree_digest}`);
  const { name, dependencies: needs } = readMetadata(bundle).metadata;
  return { bundle, name, needs };
}

async function archiveOf(
  client: Client,
  cache: SkillCache,
  progress: Progress,
  metadata: PackageBody,
): Promise<Uint8Array> {
  const kept = await cache.archive(metadata.sha256);
  if (kept !== undefined) return kept;
  progress.expect(metadata.size);
  return client.download(metadata, metadata.version, (bytes) => progress.advance(bytes));
}
