import { readArchive } from '../src/format/archive.ts';
import { treeDigest } from '../src/format/digest.ts';
import { readMetadata } from '../src/format/skill-metadata.ts';
import type { Client } from './client.ts';
import type { VerifiedSkill } from './installer.ts';
import { isSame, requireMoved, requireNamed, unasked } from './moved-name.ts';
import type { Progress } from './progress.ts';
import type { Trust } from './registry-keys.ts';
import { claimOf, registrySignature } from './registry-signature.ts';
import { findPackage, type ResolvedRef } from './resolve-name.ts';
import { labelOf } from './skill-index.ts';
import { keyOf } from './trust.ts';
import { verifyDigest, verifySignature } from './verify.ts';

/**
 * Downloads a version into memory and checks it: its digest, the registry's signature, its form, that it is the skill
 * that was asked for, or what the registry calls so now, and that the transparency log says the same. Nothing is written.
 *
 * @throws CodedError or FormatError for whatever does not hold
 */
export async function fetchSkill(
  client: Client,
  ref: ResolvedRef,
  trusted: Trust,
  progress: Progress,
  now: number,
): Promise<VerifiedSkill> {
  const metadata = await findPackage(client, ref);
  await requireMoved(client, ref, metadata);
  const label = labelOf(metadata);
  progress.expect(metadata.size);
  const [archive, signature] = await Promise.all([
    client.download(metadata, metadata.version, (bytes) => progress.advance(bytes)),
    registrySignature(client, metadata),
  ]);
  await verifyDigest(label, archive, metadata.sha256);
  await verifySignature(label, archive, signature, keyOf(trusted, label, metadata.key_id));
  const bundle = await readArchive(archive);
  const { name, dependencies: needs } = readMetadata(bundle).metadata;
  await requireNamed(client, metadata, name);
  const digest = await treeDigest(bundle);
  if (digest !== metadata.tree_digest)
    throw unasked(label, `its files have the digest ${digest}, not ${metadata.tree_digest}`);
  await trusted.log.check(claimOf(metadata, metadata.sha256, digest));
  await trusted.publishers.check(metadata, label, archive);
  const { namespace, version, sha256, key_id: keyId } = metadata;
  const formerName = isSame(ref, metadata) ? undefined : `@${ref.namespace}/${ref.name}`;
  const installedAt = new Date(now).toISOString();
  return {
    bundle,
    needs,
    formerName,
    record: {
      namespace,
      name: metadata.name,
      version,
      registry: client.registry,
      sha256,
      treeDigest: digest,
      keyId,
      installedAt,
    },
  };
}
