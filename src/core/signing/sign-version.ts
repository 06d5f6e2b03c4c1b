import type { AcceptedFiles } from '../../format/accept-files.ts';
import { isServable, writeTarGz, writeZip } from '../../format/archive.ts';
import { sha256Hex } from '../../format/digest.ts';
import { bundleKeys } from '../catalog/keys.ts';
import { type Preview, previewOf } from '../catalog/preview.ts';
import type { Deps } from '../deps.ts';

/** Thrown when the key that signs cannot be used; worth another try. */
export class SignerUnavailable extends Error {}

export interface SignedArtifacts {
  keyId: string;
  archiveSha256: string;
  tar: { sha256: string; size: number };
  zip: { sha256: string; size: number };
}

/**
 * Builds the canonical archives, signs them and the archive that was uploaded, and stores them all with the preview.
 * Keys are content addresses, so doing it twice stores the same bytes again.
 *
 * @param uploaded the bytes as they came; an exact tar.gz is served byte for byte, anything else in its canonical form
 * @throws SignerUnavailable, or whatever the bundle store throws
 */
export async function signVersion(
  deps: Pick<Deps, 'bundles' | 'signer'>,
  { bundle, exact }: AcceptedFiles,
  uploaded: Uint8Array,
  treeDigest: string,
): Promise<SignedArtifacts> {
  const tar = await writeTarGz(bundle);
  const zip = await writeZip(bundle);
  const archive = isServable(uploaded, exact) ? uploaded : tar;

  const signedArchive = await storeSigned(deps, archive, 'tar.gz');
  const signedTar = archive === tar ? signedArchive : await storeSigned(deps, tar, 'tar.gz');
  const signedZip = await storeSigned(deps, zip, 'zip');
  await storePreview(deps, treeDigest, await previewOf(bundle));
  return {
    keyId: signedArchive.keyId,
    archiveSha256: signedArchive.sha256,
    tar: { sha256: signedTar.sha256, size: tar.length },
    zip: { sha256: signedZip.sha256, size: zip.length },
  };
}

/**
 * Signs the bytes of that digest, and stores the signature under it.
 *
 * @returns the id of the key
 * @throws SignerUnavailable, or whatever the bundle store throws
 */
export async function signAndStore(
  deps: Pick<Deps, 'bundles' | 'signer'>,
  sha256: string,
  bytes: Uint8Array,
): Promise<string> {
  const { keyId, signature } = await sign(deps, bytes);
  await deps.bundles.put(bundleKeys.signature(sha256, keyId), signature);
  return keyId;
}

async function storeSigned(deps: Pick<Deps, 'bundles' | 'signer'>, bytes: Uint8Array, kind: 'tar.gz' | 'zip') {
  const sha256 = await sha256Hex(bytes);
  const { keyId, signature } = await sign(deps, bytes);
  await deps.bundles.put(bundleKeys.archive(sha256, kind), bytes);
  await deps.bundles.put(bundleKeys.signature(sha256, keyId), signature);
  return { sha256, keyId };
}

async function sign(deps: Pick<Deps, 'signer'>, bytes: Uint8Array) {
  try {
    return await deps.signer.sign(bytes);
  } catch (cause) {
    throw new SignerUnavailable('the signing key is unavailable', { cause });
  }
}

async function storePreview(deps: Pick<Deps, 'bundles'>, treeDigest: string, preview: Preview): Promise<void> {
  await deps.bundles.put(bundleKeys.preview(treeDigest), new TextEncoder().encode(JSON.stringify(preview)));
}
