import type { Client } from '../client.ts';
import { CodedError } from '../failure.ts';
import type { Terms } from './terms.ts';

/** A version as it is sent to a registry. */
export interface Release extends Terms {
  archive: Uint8Array;
  /** SHA-256 of the archive, in hex. */
  sha256: string;
  version: string;
  /** Where the skill does not say it itself. */
  namespace?: string | undefined;
  /** The publisher's OpenPGP signature over the archive. */
  signature?: Uint8Array | undefined;
}

/**
 * Uploads a version.
 *
 * @param expect is told how many bytes will be sent; `advance` how many more were
 * @throws CodedError what the registry answers; that it refuses the key also when it hung up instead of answering
 */
export async function sendRelease(
  client: Client,
  release: Release,
  { expect, advance }: { expect(bytes: number): void; advance(bytes: number): void },
) {
  const { namespace, version, tags, signature } = release;
  const [{ streamBytes }, upload] = await Promise.all([import('../stream-bytes.ts'), bodyOf(release)]);
  expect(upload.bytes.length);
  const query = {
    namespace,
    version,
    visibility: release.private ? 'private' : undefined,
    tag: tags.length === 0 ? undefined : tags.join(','),
  };
  try {
    const body = streamBytes(upload.bytes, advance);
    return await client.publish({ body, type: upload.type, sha256: upload.sha256, query, signature });
  } catch (error) {
    // A registry that refuses the key may hang up before it has read the body, and its answer is lost.
    if (error instanceof CodedError && error.code === 'network') await client.whoami();
    throw error;
  }
}

/** The archive alone, or a form where more has to be said. */
async function bodyOf({ archive, sha256, changelog }: Release) {
  if (changelog === undefined) return { bytes: archive, sha256, type: 'application/gzip' };
  const { sha256Hex } = await import('../../src/format/digest.ts');
  const form = new FormData();
  form.set('bundle', new Blob([new Uint8Array(archive)]), 'bundle.skill');
  form.set('changelog', changelog);
  const encoded = new Response(form);
  const bytes = new Uint8Array(await encoded.arrayBuffer());
  return { bytes, sha256: await sha256Hex(bytes), type: encoded.headers.get('content-type') ?? '' };
}
