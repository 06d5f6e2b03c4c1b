import { and, asc, eq } from 'drizzle-orm';
import { fingerprints } from '../../db/schema/faces.ts';
import type { Actor } from '../accounts/actor.ts';
import type { FoundVersion } from '../catalog/get-version.ts';
import { getPreview } from '../catalog/open-bundle.ts';
import type { Preview } from '../catalog/preview.ts';
import type { Deps } from '../deps.ts';
import { type Verdict, verdictsOn } from './verdicts.ts';

export interface Verification extends FoundVersion {
  verdict: Verdict;
  files: Preview['files'];
  /** None for versions published before the hub stored them. */
  fingerprints: { full: string | undefined; text: string[] };
}

/**
 * Everything that the hub can say for a published version.
 *
 * @throws Problem as `getVersion` does, or what the store throws
 */
export async function verifyVersion(
  deps: Pick<Deps, 'db' | 'bundles'>,
  actor: Actor,
  wanted: { namespace: string; name: string; version: string },
): Promise<Verification> {
  const { preview, ...found } = await getPreview(deps, actor, wanted);
  const { namespace, name, id } = found.skill;
  const { version } = found.version;
  const [[verdict], rows] = await Promise.all([
    verdictsOn(deps, actor, [{ slug: name, owner: namespace, version }]),
    deps.db
      .select({ kind: fingerprints.kind, fingerprint: fingerprints.fingerprint })
      .from(fingerprints)
      .where(and(eq(fingerprints.skillId, id), eq(fingerprints.versionId, found.version.id)))
      .orderBy(asc(fingerprints.fingerprint)),
  ]);
  if (!verdict) throw new Error(`version ${found.version.id} vanished while it was read`);
  const ofKind = (kind: string) => rows.filter((row) => row.kind === kind).map(({ fingerprint }) => fingerprint);
  return { ...found, verdict, files: preview.files, fingerprints: { full: ofKind('full')[0], text: ofKind('text') } };
}
