import { sha256Hex } from '../../format/digest.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import type { FoundVersion } from './get-version.ts';
import { openPreview } from './open-bundle.ts';
import { noSuchFile, readFileOf } from './read-file.ts';
import { getVersionByRef, type VersionRef } from './version-by-ref.ts';

export interface OpenedFile extends FoundVersion {
  path: string;
  bytes: Uint8Array;
  sha256: string;
}

/**
 * One file of a published version, by its path; where no path is exactly that, by the one that differs in case only.
 *
 * @throws Problem as `getVersionByRef` does, and `not_found` for a path that the version does not have
 */
export async function openFile(
  deps: Pick<Deps, 'db' | 'bundles'>,
  actor: Actor,
  wanted: VersionRef,
  path: string,
): Promise<OpenedFile> {
  const found = await getVersionByRef(deps, actor, wanted);
  const { files } = await openPreview(deps, found);
  const folded = path.toLowerCase();
  const paths = files.map((file) => file.path);
  const actual = paths.find((candidate) => candidate === path) ?? paths.find((one) => one.toLowerCase() === folded);
  if (actual === undefined) throw noSuchFile(found, path);
  const bytes = await readFileOf(deps, found, actual);
  return { ...found, path: actual, bytes, sha256: await sha256Hex(bytes) };
}
