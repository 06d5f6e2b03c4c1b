import { and, eq, isNotNull, sql } from 'drizzle-orm';
import { noRowExists } from '../../db/row-exists.ts';
import { registryKeys, skills, versions } from '../../db/schema/catalog.ts';
import { sha256Hex } from '../../format/digest.ts';
import { bundleKeys, staleTags } from '../catalog/keys.ts';
import type { Deps, RegistryKey } from '../deps.ts';
import { appendEntries } from '../log/append-entries.ts';
import { keyEntry } from '../log/key-entry.ts';
import { type LoggedSkill, stillAsLogged, versionEntry } from '../log/version-entry.ts';
import { signAndStore } from './sign-version.ts';

export type ResignDeps = Pick<Deps, 'db' | 'bundles' | 'signer' | 'clock' | 'random' | 'cache' | 'queue' | 'log'>;
export type SignedVersion = LoggedSkill & { version: typeof versions.$inferSelect };

/** Thrown for a version whose archive is lost, or not what was published: no key may vouch for it again. */
export class NotPublished extends Error {}

/** The versions that one key signed, with what their skills are called now, for a further condition. */
export function versionsSignedBy({ db }: Pick<Deps, 'db'>) {
  return db
    .select({ version: versions, namespace: skills.namespace, name: skills.name, visibility: skills.visibility })
    .from(versions)
    .innerJoin(skills, eq(skills.id, versions.skillId));
}

/**
 * Signs the archives of a version with the key of today: first the signatures are stored beside those of the earlier key,
 * then the row names the new one, and the log of a public number says so in the same batch. Of a version that another worker
 * has signed anew nothing changes.
 *
 * @throws NotPublished, SignerUnavailable, Error when its verdict or its name changed meanwhile or the key was revoked, or whatever the bundle store or the database throws
 */
export async function resignVersion(
  deps: ResignDeps,
  key: RegistryKey,
  { version, ...skill }: SignedVersion,
): Promise<void> {
  for (const { sha256, kind } of archivesOf(version)) {
    const bytes = await readPublished(deps, sha256, kind);
    const keyId = await signAndStore(deps, sha256, bytes);
    if (keyId !== key.id) throw new Error(`the signer signs with the key ${keyId}, but shows ${key.id}`);
  }
  await nameKey(deps, key, skill, version);
  deps.cache.forget(staleTags(skill.namespace, skill.name));
}

async function nameKey(deps: ResignDeps, { id: keyId, pem }: RegistryKey, skill: LoggedSkill, version: Row) {
  const { db } = deps;
  const isRevoked = and(eq(registryKeys.id, keyId), isNotNull(registryKeys.revokedAt));
  // What the entry says has to hold when it is written.
  const unchanged = and(
    eq(versions.id, version.id),
    stillAsLogged({ ...skill, id: version.skillId }, [version]),
    noRowExists(db, registryKeys, isRevoked),
  );
  // Of a yanked one the entry that brings it back names the key of that day.
  const isPublic = sql`exists (select 1 from ${versions} where ${unchanged} and ${versions.state} = 'published')`;
  const isNewKey = noRowExists(db, registryKeys, eq(registryKeys.id, keyId));
  const entry = await versionEntry(deps, 'resign', skill, { ...version, keyId });
  const [, , , named] = await db.batch([
    appendEntries(deps, [keyEntry(deps, 'registry-key', keyId)], isNewKey),
    db.insert(registryKeys).values({ id: keyId, pem, createdAt: deps.clock.now() }).onConflictDoNothing(),
    appendEntries(deps, [entry], isPublic),
    db.update(versions).set({ keyId }).where(unchanged).returning({ id: versions.id }),
  ]);
  if (named.length > 0) return;
  const [now] = await db.select({ keyId: versions.keyId }).from(versions).where(eq(versions.id, version.id));
  if (now?.keyId === version.keyId) throw new Error('the version, or the key, changed while it was signed anew');
}

type Row = SignedVersion['version'];

/** Each once: often the archive that was uploaded is the canonical one. */
function archivesOf({ archiveSha256, tarSha256, zipSha256 }: Row): { sha256: string; kind: 'tar.gz' | 'zip' }[] {
  const tars = new Set([archiveSha256, tarSha256 ?? archiveSha256]);
  const zips = zipSha256 === null ? [] : [{ sha256: zipSha256, kind: 'zip' as const }];
  return [...[...tars].map((sha256) => ({ sha256, kind: 'tar.gz' as const })), ...zips];
}

/** Whoever had the key may have had the bucket too: only what has the digest of the row is signed. */
async function readPublished({ bundles }: ResignDeps, sha256: string, kind: 'tar.gz' | 'zip'): Promise<Uint8Array> {
  const stored = await bundles.open(bundleKeys.archive(sha256, kind));
  if (!stored) throw new NotPublished(`the bundle store has lost ${bundleKeys.archive(sha256, kind)}`);
  const bytes = new Uint8Array(await new Response(stored.body).arrayBuffer());
  if ((await sha256Hex(bytes)) === sha256) return bytes;
  throw new NotPublished(`${bundleKeys.archive(sha256, kind)} is not what was published`);
}
