import { type SQL, sql } from 'drizzle-orm';
import { skills, type Visibility, versions } from '../../db/schema/catalog.ts';
import { readCertificate } from '../../format/certificate.ts';
import type { VersionEntry } from '../../format/tlog/leaf.ts';
import type { Deps } from '../deps.ts';
import { type NewEntry, versionSubject } from './append-entries.ts';
import { leafOf } from './leaf-of.ts';

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
 * What the log is to hold of an event in a version's life; of a private skill as `leafOf` says.
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
  return { leaf: await leafOf(deps, entry, visibility), subject: versionSubject(entry), versionId: row.id };
}

/**
 * The condition that versions and their skill are still what entries say of them, for the batch that appends the entries.
 *
 * @param rows as they were given to `versionEntry`
 */
export function stillAsLogged(skill: LoggedSkill & { id: number }, rows: readonly LoggedVersion[]): SQL {
  const read = JSON.stringify(rows.map(({ id, keyId, verdict }) => ({ id, keyId, verdict })));
  const { id, namespace, name, visibility } = skill;
  return sql`(not exists (select 1 from json_each(${read}) as logged inner join ${versions} on ${versions.id} = logged.value ->> 'id'
      where ${versions.keyId} is not (logged.value ->> 'keyId') or ${versions.verdict} is not (logged.value ->> 'verdict'))
    and exists (select 1 from ${skills} where ${skills.id} = ${id} and ${skills.namespace} = ${namespace}
      and ${skills.name} = ${name} and ${skills.visibility} = ${visibility}))`;
}

async function publisherKey({ certificates }: LoggedVersion): Promise<string | undefined> {
  const [pem] = certificates ?? [];
  return pem === undefined ? undefined : (await readCertificate(pem, 'the certificate of a version')).fingerprint;
}
