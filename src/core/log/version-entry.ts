import type { Visibility, versions } from '../../db/schema/catalog.ts';
import { readCertificate } from '../../format/certificate.ts';
import { sealEntry, type VersionEntry, writeEntry } from '../../format/tlog/leaf.ts';
import type { Deps } from '../deps.ts';
import { type NewEntry, versionSubject } from './append-entries.ts';
import { logKeys } from './keys.ts';

const SALT_BYTES = 32;

type Row = typeof versions.$inferSelect;
export type LoggedVersion = Pick<
  Row,
  'id' | 'version' | 'archiveSha256' | 'treeDigest' | 'keyId' | 'verdict' | 'pgpKeyId' | 'certificates'
>;

export interface LoggedSkill {
  namespace: string;
  name: string;
  visibility: Visibility;
}

/**
 * What the log is to hold of an event in a version's life. Of a private skill it gets a commitment only; the opening is stored
 * first, under its digest, for those who may read the skill.
 *
 * @throws what the bundle store throws
 */
export async function versionEntry(
  deps: Pick<Deps, 'bundles' | 'clock' | 'random'>,
  event: VersionEntry['event'],
  skill: LoggedSkill,
  row: LoggedVersion,
): Promise<NewEntry> {
  const { namespace, name, visibility } = skill;
  const entry: VersionEntry = {
    v: 1,
    event,
    namespace,
    name,
    version: row.version,
    archive_sha256: row.archiveSha256,
    tree_digest: row.treeDigest,
    key_id: row.keyId ?? '',
    publisher_key: await publisherKey(row),
    pgp_key: row.pgpKeyId ?? undefined,
    verdict: row.verdict ?? undefined,
    at: deps.clock.now(),
  };
  const subject = versionSubject(entry);
  if (visibility === 'public') return { leaf: writeEntry(entry), subject, versionId: row.id };
  const { sealed, opening } = await sealEntry(entry, deps.random.hex(SALT_BYTES));
  await deps.bundles.put(logKeys.opening(sealed.commitment), new TextEncoder().encode(opening));
  return { leaf: writeEntry(sealed), subject, versionId: row.id };
}

async function publisherKey({ certificates }: LoggedVersion): Promise<string | undefined> {
  const [pem] = certificates ?? [];
  return pem === undefined ? undefined : (await readCertificate(pem, 'the certificate of a version')).fingerprint;
}
