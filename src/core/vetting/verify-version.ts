import { and, asc, eq } from 'drizzle-orm';
import { fingerprints } from '../../db/schema/faces.ts';
import type { Actor } from '../accounts/actor.ts';
import { openPreview } from '../catalog/open-bundle.ts';
import type { Preview } from '../catalog/preview.ts';
import type { VersionRef } from '../catalog/version-by-ref.ts';
import type { Deps } from '../deps.ts';
import { getVettedByRef, type VettedVersion } from './vetted-version.ts';

export interface Verification extends VettedVersion {
  files: Preview['files'];
  /** None for versions published before the hub stored them. */
  fingerprints: { full: string | undefined; text: string[] };
}

/**
 * Everything that the hub can say for a published version.
 *
 * @throws Problem as `getVettedByRef` does, or what the store throws
 */
export async function verifyVersion(
  deps: Pick<Deps, 'db' | 'bundles'>,
  actor: Actor,
  ref: VersionRef,
): Promise<Verification> {
  const found = await getVettedByRef(deps, actor, ref);
  const { skill, version } = found;
  const [{ files }, rows] = await Promise.all([
    openPreview(deps, found),
    deps.db
      .select({ kind: fingerprints.kind, fingerprint: fingerprints.fingerprint })
      .from(fingerprints)
      .where(and(eq(fingerprints.skillId, skill.id), eq(fingerprints.versionId, version.id)))
      .orderBy(asc(fingerprints.fingerprint)),
  ]);
  const ofKind = (kind: string) => rows.filter((row) => row.kind === kind).map(({ fingerprint }) => fingerprint);
  return { ...found, files, fingerprints: { full: ofKind('full')[0], text: ofKind('text') } };
}
