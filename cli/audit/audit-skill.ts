import { existsSync } from 'node:fs';
import { treeDigest } from '../../src/format/digest.ts';
import type { PackageBody } from '../../src/http/v1/schemas.ts';
import type { Client } from '../client.ts';
import { CodedError } from '../failure.ts';
import { readInstalled } from '../folder.ts';
import { LOG_CODES } from '../log-check.ts';
import type { InstalledSkill } from '../project/installed.ts';
import { isFromRegistry, labelOf, type RegistryRecord } from '../project/record.ts';
import { PUBLISHER_CODES } from '../publisher-watch.ts';
import type { Trust } from '../registry-keys.ts';
import { claimOf, registrySignature } from '../registry-signature.ts';
import { keyOf } from '../trust.ts';
import { UserError } from '../user-error.ts';
import { verifyDigestSignature } from '../verify.ts';

export interface AuditProblem {
  code: string;
  message: string;
  fix: string;
}

/** The outcome for one installed skill. */
export interface Audit {
  problems: AuditProblem[];
  /** What the newest examination by the registry came to; undefined when that was not asked, or does not serve it. */
  verdict?: PackageBody['verdict'];
  /** The id of the key that its good signature was made with. */
  keyId?: string;
  /** True when the registry refused the user's key. */
  refused?: boolean;
}

/** A registry to ask, and what it is trusted by. */
export interface Asked {
  client: Client;
  keys: Promise<Trust>;
}

/** What differs between the files on disk and what was installed. */
export async function auditFiles({ record, path }: InstalledSkill): Promise<AuditProblem[]> {
  const install = `skills install ${isFromRegistry(record) ? labelOf(record) : (record.source ?? record.name)}`;
  if (!existsSync(path))
    return [{ code: 'missing', message: `${path} is missing.`, fix: `Install it again: ${install}` }];
  const again = `Install it again, which overwrites the changes: ${install}`;
  try {
    if ((await treeDigest(await readInstalled(path))) === record.treeDigest) return [];
    return [{ code: 'modified', message: `The files in ${path} are not those that were installed.`, fix: again }];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [{ code: 'modified', message: error.message, fix: again }];
  }
}

/**
 * Compares with the disk first, then asks the registry; when that cannot be asked, the first result still stands. A skill that
 * comes from none is compared with the disk alone.
 */
export async function auditSkill(skill: InstalledSkill, asked: Asked | undefined): Promise<Audit> {
  const { record } = skill;
  const files = await auditFiles(skill);
  if (!asked || !isFromRegistry(record)) return { problems: files };
  try {
    const registry = await auditRegistry(asked.client, await asked.keys, record);
    return { ...registry, problems: [...files, ...registry.problems] };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    if (error.code === 'key_changed') return { problems: [...files, problemOf(error)] };
    const found = files.length === 0 ? `${labelOf(record)} is as installed; the` : 'The';
    const message = `${found} registry was not asked: ${error.message}`;
    return { problems: [...files, { ...problemOf(error), message }], refused: error.exitCode === 4 };
  }
}

export function problemOf({ code, message, fix }: CodedError): AuditProblem {
  return { code, message, fix };
}

/**
 * Whether the registry still vouches for what was installed: it serves the version, with the same digests, under a good
 * signature, says the same in its transparency log, and a publisher's signature that it shows holds.
 *
 * @throws CodedError when it cannot be asked
 */
async function auditRegistry(client: Client, trusted: Trust, record: RegistryRecord): Promise<Audit> {
  const label = labelOf(record);
  let verdict: Audit['verdict'];
  try {
    const metadata = await client.package(record, record.version);
    verdict = metadata.verdict;
    if (metadata.sha256 !== record.sha256 && metadata.tree_digest === record.treeDigest) {
      return { verdict, problems: [otherArchive(client.registry, label, metadata.sha256, record.sha256)] };
    }
    if (metadata.sha256 !== record.sha256 || metadata.tree_digest !== record.treeDigest) {
      const message = `${client.registry} serves other bytes as ${label} than those that were installed.`;
      const fix = 'A version never changes: tell the operator of the registry.';
      return { verdict, problems: [{ code: 'digest_mismatch', message, fix }] };
    }
    const signature = await registrySignature(client, metadata);
    verifyDigestSignature(label, record.sha256, signature, keyOf(trusted, label, metadata.key_id));
    await trusted.log.check(claimOf(metadata, record.sha256, record.treeDigest));
    await trusted.publishers.check(metadata, label);
    return { verdict, problems: [], keyId: metadata.key_id };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    if (error.code === 'not_found') {
      const message = `${client.registry} no longer serves ${label}: it was yanked or removed.`;
      const fix = `Look for another version: skills info @${record.namespace}/${record.name} --versions`;
      return { verdict, problems: [{ code: 'withdrawn', message, fix }] };
    }
    if (!FINDINGS.includes(error.code)) throw error;
    return { verdict, problems: [problemOf(error)] };
  }
}

/** Who is wrong cannot be told from here: the record is a text file, and may be anybody's. */
function otherArchive(registry: string, label: string, served: string, recorded: string): AuditProblem {
  const message = `${registry} serves ${label} as an archive with the SHA-256 ${served}, but the record of its install says ${recorded}, for the same files: the record was changed, or the registry serves another archive of these files.`;
  const fix =
    'See who changed the record (skills.lock in a project). If nobody did, tell the operator of the registry.';
  return { code: 'digest_mismatch', message, fix };
}

/** What is found of a version; any other error means that the registry could not be asked. */
const FINDINGS = ['bad_signature', 'unknown_key', 'key_changed', 'revoked_key', ...LOG_CODES, ...PUBLISHER_CODES];
