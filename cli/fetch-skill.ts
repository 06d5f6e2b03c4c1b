import { readArchive } from '../src/format/archive.ts';
import { treeDigest } from '../src/format/digest.ts';
import { readMetadata } from '../src/format/skill-metadata.ts';
import type { PackageBody } from '../src/http/v1/schemas.ts';
import type { Client } from './client.ts';
import { CodedError } from './failure.ts';
import type { VerifiedSkill } from './installer.ts';
import type { Progress } from './progress.ts';
import { findPackage, type ResolvedRef } from './resolve-name.ts';
import { labelOf } from './skill-index.ts';
import { keyOf, type TrustedKeys } from './trust.ts';
import { verifyDigest, verifySignature } from './verify.ts';

/**
 * Downloads a version into memory and checks it: its digest, the registry's signature, its form, and that it is the
 * skill that was asked for. Nothing is written.
 *
 * @throws CodedError or FormatError for whatever does not hold
 */
export async function fetchSkill(
  client: Client,
  ref: ResolvedRef,
  trusted: TrustedKeys,
  progress: Progress,
  now: number,
): Promise<VerifiedSkill> {
  const metadata = await findPackage(client, ref);
  requireSame(ref, metadata);
  const label = labelOf(metadata);
  progress.expect(metadata.size);
  const [archive, signature] = await Promise.all([
    client.download(metadata, metadata.version, (bytes) => progress.advance(bytes)),
    client.signature(metadata, metadata.version),
  ]);
  await verifyDigest(label, archive, metadata.sha256);
  await verifySignature(label, archive, signature, keyOf(trusted, label, metadata.key_id));
  const bundle = await readArchive(archive);
  const { name, dependencies: needs } = readMetadata(bundle).metadata;
  if (name !== ref.name) throw unasked(label, `its SKILL.md names it '${name}'`);
  const digest = await treeDigest(bundle);
  if (digest !== metadata.tree_digest)
    throw unasked(label, `its files have the digest ${digest}, not ${metadata.tree_digest}`);
  const { namespace, version, sha256, key_id: keyId } = metadata;
  const installedAt = new Date(now).toISOString();
  return {
    bundle,
    needs,
    record: { namespace, name, version, registry: client.registry, sha256, treeDigest: digest, keyId, installedAt },
  };
}

function requireSame(ref: ResolvedRef, metadata: PackageBody): void {
  if (metadata.namespace === ref.namespace && metadata.name === ref.name) return;
  throw unasked(`@${ref.namespace}/${ref.name}`, `the registry answers with ${labelOf(metadata)}`);
}

function unasked(label: string, how: string): CodedError {
  return new CodedError(
    'not_what_was_asked',
    `${label} is not what was asked for: ${how}.`,
    'Nothing was installed. Tell the operator of the registry.',
  );
}
