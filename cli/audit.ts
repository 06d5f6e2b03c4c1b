import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { treeDigest } from '../src/format/digest.ts';
import type { Client } from './client.ts';
import { CodedError } from './failure.ts';
import { readInstalled } from './folder.ts';
import { LOG_CODES } from './log-check.ts';
import { PUBLISHER_CODES } from './publisher-watch.ts';
import type { Trust } from './registry-keys.ts';
import { claimOf, registrySignature } from './registry-signature.ts';
import { type InstallRecord, labelOf } from './skill-index.ts';
import { keyOf } from './trust.ts';
import { UserError } from './user-error.ts';
import { verifyDigestSignature } from './verify.ts';

export interface AuditProblem {
  code: string;
  message: string;
  fix: string;
}

/** What differs between the files on disk and what was installed. */
export async function auditFiles(root: string, record: InstallRecord): Promise<AuditProblem[]> {
  const folder = join(root, record.name);
  const install = `skills install ${labelOf(record)}`;
  if (!existsSync(folder))
    return [{ code: 'missing', message: `${folder} is missing.`, fix: `Install it again: ${install}` }];
  const again = `Install it again, which overwrites the changes: ${install}`;
  try {
    if ((await treeDigest(await readInstalled(folder))) === record.treeDigest) return [];
    return [{ code: 'modified', message: `The files in ${folder} are not those that were installed.`, fix: again }];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [{ code: 'modified', message: error.message, fix: again }];
  }
}

/** The outcome for one installed skill. */
export interface Audit {
  problems: AuditProblem[];
  /** The id of the key that its good signature was made with. */
  keyId?: string;
  /** True when the registry refused the user's key. */
  refused?: boolean;
}

/** Compares with the disk first, then asks the registry; when that cannot be asked, the first result still stands. */
export async function audit(root: string, client: Client, keys: Promise<Trust>, record: InstallRecord): Promise<Audit> {
  const files = await auditFiles(root, record);
  try {
    const registry = await auditRegistry(client, await keys, record);
    return { ...registry, problems: [...files, ...registry.problems] };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    if (error.code === 'key_changed') return { problems: [...files, problemOf(error)] };
    const found = files.length === 0 ? `${labelOf(record)} is as installed; the` : 'The';
    const message = `${found} registry was not asked: ${error.message}`;
    return { problems: [...files, { ...problemOf(error), message }], refused: error.exitCode === 4 };
  }
}

function problemOf({ code, message, fix }: CodedError): AuditProblem {
  return { code, message, fix };
}

/**
 * Whether the registry still vouches for what was installed: it serves the version, with the same digests, under a good
 * signature, says the same in its transparency log, and a publisher's signature that it shows holds.
 *
 * @throws CodedError when it cannot be asked
 */
export async function auditRegistry(client: Client, trusted: Trust, record: InstallRecord): Promise<Audit> {
  const label = labelOf(record);
  try {
    const metadata = await client.package(record, record.version);
    if (metadata.sha256 !== record.sha256 || metadata.tree_digest !== record.treeDigest) {
      const message = `${client.registry} serves other bytes as ${label} than those that were installed.`;
      const fix = 'A version never changes: tell the operator of the registry.';
      return { problems: [{ code: 'digest_mismatch', message, fix }] };
    }
    const signature = await registrySignature(client, metadata);
    verifyDigestSignature(label, record.sha256, signature, keyOf(trusted, label, metadata.key_id));
    await trusted.log.check(claimOf(metadata, record.sha256, record.treeDigest));
    await trusted.publishers.check(metadata, label);
    return { problems: [], keyId: metadata.key_id };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    if (error.code === 'not_found') {
      const message = `${client.registry} no longer serves ${label}: it was yanked or removed.`;
      const fix = `Look for another version: skills info @${record.namespace}/${record.name} --versions`;
      return { problems: [{ code: 'withdrawn', message, fix }] };
    }
    if (
      !['bad_signature', 'unknown_key', 'key_changed', 'revoked_key', ...LOG_CODES, ...PUBLISHER_CODES].includes(
        error.code,
      )
    )
      throw error;
    return { problems: [problemOf(error)] };
  }
}
