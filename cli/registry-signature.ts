import type { PackageBody } from '../src/http/v1/schemas.ts';
import type { Client } from './client.ts';
import { CodedError } from './failure.ts';
import type { LogClaim } from './log-check.ts';
import { labelOf } from './project/record.ts';

/**
 * The registry's signature over a version that it serves.
 *
 * @throws CodedError `stripped_signature` when there is none
 */
export async function registrySignature(client: Client, metadata: PackageBody): Promise<Uint8Array> {
  try {
    return await client.signature(metadata, metadata.version);
  } catch (cause) {
    if (!(cause instanceof CodedError && cause.code === 'not_found')) throw cause;
    const message = `${client.registry} serves ${labelOf(metadata)} without its signature.`;
    const fix = 'Do not use this version. Tell the operator of the registry.';
    throw new CodedError('stripped_signature', message, fix, 1, { cause });
  }
}

/** What the log has to say of a version, by the digests that were found to be its own. */
export function claimOf(metadata: PackageBody, sha256: string, treeDigest: string): LogClaim {
  const { namespace, name, version, publisher_sig_hex: signature } = metadata;
  const certificate = typeof signature === 'string' ? metadata.cert_chain_pem[0] : undefined;
  const pgpKey = metadata.publisher_signature?.key;
  return { label: labelOf(metadata), namespace, name, version, sha256, treeDigest, certificate, pgpKey };
}
