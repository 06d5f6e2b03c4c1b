import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { treeDigest } from '../src/format/digest.ts';
import type { Client } from './client.ts';
import { CodedError } from './failure.ts';
import { readInstalled } from './folder.ts';
import { type InstallRecord, labelOf } from './skill-index.ts';
import { keyOf, type TrustedKeys } from './trust.ts';
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
  const again = `Install it again: skills install @${record.namespace}/${record.name}@${record.version}`;
  if (!existsSync(folder)) return [{ code: 'missing', message: `${folder} is missing.`, fix: again }];
  try {
    if ((await treeDigest(await readInstalled(folder))) === record.treeDigest) return [];
    return [{ code: 'modified', message: `The files in ${folder} are not those that were installed.`, fix: again }];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [{ code: 'modified', message: error.message, fix: again }];
  }
}

/**
 * Whether the registry still vouches for what was installed: it serves the version, with the same digests, under a good
 * signature.
 *
 * @throws CodedError when it cannot be asked
 */
export async function auditRegistry(
  client: Client,
  trusted: TrustedKeys,
  record: InstallRecord,
): Promise<AuditProblem[]> {
  const label = labelOf(record);
  try {
    const [metadata, signature] = await Promise.all([
      client.package(record, record.version),
      client.signature(record, record.version),
    ]);
    if (metadata.sha256 !== record.sha256 || metadata.tree_digest !== record.treeDigest) {
      const message = `${client.registry} serves other bytes as ${label} than those that were installed.`;
      return [{ code: 'digest_mismatch', message, fix: 'A version never changes: tell the operator of the registry.' }];
    }
    verifyDigestSignature(label, record.sha256, signature, keyOf(trusted, label, metadata.key_id));
    return [];
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    if (error.code === 'not_found') {
      const message = `${client.registry} no longer serves ${label}: it was yanked or removed.`;
      return [
        {
          code: 'withdrawn',
          message,
          fix: `Look for another version: skills info @${record.namespace}/${record.name} --versions`,
        },
      ];
    }
    if (error.code !== 'bad_signature' && error.code !== 'unknown_key') throw error;
    return [{ code: error.code, message: error.message, fix: error.fix }];
  }
}
